"""Douyin unasked: webhooks and SPI calls to this machine, signed as its rules say, repeated and forged."""

import hashlib
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest

from sync.sandbox.douyin.signing import spi_sign, webhook_sign
from tests.sandbox.client import Douyin
from tests.sandbox.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def test_the_rules_of_signing_by_their_vectors() -> None:
    assert webhook_sign("yyyyyy", b'{"event":"x"}') == "09b204ca2cd55c5c56fce1fe2a27962d50b44915"
    query = {"timestamp": "1624293280123", "sign": "left out", "client_key": "xxxxxx"}
    expected = "1cb07147475e76d0a8b9f6c7e201c7d8cde1617fb9f5d7e576bec5268fa887ae"
    assert spi_sign("yyyyyy", query, b"zzzzzz") == expected
    without_body = hashlib.sha256(b"yyyyyy&client_key=xxxxxx&timestamp=1624293280123").hexdigest()
    assert spi_sign("yyyyyy", query, None) == without_body


@pytest.mark.parametrize("action", ["verify", "verify_cancel", "refund_success"])
def test_a_notice_about_a_coupon(douyin: Douyin, receiver: Receiver, action: str) -> None:
    (one,) = douyin.coupons("douyin")
    told = douyin.control("POST", "/douyin/webhook", {"url": receiver.url, "action": action, "code": one["code"]})
    assert told["answers"] == [{"status": 200, "body": receiver.answer.decode()}]
    (came,) = receiver.requests
    assert (came.method, came.target) == ("POST", "/notify")
    assert came.headers["content-type"] == "application/json"
    expected = hashlib.sha1(douyin.own["client_secret"].encode() + came.body, usedforsecurity=False).hexdigest()
    assert came.headers["x-douyin-signature"] == expected
    body = json.loads(came.body)
    assert (body["event"], body["client_key"]) == ("life_trade_certificate_notify", douyin.own["client_key"])
    content = json.loads(body["content"])
    assert (content["action"], content["msg_time"]) == (action, 1_795_000_000)
    assert content["certificate"]["order_id"] == one["order_id"]
    assert content["certificate"]["account_id"] == douyin.own["account_id"]
    assert told["sent"]["body"] == came.body.decode()


def test_the_same_notice_may_come_again(douyin: Douyin, receiver: Receiver) -> None:
    (one,) = douyin.coupons("douyin")
    wish = {"url": receiver.url, "code": one["code"]}
    douyin.control("POST", "/douyin/webhook", {**wish, "times": 3})
    assert len({came.headers["msg-id"] for came in receiver.requests}) == 1
    assert len({came.body for came in receiver.requests}) == 1
    douyin.control("POST", "/douyin/webhook", {**wish, "msg_id": "m-1"})
    assert [came.headers["msg-id"] for came in receiver.requests][2:] == [receiver.requests[0].headers["msg-id"], "m-1"]


def test_an_address_is_tried_with_a_challenge(douyin: Douyin, receiver: Receiver) -> None:
    receiver.answer = b'{"challenge":12345}'
    told = douyin.control("POST", "/douyin/webhook", {"url": receiver.url, "event": "verify_webhook"})
    body = json.loads(receiver.requests[0].body)
    assert (body["event"], body["client_key"], body["content"]) == ("verify_webhook", "", {"challenge": 12345})
    assert told["answers"][0]["body"] == '{"challenge":12345}'


def test_a_forged_notice_has_a_wrong_signature(douyin: Douyin, receiver: Receiver) -> None:
    wish = {"url": receiver.url, "event": "anything", "content": {"a": "一"}, "forged": True}
    douyin.control("POST", "/douyin/webhook", wish)
    (came,) = receiver.requests
    own = webhook_sign(douyin.own["client_secret"], came.body)
    assert len(came.headers["x-douyin-signature"]) == len(own)
    assert came.headers["x-douyin-signature"] != own
    assert json.loads(json.loads(came.body)["content"]) == {"a": "一"}


def test_who_is_notified_may_call_back_at_once(douyin: Douyin, receiver: Receiver) -> None:
    (one,) = douyin.coupons("douyin")
    douyin.fetch_token()
    seen: list[int] = []
    receiver.before_answer = lambda: seen.append(len(douyin.prepare(code=one["code"])["certificates"]))
    told = douyin.control("POST", "/douyin/webhook", {"url": receiver.url, "code": one["code"]})
    assert (seen, told["answers"][0]["status"]) == ([1], 200)


