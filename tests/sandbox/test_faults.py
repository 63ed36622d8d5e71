"""Every fault: what the client sees, and whether the platform had acted."""

import http.client

import pytest
import requests

from sync.clock import FalseClock
from tests.sandbox.client import TIMEOUT_S, Client, Douyin, Miniprogram


def _redeem(mini: Miniprogram, code: str) -> requests.Response:
    if not mini.token:
        mini.fetch_token()
    body = {
        "request_id": "r-1",
        "store": mini.store,
        "terminal": "T1",
        "tier": "online",
        "accepted_at": 1_795_000_000_000,
        "uses": [{"code": code, "units": 1}],
        "dynamic": None,
    }
    return mini.session.post(
        f"{mini.sandbox.url}/dq/v1/redeem",
        json=body,
        headers={"Authorization": f"Bearer {mini.token}"},
        timeout=TIMEOUT_S,
    )


@pytest.mark.parametrize(
    ("kind", "acted"),
    [("drop_before", False), ("drop_after", True), ("cut_body", True), ("refuse", False)],
)
def test_faults_that_leave_no_answer(client: Client, mini: Miniprogram, kind: str, acted: bool) -> None:
    (one,) = client.coupons("miniprogram")
    client.fault("miniprogram", "verify", kind, count=1)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _redeem(mini, one["code"])
    assert len(client.book()["redemptions"]) == int(acted)
    repeated = _redeem(mini, one["code"]).json()
    assert [line["ok"] for line in repeated["results"]] == [True]
    book = client.book()
    assert (len(book["redemptions"]), book["second_attempts"]) == (1, 0)


@pytest.mark.parametrize(
    ("kind", "status", "acted"),
    [
        ("http_500", 500, False),
        ("http_429", 429, False),
        ("portal", 200, False),
        ("expired_token", 401, False),
        ("empty", 200, True),
        ("cut_headers", 200, True),
        ("bad_json", 200, True),
    ],
)
def test_faults_that_answer(client: Client, mini: Miniprogram, kind: str, status: int, acted: bool) -> None:
    (one,) = client.coupons("miniprogram")
    client.fault("*", "*", kind, count=1)
    if kind == "expired_token":
        mini.fetch_token()
        kept = mini.token
    else:
        client.control("DELETE", "/faults")
        mini.fetch_token()
        client.fault("*", "*", kind, count=1)
    answer = _redeem(mini, one["code"])
    assert answer.status_code == status
    assert len(client.book()["redemptions"]) == int(acted)
    if kind == "http_429":
        assert answer.headers["Retry-After"] == "1"
    if kind == "portal":
        assert answer.headers["Content-Type"].startswith("text/html")
    if kind in ("empty", "cut_headers"):
        # requests takes headers that end in the middle for all there is.
        assert answer.content == b""
    if kind == "bad_json":
        with pytest.raises(requests.JSONDecodeError):
            answer.json()
    if kind == "expired_token":
        assert answer.json()["error"]["code"] == "token_expired"
        assert mini.token == kept
        assert _redeem(mini, one["code"]).status_code == 401, "only a new token helps"
        mini.fetch_token()
    assert _redeem(mini, one["code"]).status_code == 200


@pytest.mark.parametrize(("kind", "error_code"), [("expired_token", 2190008), ("http_500", None), ("http_429", None)])
def test_douyin_fails_in_its_own_words(client: Client, douyin: Douyin, kind: str, error_code: int | None) -> None:
    douyin.fetch_token()
    first = douyin.token
    client.fault("douyin", "read", kind, count=1)
    answer = client.session.get(
        f"{client.sandbox.url}/goodlife/v1/shop/poi/query/",
        params={"account_id": douyin.own["account_id"]},
        headers={"access-token": first},
        timeout=TIMEOUT_S,
    )
    if error_code is None:
        assert answer.status_code == int(kind[-3:])
        assert answer.headers["Content-Type"].startswith("text/")
    else:
        assert answer.json()["data"]["error_code"] == error_code
        assert douyin.fetch_token()["access_token"] != first, "the stable token was really dropped"


def test_latency_waits_then_answers(client: Client, mini: Miniprogram, clock: FalseClock) -> None:
    client.fault("miniprogram", "keys", "latency", ms=1500, count=1)
    client.fault("*", "*", "latency", ms=250, count=2)
    mini.fetch_token()
    mini.call("GET", "/dq/v1/keys")
    assert clock.slept_s == [0.25, 1.75]


