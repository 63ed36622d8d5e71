"""Dianping's old gateway: signature, time, shop and session; forms that are none; how sessions are got and renewed."""

import pytest

from sync.sandbox.dianping.gateway import signature
from tests.sandbox.client import TIMEOUT_S
from tests.sandbox.dianping_client import RECEIPT, Dianping, signed

UNKNOWN = {"receipt_code": "0332808512"}


def test_both_signers_keep_to_the_published_vector() -> None:
    params = {"a": "1", "b": "2", "ab": "3"}
    assert signature("xyz", params) == signed("xyz", params)["sign"] == "32d22b4bb85983b360ade00ffb469420"


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ({"app_key": "1"}, 602),
        ({"session": "0" * 64}, 606),
        ({"session": ""}, 601),
        ({"open_shop_uuid": "0" * 32}, 608),
        ({"open_shop_uuid": ""}, 601),
        ({"format": "xml"}, 601),
        ({"v": "2"}, 601),
        ({"sign_method": "HMAC"}, 601),
        ({"timestamp": "yesterday"}, 601),
        ({"timestamp": "1795000000"}, 601),
        ({"timestamp": ""}, 601),
        ({"receipt_code": ""}, 601),
    ],
)
def test_a_call_that_is_wrong_in_one_field(dianping: Dianping, instead: dict[str, str], code: int) -> None:
    assert dianping.refused("prepare", **{**UNKNOWN, **instead}) == code
    assert dianping.refused("getconsumed", **{**UNKNOWN, **instead}) == code


def test_a_wrong_secret_and_a_changed_form(dianping: Dianping) -> None:
    params = dianping.params(**UNKNOWN)
    right = signed(dianping.own["app_secret"], params)
    assert dianping.send("prepare", right)["code"] == 1001
    assert dianping.send("prepare", signed("another", params))["code"] == 605
    assert dianping.send("prepare", {**right, "extra": "1"})["code"] == 605
    assert dianping.send("prepare", {**right, "sign": "签名"})["code"] == 605


@pytest.mark.parametrize("pattern", ["%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S"])
@pytest.mark.parametrize(("off_s", "code"), [(600, 1001), (-600, 1001), (601, 604), (-601, 604)])
def test_a_clock_that_is_off_by_ten_minutes(dianping: Dianping, pattern: str, off_s: int, code: int) -> None:
    assert dianping.refused("prepare", **UNKNOWN, timestamp=dianping.moment(pattern, off_s)) == code


@pytest.mark.parametrize("name", ["prepare", "scanprepare", "consume", "reverseconsume", "../../oauth/token"])
@pytest.mark.parametrize("body", [b"", b"{}", b"\xff", b"a=%ff", b"v=1&v=1", b"a=1&" * 2000])
def test_hostile_bodies(dianping: Dianping, name: str, body: bytes) -> None:
    path = "/router/oauth/token" if name.startswith("..") else f"{RECEIPT}/{name}"
    answer = dianping.session.post(
        dianping.sandbox.url + path,
        data=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=TIMEOUT_S,
    )
    assert (answer.status_code, answer.json()["code"]) == (200, 601)


def test_reads_are_gets_and_the_rest_are_posts(dianping: Dianping) -> None:
    url = f"{dianping.sandbox.url}{RECEIPT}"
    assert dianping.session.post(f"{url}/getconsumed", data={}, timeout=TIMEOUT_S).status_code == 405
    assert dianping.session.get(f"{url}/prepare", timeout=TIMEOUT_S).status_code == 405


def test_sessions_are_renewed(dianping: Dianping) -> None:
    (one,) = dianping.coupons("dianping")
    former = dianping.own
    dianping.fault("dianping", "prepare", "expired_token", count=1)
    assert [dianping.refused("prepare", receipt_code=one["code"]) for _ in range(2)] == [607, 607]
    renewal = {"grant_type": "refresh_token", "refresh_token": former["refresh_token"]}
    data = dianping.oauth(**renewal)["data"]
    assert (data["access_token"], data["refresh_token"]) == (dianping.own["session"], dianping.own["refresh_token"])
    assert data["expires_in"] == 30 * 86_400
    assert dianping.data("prepare", receipt_code=one["code"])["count"] == 1
    assert dianping.refused("prepare", receipt_code=one["code"], session=former["session"]) == 607
    assert dianping.oauth(**renewal)["code"] == 610


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ({"app_secret": "another"}, 603),
        ({"app_key": "1"}, 602),
        ({"grant_type": "password"}, 601),
        ({"auth_code": "0" * 32}, 609),
        ({"auth_code": ""}, 601),
    ],
)
def test_a_session_that_is_refused(dianping: Dianping, instead: dict[str, str], code: int) -> None:
    agreed = dianping.control("POST", "/authorisations", {"platform": "dianping"})["code"]
    before = dianping.own
    assert dianping.oauth(**{"grant_type": "authorization_code", "auth_code": agreed, **instead})["code"] == code
    assert dianping.own == before


def test_an_authorisation_code_is_good_once_for_ten_minutes(dianping: Dianping) -> None:
    agreed = [dianping.control("POST", "/authorisations", {"platform": "dianping"})["code"] for _ in range(2)]
    asked = {"grant_type": "authorization_code", "auth_code": agreed[0]}
    assert [dianping.oauth(**asked)["code"] for _ in range(2)] == [200, 609]
    assert dianping.refused("prepare", **UNKNOWN) == 1001
    dianping.shift_s(600)
    assert dianping.oauth(grant_type="authorization_code", auth_code=agreed[1])["code"] == 609
