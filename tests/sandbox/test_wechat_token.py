"""WeChat's tokens: plain and stable ones, what ends them, and who gets none."""

from typing import Any

import pytest

from tests.sandbox.client import TIMEOUT_S
from tests.sandbox.wechat_client import VOUCHER, Wechat

GET = f"{VOUCHER}/get"


def _errcode(wechat: Wechat, token: str) -> int:
    """What a call with this token hears before anything about vouchers is said."""
    errcode: int = wechat.call(GET, {"encrypted_code": "x"}, token)["errcode"]
    return errcode


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"grant_type": "password"}, 40002),
        ({"appid": "wx0"}, 40013),
        ({"secret": "0"}, 40125),
    ],
)
def test_who_gets_no_token(wechat: Wechat, change: dict[str, str], errcode: int) -> None:
    for told in (wechat.plain_token(**change), wechat.stable_token(**change)):
        assert told["errcode"] == errcode
        assert " rid: " in told["errmsg"]
        assert "access_token" not in told


def test_what_is_missing_has_its_own_number(wechat: Wechat) -> None:
    assert wechat.plain_token(appid="")["errcode"] == 41002
    assert wechat.plain_token(secret="")["errcode"] == 41004
    assert wechat.stable_token(secret=None)["errcode"] == 41004
    assert wechat.stable_token(force_refresh="yes")["errcode"] == 40097


def test_a_stable_token_takes_a_post_of_json(wechat: Wechat) -> None:
    url = f"{wechat.sandbox.url}/cgi-bin/stable_token"
    assert wechat.session.get(url, timeout=TIMEOUT_S).json()["errcode"] == 43002
    assert wechat.session.post(url, timeout=TIMEOUT_S).json()["errcode"] == 44002
    assert wechat.session.post(url, data="grant_type=x", timeout=TIMEOUT_S).json()["errcode"] == 47001


def test_a_plain_token_cuts_its_forerunner_to_five_minutes(wechat: Wechat) -> None:
    first, second = wechat.plain_token(), wechat.plain_token()
    assert (first["expires_in"], second["expires_in"]) == (7200, 7200)
    assert "errcode" not in first
    assert _errcode(wechat, first["access_token"]) == 10023002, "both are good side by side"
    wechat.shift_s(300)
    assert _errcode(wechat, first["access_token"]) == 42001
    third, _ = wechat.plain_token(), wechat.plain_token()
    assert _errcode(wechat, second["access_token"]) == 40001, "it is not even the last but one"
    assert _errcode(wechat, third["access_token"]) == 10023002


def test_a_stable_token_stays_until_five_minutes_before_its_end(wechat: Wechat) -> None:
    first = wechat.stable_token()
    wechat.shift_s(6900)
    again = wechat.stable_token()
    assert (again["access_token"], again["expires_in"]) == (first["access_token"], 300)
    wechat.shift_s(6901)
    renewed = wechat.stable_token()
    assert renewed["access_token"] != first["access_token"]
    assert _errcode(wechat, first["access_token"]) == 10023002
    wechat.shift_s(7200)
    assert _errcode(wechat, first["access_token"]) == 42001


def test_plain_and_stable_tokens_leave_each_other_alone(wechat: Wechat) -> None:
    stable = wechat.stable_token()["access_token"]
    for _ in range(3):
        wechat.plain_token()
    wechat.shift_s(400)
    assert _errcode(wechat, stable) == 10023002


def test_a_forced_refresh_ends_the_old_token_but_not_too_often(wechat: Wechat) -> None:
    first = wechat.stable_token()["access_token"]
    second = wechat.stable_token(force_refresh=True)["access_token"]
    assert _errcode(wechat, first) == 40001
    wechat.shift_s(29)
    assert wechat.stable_token(force_refresh=True)["access_token"] == second
    answers: list[dict[str, Any]] = []
    for turn in range(1, 21):
        wechat.shift_s(30 * turn)
        answers.append(wechat.stable_token(force_refresh=True))
    assert len({told["access_token"] for told in answers[:19]}) == 19
    assert answers[19]["errcode"] == 45009


def test_a_call_without_a_token_or_with_a_strange_one(wechat: Wechat) -> None:
    assert _errcode(wechat, "") == 41001
    assert _errcode(wechat, "84_nonsense") == 40001
    wechat.plain_token()
    assert wechat.call(GET, {"encrypted_code": "x"}, "clt.other")["errmsg"].startswith("invalid credential")


def test_the_fault_of_an_expired_token_needs_a_new_one(wechat: Wechat) -> None:
    first = wechat.stable_token()["access_token"]
    wechat.fault("wechat_shop", "read", "expired_token", count=1)
    assert _errcode(wechat, first) == 42001
    assert _errcode(wechat, first) == 40001
    assert wechat.stable_token()["access_token"] != first


@pytest.mark.parametrize(("kind", "status"), [("http_429", 429), ("http_500", 500)])
def test_an_outage_has_no_errcode(wechat: Wechat, kind: str, status: int) -> None:
    wechat.fault("wechat_shop", "token", kind, count=1)
    answer = wechat.session.get(f"{wechat.sandbox.url}/cgi-bin/token", timeout=TIMEOUT_S)
    assert (answer.status_code, answer.content) == (status, b"")
    assert ("Retry-After" in answer.headers) == (status == 429)


@pytest.mark.parametrize("errcode", [-1, 40001, 40164, 42001, 45009, 45011, 45035, 48001, 61004, 99999])
def test_any_errcode_can_be_asked_for(wechat: Wechat, errcode: int) -> None:
    wechat.stable_token()
    wechat.refuse(errcode, endpoint="read", count=2)
    token = wechat.token
    assert [_errcode(wechat, token) for _ in range(3)] == [errcode, errcode, 10023002]


def test_a_refused_token_says_why(wechat: Wechat) -> None:
    wechat.refuse(40164, endpoint="token")
    told = wechat.stable_token()
    assert (told["errcode"], "not in whitelist" in told["errmsg"]) == (40164, True)
    wechat.refuse(50001, errmsg="user unauthorized")
    assert wechat.stable_token()["errmsg"].startswith("user unauthorized rid: ")
    assert "access_token" in wechat.stable_token()


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({}, "errcode must be a whole number"),
        ({"errcode": 1, "endpoint": "redeem"}, "endpoint must be one of"),
        ({"errcode": 1, "count": 0}, "count must lie within"),
        ({"errcode": 1, "acted": 1}, "acted must be true or false"),
    ],
)
def test_a_bad_refusal_gets_a_sentence(wechat: Wechat, wish: dict[str, object], sentence: str) -> None:
    assert sentence in wechat.control("POST", "/wechat_shop/refuse", wish, 400)["error"]


def test_refusals_can_be_taken_away(wechat: Wechat) -> None:
    wechat.refuse(40001, count=9)
    assert wechat.control("DELETE", "/wechat_shop/refuse") == {"deleted": 1}
    assert "access_token" in wechat.plain_token()
