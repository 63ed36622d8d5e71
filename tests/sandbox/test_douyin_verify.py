"""Douyin at the counter: short link, prepare, verify, and what a verify token is good for."""

from urllib.parse import urlsplit

import pytest

from tests.sandbox.client import FULFILMENT, TIMEOUT_S, Douyin


def _state(douyin: Douyin, code: str, state: str) -> None:
    douyin.control("POST", f"/coupons/{code}", {"set": state})


def test_a_picture_leads_to_its_coupon(douyin: Douyin) -> None:
    made = douyin.coupons("douyin", count=3, order="same", price_fen=9900)
    object_id = douyin.object_id(made[1]["qr_text"])
    assert all(sign in object_id for sign in "+/=")
    prepared = douyin.prepare(encrypted_data=object_id)
    assert (prepared["error_code"], prepared["order_id"]) == (0, made[0]["order_id"])
    assert prepared["verify_token"]
    assert prepared["certificates"] == prepared["certificates_v2"]
    first = prepared["certificates"][0]
    assert len(prepared["certificates"]) == 3
    assert all(isinstance(first[name], str) for name in ("encrypted_code", "certificate_id", "code"))
    assert all(isinstance(first[name], int) for name in ("status", "start_time", "expire_time"))
    assert (first["code"], first["status"], first["sku"]["groupon_type"]) == ("", 1, 2)
    assert first["amount"]["pay_amount"] == 9900
    (result,) = douyin.verify(prepared["verify_token"], [first["encrypted_code"]])["verify_results"]
    assert (result["result"], result["origin_code"]) == (0, made[1]["code"])


