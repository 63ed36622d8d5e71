"""Douyin's tokens: lifetimes, what a new one does to an old one, error codes."""

import pytest

from tests.sandbox.client import TIMEOUT_S, Douyin

CLIENT, STABLE = "/oauth/client_token/", "/oauth/stable_client_token/"
SHOP = "/goodlife/v1/shop/poi/query/"


def _works(douyin: Douyin, token: str) -> bool:
    douyin.token = token
    data = douyin.data("GET", SHOP, params={"account_id": douyin.own["account_id"]})
    assert data["error_code"] in (0, 2190008)
    return bool(data["error_code"] == 0)


def test_the_stable_token_stays_the_same(douyin: Douyin) -> None:
    first = douyin.fetch_token(STABLE)
    assert (first["error_code"], first["description"], first["expires_in"]) == (0, "", 7200)
    assert first["access_token"].startswith("clt.")
    douyin.shift_s(7000)
    second = douyin.fetch_token(STABLE)
    assert (second["access_token"], second["expires_in"]) == (first["access_token"], 200)
    douyin.shift_s(7200)
    third = douyin.fetch_token(STABLE)
    assert third["access_token"] != first["access_token"]
    assert not _works(douyin, first["access_token"])
    assert _works(douyin, third["access_token"])


def test_a_new_client_token_cuts_the_old_one_short(douyin: Douyin) -> None:
    first, second = (douyin.fetch_token(CLIENT)["access_token"] for _ in range(2))
    assert first != second
    assert _works(douyin, first)
    douyin.shift_s(300)
    assert not _works(douyin, first)
    assert _works(douyin, second)


def test_only_the_two_newest_client_tokens_live(douyin: Douyin) -> None:
    stable = douyin.fetch_token(STABLE)["access_token"]
    first, second, third = (douyin.fetch_token(CLIENT)["access_token"] for _ in range(3))
    assert [_works(douyin, token) for token in (first, second, third, stable)] == [False, True, True, True]


@pytest.mark.parametrize("path", [CLIENT, STABLE])
@pytest.mark.parametrize(
    ("instead", "error_code"),
    [
        ({"grant_type": "password"}, 10002),
        ({"client_key": None}, 10002),
        ({"client_secret": 5}, 10002),
        ({"client_key": "aw00000000000000"}, 10003),
        ({"client_secret": "wrong"}, 10013),
    ],
)
def test_refusals(douyin: Douyin, path: str, instead: dict[str, object], error_code: int) -> None:
    data = douyin.fetch_token(path, **instead)
    assert (data["error_code"], data["access_token"], data["expires_in"]) == (error_code, "", 0)
    assert data["description"]


def test_the_501st_call_in_five_minutes_is_too_many(douyin: Douyin) -> None:
    codes = {douyin.fetch_token(STABLE)["error_code"] for _ in range(500)}
    assert codes == {0}
    assert douyin.fetch_token(STABLE)["error_code"] == 10020
    douyin.shift_s(300)
    assert douyin.fetch_token(STABLE)["error_code"] == 0


@pytest.mark.parametrize("headers", [{}, {"access-token": "clt.unknown"}, {"access-token": ""}])
def test_calls_without_a_live_token(douyin: Douyin, headers: dict[str, str]) -> None:
    answer = douyin.session.get(douyin.sandbox.url + SHOP, headers=headers, timeout=TIMEOUT_S)
    assert answer.status_code == 200
    assert answer.json()["data"]["error_code"] == answer.json()["extra"]["error_code"] == 2190008


def test_the_other_platforms_token_is_none(douyin: Douyin) -> None:
    own = douyin.sandbox.describe()["miniprogram"]
    body = {
        "grant_type": "client_credentials",
        "client_id": own["client_id"],
        "client_secret": own["client_secret"],
    }
    answer = douyin.session.post(f"{douyin.sandbox.url}/dq/v1/token", json=body, timeout=TIMEOUT_S)
    assert not _works(douyin, answer.json()["access_token"])