def test_a_fault_keeps_to_its_platform_and_endpoint(client: Client, mini: Miniprogram, douyin: Douyin) -> None:
    client.fault("douyin", "prepare", "drop_before")
    mini.get("/dq/v1/vouchers")
    douyin.data("GET", "/goodlife/v1/shop/poi/query/", params={"account_id": douyin.own["account_id"]})
    with pytest.raises(requests.ConnectionError):
        douyin.prepare(code="100000000000000")
    (line,) = client.control("GET", "/faults")["faults"]
    assert (line["kind"], line["struck"]) == ("drop_before", 1)


@pytest.mark.parametrize(
    ("endpoint", "method", "path"),
    [
        ("token", "POST", "/oauth/client_token/"),
        ("token", "POST", "/oauth/stable_client_token/"),
        ("token", "POST", "/dq/v1/token"),
        ("short_link", "GET", "/abcdefg/"),
        ("prepare", "GET", "/goodlife/v1/fulfilment/certificate/prepare/"),
        ("prepare", "POST", "/dq/v1/lookup"),
        ("verify", "POST", "/goodlife/v1/fulfilment/certificate/verify/"),
        ("verify", "POST", "/dq/v1/redeem"),
        ("read", "GET", "/goodlife/v1/fulfilment/certificate/get/"),
        ("read", "GET", "/goodlife/v1/fulfilment/certificate/query/"),
        ("read", "GET", "/dq/v1/redemptions/r-1"),
        ("cancel", "POST", "/goodlife/v1/fulfilment/certificate/cancel/"),
        ("cancel", "POST", "/dq/v1/reverse"),
        ("history", "GET", "/goodlife/v1/fulfilment/certificate/verify_record/query/"),
        ("history", "GET", "/dq/v1/history"),
        ("keys", "GET", "/dq/v1/keys"),
        ("keys", "GET", "/dq/v1/revocations"),
        ("delta", "GET", "/dq/v1/vouchers"),
        ("upload", "POST", "/dq/v1/trust-records"),
        ("upload", "POST", "/dq/v1/journal-heads"),
        ("permit", "POST", "/dq/v1/permits"),
    ],
)
def test_every_call_has_its_endpoint(client: Client, endpoint: str, method: str, path: str) -> None:
    client.fault("*", endpoint, "portal", count=1)
    answer = client.session.request(method, client.sandbox.url + path, timeout=TIMEOUT_S)
    assert answer.text.startswith("<!DOCTYPE html>")
    after = client.session.request(method, client.sandbox.url + path, timeout=TIMEOUT_S, allow_redirects=False)
    assert not after.text.startswith("<!DOCTYPE html>")


def _strikes(client: Client, seed: int) -> list[bool]:
    client.control("DELETE", "/faults")
    client.fault("miniprogram", "token", "http_500", probability=0.4, seed=seed)
    url = f"{client.sandbox.url}/dq/v1/token"
    return [client.session.post(url, timeout=TIMEOUT_S).status_code == 500 for _ in range(60)]


def test_chance_repeats_itself_by_its_seed(client: Client) -> None:
    first = _strikes(client, 7)
    assert first == _strikes(client, 7)
    assert first != _strikes(client, 8)
    assert 10 < sum(first) < 40


def test_deleting_ends_all_faults(client: Client) -> None:
    client.fault("*", "*", "refuse")
    client.fault("*", "*", "empty")
    assert client.control("DELETE", "/faults") == {"deleted": 2}
    assert client.control("GET", "/faults") == {"faults": []}


def test_a_cut_redirect_is_no_redirect(client: Client, douyin: Douyin) -> None:
    (one,) = client.coupons("douyin")
    for kind in ("cut_body", "cut_headers", "bad_json", "empty"):
        client.fault("douyin", "short_link", kind, count=1)
        netloc = client.sandbox.url.removeprefix("http://")
        connection = http.client.HTTPConnection(netloc, timeout=TIMEOUT_S)
        try:
            connection.request("GET", one["qr_text"].removeprefix("https://v.douyin.com"))
            answer = connection.getresponse()
            whole = answer.read()
        except (http.client.HTTPException, ConnectionError):
            assert kind.startswith("cut")
        else:
            assert kind in ("bad_json", "empty", "cut_headers"), whole
            assert kind == "cut_headers" or (answer.status == 200 and answer.headers["Location"] is None)
        finally:
            connection.close()
    assert douyin.object_id(one["qr_text"])