def test_the_share_page_is_for_people(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin")
    url = douyin.sandbox.url + urlsplit(one["qr_text"]).path.rstrip("/")
    moved = douyin.session.get(url, allow_redirects=False, timeout=TIMEOUT_S)
    assert moved.status_code == 302, "a link without its final slash is the same link"
    target = urlsplit(moved.headers["Location"])
    page = douyin.session.get(f"{douyin.sandbox.url}{target.path}?{target.query}", timeout=TIMEOUT_S)
    assert page.headers["Content-Type"].startswith("text/html")
    assert douyin.session.get(f"{douyin.sandbox.url}/zzzzzzz/", timeout=TIMEOUT_S).status_code == 404


def test_a_picture_dies_with_the_verify(douyin: Douyin) -> None:
    one, other = douyin.coupons("douyin", count=2, order="same")
    object_id = douyin.object_id(one["qr_text"])
    prepared = douyin.prepare(encrypted_data=object_id)
    douyin.verify(prepared["verify_token"], [prepared["certificates"][0]["encrypted_code"]])
    dead = douyin.prepare(encrypted_data=object_id)
    assert (dead["error_code"], dead["verify_token"], dead["certificates"]) == (3000001, "", [])
    living = douyin.prepare(encrypted_data=douyin.object_id(other["qr_text"]))
    assert len(living["certificates"]) == 1


@pytest.mark.parametrize(
    ("query", "error_code"),
    [
        ({}, 2100005),
        ({"code": "1", "encrypted_data": "2"}, 2100005),
        ({"code": "100000000000000"}, 3000001),
        ({"encrypted_data": "nonsense"}, 3000001),
        ({"code": "100000000000000", "poi_id": "7"}, 3000001),
        ({"code": "100000000000000", "account_id": "7"}, 3000001),
    ],
)
def test_prepare_refuses(douyin: Douyin, query: dict[str, str], error_code: int) -> None:
    refused = douyin.prepare(**query)
    assert refused["error_code"] == error_code
    assert refused["description"]


def test_a_plus_that_was_not_encoded_is_a_wrong_picture(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin")
    object_id = douyin.object_id(one["qr_text"])
    data = douyin.data("GET", f"{FULFILMENT}/prepare/?encrypted_data={object_id}")
    assert data["error_code"] == 3000001


@pytest.mark.parametrize("state", ["refunded", "frozen", "used_elsewhere"])
def test_a_spent_coupon_shows_nothing_not_even_its_neighbours(douyin: Douyin, state: str) -> None:
    one, other = douyin.coupons("douyin", count=2, order="same")
    _state(douyin, one["code"], state)
    assert douyin.prepare(code=one["code"])["certificates"] == []
    assert len(douyin.prepare(code=other["code"])["certificates"]) == 1


def test_an_expired_coupon_is_listed_until_cleaned_but_cannot_be_verified(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin")
    _state(douyin, one["code"], "expired")
    first, (result,) = douyin.redeem(one["code"])
    assert first["expire_time"] < 1_795_000_000
    assert (result["result"], result["msg"]) == (1, "该券已过期")
    douyin.shift_s(3600)
    assert douyin.prepare(code=one["code"])["certificates"] == []


def test_a_coupon_of_the_future_cannot_be_verified(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin", valid_from=1_795_000_100)
    _, (result,) = douyin.redeem(one["code"])
    assert result["result"] == 1


def test_partial_success(douyin: Douyin) -> None:
    made = douyin.coupons("douyin", count=3, order="same")
    prepared = douyin.prepare(code=made[0]["code"])
    _state(douyin, made[1]["code"], "refunded")
    sealed = [one["encrypted_code"] for one in prepared["certificates"]]
    results = douyin.verify(prepared["verify_token"], [*sealed, "no such code"])["verify_results"]
    assert [one["result"] for one in results] == [0, 1, 0, 1]
    assert [one["code"] for one in results] == [*sealed, "no such code"]
    assert len(douyin.book()["redemptions"]) == 2


def test_a_repeat_with_the_same_token_books_nothing(douyin: Douyin) -> None:
    one, other = douyin.coupons("douyin", count=2, order="same")
    prepared = douyin.prepare(code=one["code"])
    first, second = (item["encrypted_code"] for item in prepared["certificates"])
    token = prepared["verify_token"]
    (done,) = douyin.verify(token, [first])["verify_results"]
    results = douyin.verify(token, [first, second])["verify_results"]
    assert [line["result"] for line in results] == [1208, 1]
    assert results[0]["verify_id"] == done["verify_id"]
    book = douyin.book()
    assert (len(book["redemptions"]), book["second_attempts"]) == (1, 0)
    assert book["redemptions"][0]["request_id"] == token
    assert douyin.certificate(second)["status"] == 1, other


def test_another_token_for_a_used_coupon_is_a_second_attempt(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin")
    tokens = [douyin.prepare(code=one["code"]) for _ in range(2)]
    sealed = tokens[0]["certificates"][0]["encrypted_code"]
    assert douyin.verify(tokens[0]["verify_token"], [sealed])["verify_results"][0]["result"] == 0
    assert douyin.verify(tokens[1]["verify_token"], [sealed])["verify_results"][0]["result"] == 1
    book = douyin.book()
    assert (len(book["redemptions"]), book["second_attempts"]) == (1, 1)


def test_a_verify_token_runs_out(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin")
    prepared = douyin.prepare(code=one["code"])
    sealed = prepared["certificates"][0]["encrypted_code"]
    douyin.shift_s(1800)
    late = douyin.verify(prepared["verify_token"], [sealed])
    assert (late["error_code"], late["verify_results"]) == (3000001, [])
    assert douyin.verify("vt_unknown", [sealed])["error_code"] == 3000001


def test_one_request_is_one_order(douyin: Douyin) -> None:
    one, other = douyin.coupons("douyin", count=2)
    prepared = [douyin.prepare(code=coupon["code"]) for coupon in (one, other)]
    sealed = [one["certificates"][0]["encrypted_code"] for one in prepared]
    assert douyin.verify(prepared[0]["verify_token"], sealed)["error_code"] == 3000001
    assert douyin.verify(prepared[0]["verify_token"], sealed[1:])["error_code"] == 3000001
    assert douyin.verify(prepared[0]["verify_token"], sealed[:1], order_id="5")["error_code"] == 3000001
    assert douyin.book()["redemptions"] == []


@pytest.mark.parametrize(
    ("change", "error_code"),
    [
        ({"verify_token": None}, 2100005),
        ({"poi_id": None}, 2100005),
        ({"poi_id": 12345}, 2100005),
        ({"poi_id": "12345"}, 3000001),
        ({"encrypted_codes": None}, 2100005),
        ({"encrypted_codes": []}, 2100005),
        ({"encrypted_codes": [1]}, 2100005),
        ({"codes": ["1"]}, 2100005),
        ({"encrypted_codes": None, "codes": ["1"]}, 2100005),
        ({"account_id": "1"}, 3000001),
    ],
)
def test_verify_refuses_the_whole(douyin: Douyin, change: dict[str, object], error_code: int) -> None:
    (one,) = douyin.coupons("douyin")
    prepared = douyin.prepare(code=one["code"])
    body = {
        "verify_token": prepared["verify_token"],
        "poi_id": douyin.own["poi_id"],
        "encrypted_codes": [prepared["certificates"][0]["encrypted_code"]],
        **change,
    }
    assert douyin.data("POST", f"{FULFILMENT}/verify/", json=body)["error_code"] == error_code
    assert douyin.book()["redemptions"] == []


def test_a_body_that_is_no_json_is_complained_about(douyin: Douyin) -> None:
    envelope = douyin.call("POST", f"{FULFILMENT}/verify/", data={"verify_token": "x"})
    assert envelope["data"]["error_code"] == 2100005
    assert "JSON" in envelope["extra"]["sub_description"]


@pytest.mark.parametrize("timed", [False, True])
def test_plain_codes_need_their_order(douyin: Douyin, timed: bool) -> None:
    (one,) = douyin.coupons("douyin")
    prepared = douyin.prepare(code=one["code"])
    named: dict[str, object] = {"codes": [one["code"]]}
    if timed:
        named = {"code_with_time_list": [{"code": one["code"], "verify_time": 1_794_999_000}]}
    body = {"verify_token": prepared["verify_token"], "poi_id": douyin.own["poi_id"], **named}
    path = f"{FULFILMENT}/verify/"
    assert douyin.data("POST", path, json=body)["error_code"] == 2100005
    (result,) = douyin.data("POST", path, json={**body, "order_id": one["order_id"]})["verify_results"]
    assert (result["result"], result["code"]) == (0, one["code"])


def test_a_times_card_is_used_as_often_as_its_code_is_sent(douyin: Douyin) -> None:
    (one,) = douyin.coupons("douyin", kind="times_card", units=3, price_fen=10_000)
    first, results = douyin.redeem(one["code"], times=2)
    assert first["sku"]["groupon_type"] == 3
    assert (first["time_card"]["times_count"], first["time_card"]["times_used"]) == (3, 0)
    worth = [serial["amount"]["pay_amount"] for serial in first["time_card"]["serial_amount_list"]]
    assert (sum(worth), worth) == (10_000, [3333, 3333, 3334])
    assert [line["result"] for line in results] == [0, 0]
    assert len({line["verify_id"] for line in results}) == 2
    serials = [line["verify_amount_info"]["times_card_serial_amount"]["serial_numb"] for line in results]
    assert serials == [1, 2]
    assert [line["verify_amount_info"]["time_card_amount"] for line in results] == [{"amount": 3333}] * 2
    again, results = douyin.redeem(one["code"], times=2)
    assert again["time_card"]["times_used"] == 2
    assert [line["result"] for line in results] == [0, 1]
    assert douyin.prepare(code=one["code"])["certificates"] == []
