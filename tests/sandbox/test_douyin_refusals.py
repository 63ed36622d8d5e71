"""Douyin's gateway on demand: each of its codes for the next calls, before the platform acts or after."""

import pytest

from tests.sandbox.client import FULFILMENT, Douyin

GATEWAY = [2100004, 2100005, 2100007, 2100009, 2190001, 2190008, 28001005, 28001006, 28001007, 28001008, 28001012]
GATEWAY += [28001014, 28001016, 28001018, 28003017, 28003018, 3000001, 2119005]


@pytest.mark.parametrize("code", GATEWAY)
def test_any_code_of_the_gateway_can_be_asked_for(douyin: Douyin, code: int) -> None:
    (one,) = douyin.coupons("douyin")
    douyin.fetch_token()
    douyin.control("POST", "/douyin/refuse", {"code": code, "endpoint": "prepare"})
    refused = douyin.prepare(code=one["code"])
    assert (refused["error_code"], bool(refused["description"])) == (code, True)
    assert refused["description"] != "未知错误"
    assert douyin.prepare(code=one["code"])["error_code"] == 0


def test_a_refusal_has_words_and_a_sub_code_of_its_own(douyin: Douyin) -> None:
    douyin.fetch_token()
    wish = {"code": 2100007, "sub": 77, "description": "ip 不在白名单", "count": 2}
    listed = douyin.control("POST", "/douyin/refuse", wish)
    assert [line["left"] for line in listed["refusals"]] == [2]
    for path in (f"{FULFILMENT}/get/", f"{FULFILMENT}/query/"):
        extra = douyin.call("GET", path)["extra"]
        assert (extra["error_code"], extra["sub_error_code"], extra["sub_description"]) == (
            2100007,
            77,
            "ip 不在白名单",
        )
    assert douyin.data("GET", f"{FULFILMENT}/get/")["error_code"] == 2100005
    douyin.control("POST", "/douyin/refuse", {"code": 99})
    assert douyin.data("GET", f"{FULFILMENT}/get/")["description"] == "未知错误"


@pytest.mark.parametrize("code", [10002, 10003, 10013, 10020])
def test_a_token_is_refused_in_its_own_form(douyin: Douyin, code: int) -> None:
    douyin.control("POST", "/douyin/refuse", {"code": code, "endpoint": "token"})
    data = douyin.fetch_token()
    assert (data["error_code"], data["access_token"]) == (code, "")
    assert douyin.fetch_token("/oauth/client_token/")["error_code"] == 0


def test_a_refusal_may_come_after_the_act(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin")
    prepared = douyin.prepare(code=one["code"])
    sealed = [prepared["certificates"][0]["encrypted_code"]]
    douyin.control("POST", "/douyin/refuse", {"code": 2100004, "endpoint": "verify", "acted": True})
    assert douyin.verify(prepared["verify_token"], sealed)["error_code"] == 2100004
    assert len(douyin.book()["redemptions"]) == 1
    (again,) = douyin.verify(prepared["verify_token"], sealed)["verify_results"]
    assert again["result"] == 1208


def test_short_links_have_no_gateway(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin")
    douyin.control("POST", "/douyin/refuse", {"code": 2100007})
    assert douyin.object_id(one["qr_text"])
    assert douyin.control("DELETE", "/douyin/refuse") == {"deleted": 1}
    assert douyin.prepare(code=one["code"])["error_code"] == 0


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({}, "code must be a whole number"),
        ({"code": 0}, "code must lie within"),
        ({"code": 1, "endpoint": "redeem"}, "endpoint must be one of"),
        ({"code": 1, "sub": "x"}, "sub must be a whole number"),
    ],
)
def test_a_bad_wish_gets_a_sentence(douyin: Douyin, wish: dict[str, object], sentence: str) -> None:
    assert sentence in douyin.control("POST", "/douyin/refuse", wish, 400)["error"]