def test_nobody_listening_is_no_failure_of_the_sandbox(douyin: Douyin) -> None:
    with receiving() as gone:
        url = gone.url
    told = douyin.control("POST", "/douyin/webhook", {"url": url, "event": "x", "content": {}})
    assert told["answers"][0]["status"] == 0
    assert told["answers"][0]["error"]


def test_an_spi_call_to_issue_codes(douyin: Douyin, receiver: Receiver) -> None:
    receiver.status, receiver.answer = 500, b"no"
    told = douyin.control("POST", "/douyin/spi", {"url": receiver.url, "count": 2, "price_fen": 900})
    assert told["answers"] == [{"status": 500, "body": "no"}]
    (came,) = receiver.requests
    query = dict(parse_qsl(urlsplit(came.target).query))
    own = douyin.own
    assert (query["client_key"], query["timestamp"]) == (own["client_key"], "1795000000000")
    assert came.headers["x-life-clientkey"] == own["client_key"]
    signed = f"{own['client_secret']}&client_key={own['client_key']}&timestamp=1795000000000&http_body=".encode()
    assert came.headers["x-life-sign"] == hashlib.sha256(signed + came.body).hexdigest()
    body = json.loads(came.body)
    assert set(body) == {"order_id", "count", "sku", "open_id", "start_time", "expire_time", "amount"}
    assert (body["count"], body["amount"]["pay_amount"], body["sku"]["third_sku_id"]) == (2, 1800, "third-1")


def test_an_spi_call_of_ones_own(douyin: Douyin, receiver: Receiver) -> None:
    wish = {"url": receiver.url, "method": "GET", "query": {"order_id": "9", "a": "b c"}}
    douyin.control("POST", "/douyin/spi", wish)
    douyin.control("POST", "/douyin/spi", {"url": receiver.url, "body": {"x": 1}, "forged": True})
    get, post = receiver.requests
    query = dict(parse_qsl(urlsplit(get.target).query))
    assert (get.method, get.body, query["a"]) == ("GET", b"", "b c")
    assert get.headers["x-life-sign"] == spi_sign(douyin.own["client_secret"], query, None)
    query = dict(parse_qsl(urlsplit(post.target).query))
    assert post.headers["x-life-sign"] != spi_sign(douyin.own["client_secret"], query, post.body)
    assert json.loads(post.body) == {"x": 1}


@pytest.mark.parametrize(
    ("path", "wish", "sentence"),
    [
        ("webhook", {}, "url must be a non-empty string"),
        ("webhook", {"url": "http://192.168.1.7/x"}, "to this machine"),
        ("webhook", {"url": "http://127.0.0.1.example.com/x"}, "to this machine"),
        ("webhook", {"url": "https://127.0.0.1/x"}, "to this machine"),
        ("webhook", {"url": "http://[::1/x"}, "url is malformed"),
        ("webhook", {"url": "http://127.0.0.1:99999/x"}, "url is malformed"),
        ("webhook", {"url": "http://localhost/x?a=b"}, "url must end with its path"),
        ("webhook", {"url": "http://localhost/x"}, "code must be a non-empty string"),
        ("webhook", {"url": "http://localhost/x", "code": "1"}, "sold no coupon with the code 1"),
        ("webhook", {"url": "http://localhost/x", "code": "1", "action": "eat"}, "action must be one of"),
        ("webhook", {"url": "http://localhost/x", "content": [], "event": "x"}, "content must be an object"),
        ("webhook", {"url": "http://localhost/x", "times": 21}, "times must lie within"),
        ("webhook", {"url": "http://localhost/x", "content": {}, "forged": 1}, "forged must be true or false"),
        ("spi", {"url": "http://example.com/"}, "to this machine"),
        ("spi", {"url": "http://localhost/", "method": "PUT"}, "method must be one of"),
        ("spi", {"url": "http://localhost/", "query": {"a": 1}}, "query must hold texts"),
        ("spi", {"url": "http://localhost/", "count": 0}, "count must lie within"),
    ],
)
def test_a_bad_wish_gets_a_sentence(douyin: Douyin, path: str, wish: dict[str, object], sentence: str) -> None:
    assert sentence in douyin.control("POST", f"/douyin/{path}", wish, 400)["error"]
