"""Who may tell this terminal anything: Douyin's signatures by their vectors, and everything else that may be sent."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.notice import Notice, Pushed, Reply, Told
from sync.platforms.douyin.notices import OLDEST_MS, SPI_SLACK_MS, Notices, spi_sign

SECRET = "yyyyyy"
NOW_MS = 1_795_000_000_000
NOTICES = Notices(SECRET, "7000")


def signed(body: bytes) -> str:
    return hashlib.sha1(SECRET.encode() + body, usedforsecurity=False).hexdigest()


def webhook(body: bytes, signature: str | None = None, **more: str) -> Reply:
    headers = {"x-douyin-signature": signed(body) if signature is None else signature, "msg-id": "m-1", **more}
    return NOTICES.receive(Pushed("POST", "webhook", "", headers, body), lambda: NOW_MS)


def told(
    action: str = "verify_cancel", at: int = NOW_MS // 1000, event: str = "life_trade_certificate_notify"
) -> bytes:
    coupon = {"certificate_id": "C1", "order_id": "O1", "account_id": "7000"}
    content = json.dumps({"action": action, "msg_time": at, "certificate": coupon})
    return json.dumps({"event": event, "client_key": "aw1", "content": content, "log_id": "l"}).encode()


def test_the_webhooks_signature_by_its_vector() -> None:
    assert signed(b'{"event":"x"}') == "09b204ca2cd55c5c56fce1fe2a27962d50b44915"
    assert webhook(b'{"event":"x"}', "09B204CA2CD55C5C56FCE1FE2A27962D50B44915").status == 200


def test_the_spi_signature_by_its_vector() -> None:
    query = {"timestamp": "1624293280123", "client_key": "xxxxxx", "sign": "whatever"}
    expected = "1cb07147475e76d0a8b9f6c7e201c7d8cde1617fb9f5d7e576bec5268fa887ae"
    assert spi_sign(b"yyyyyy", query, b"zzzzzz") == expected
    assert spi_sign(b"yyyyyy", query, None) != expected


@pytest.mark.parametrize(
    ("action", "meant"),
    [("verify", Told.REDEEMED), ("verify_cancel", Told.REVERSED), ("refund_success", Told.REFUNDED)],
)
def test_a_notice_about_a_coupon_is_a_hint(action: str, meant: Told) -> None:
    reply = webhook(told(action))
    digest = hashlib.sha256(told(action)).digest()
    assert reply.status == 200
    assert json.loads(reply.body)["data"]["error_code"] == 0
    assert reply.notice == Notice("m-1", digest, meant, "C1", "", NOW_MS)


@pytest.mark.parametrize(
    "body",
    [
        told("eat"),
        told(event="life_trade_order_notify"),
        told(at=(NOW_MS - OLDEST_MS) // 1000 - 1),
        told(at=NOW_MS - OLDEST_MS - 1),
        told().replace(b"7000", b"7001"),
        b'{"event":"x"}',
        b'{"event":"life_trade_certificate_notify","content":{"action":"verify"}}',
    ],
)
def test_what_is_genuine_and_nothing_for_us_is_taken_and_forgotten(body: bytes) -> None:
    reply = webhook(body)
    assert (reply.status, reply.notice) == (200, None)


@pytest.mark.parametrize("at", [-1, 10**14, 10**30])
def test_a_notice_of_no_time_is_refused(at: int) -> None:
    assert webhook(told(at=at)) == Reply(400)


def test_an_address_is_proven_by_its_challenge() -> None:
    body = b'{"event": "verify_webhook", "client_key": "", "content": {"challenge": 12345}}'
    assert webhook(body).body == b'{"challenge": 12345}'
    assert webhook(body, "0" * 40).status == 401


@pytest.mark.parametrize("signature", ["", "0" * 40, signed(told())[:-1], signed(told()) + "0", "ÿ\udcff", "none"])
def test_a_wrong_signature_is_refused_before_anything_is_read(signature: str) -> None:
    assert webhook(told(), signature) == Reply(401)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"event":""}',
        b'{"event":"life_trade_certificate_notify","content":"{"}',
        b'{"event":"life_trade_certificate_notify","content":"[]"}',
        b'{"event":"life_trade_certificate_notify","content":"{\\"action\\":\\"verify\\"}"}',
        b'{"event":"verify_webhook","content":"no"}',
        b'{"event":"verify_webhook","content":{"challenge":{}}}',
        b"[" * 60_000,
        told().replace(b"C1", b""),
    ],
)
def test_a_signed_text_that_means_nothing_is_malformed(body: bytes) -> None:
    assert webhook(body) == Reply(400)


@pytest.mark.parametrize("name", ["", " ", "m 1", "m\n1", "x" * 129, "é"])
def test_a_notice_without_a_name_can_not_be_known_again(name: str) -> None:
    assert webhook(told(), **{"msg-id": name}).status == 400


def spi(query: str, body: bytes = b"", method: str = "POST", **headers: str) -> Reply:
    return NOTICES.receive(Pushed(method, "spi/issue", query, headers, body), lambda: NOW_MS)


def genuine(at_ms: int = NOW_MS, **more: str) -> tuple[str, dict[str, str]]:
    query = {"client_key": "xxxxxx", "timestamp": str(at_ms), **more}
    return "&".join(f"{name}={value}" for name, value in query.items()), query


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("where", ["header", "query"])
def test_a_genuine_spi_call_is_told_that_no_codes_are_issued_here(method: str, where: str) -> None:
    text, query = genuine(order_id="9")
    body = b'{"order_id":"9"}' if method == "POST" else None
    sign = spi_sign(SECRET.encode(), query, body)
    if where == "header":
        reply = spi(text, body or b"", method, **{"x-life-sign": sign})
    else:
        reply = spi(f"{text}&sign={sign}", body or b"", method)
    assert (reply.status, reply.notice) == (200, None)
    assert json.loads(reply.body)["data"]["error_code"] != 0


@pytest.mark.parametrize("off_ms", [-SPI_SLACK_MS - 1, SPI_SLACK_MS + 1, -10 * 60_000, 10 * 60_000])
def test_an_spi_call_of_another_time_is_refused(off_ms: int) -> None:
    text, query = genuine(NOW_MS + off_ms)
    assert spi(text, b"z", **{"x-life-sign": spi_sign(SECRET.encode(), query, b"z")}).status == 401


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e3", "9" * 16, "１７９５"])
def test_a_time_that_is_none_is_refused(stamp: str) -> None:
    text, query = genuine()
    query["timestamp"] = stamp
    text = f"client_key=xxxxxx&timestamp={stamp}"
    assert spi(text, b"z", **{"x-life-sign": spi_sign(SECRET.encode(), query, b"z")}).status == 401


def test_what_is_not_signed_as_sent_is_refused() -> None:
    text, query = genuine()
    sign = spi_sign(SECRET.encode(), query, b"z")
    assert spi(text, b"Z", **{"x-life-sign": sign}).status == 401
    assert spi(f"{text}&more=1", b"z", **{"x-life-sign": sign}).status == 401
    assert spi(text, b"z").status == 401
    assert spi(f"{text}&client_key=other", b"z", **{"x-life-sign": sign}).status == 400
    assert spi("", b"z", **{"x-life-sign": sign}).status == 401
    assert spi("&".join(f"a{n}=1" for n in range(60)), b"z").status == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "webhook", 405),
        ("PUT", "spi", 405),
        ("POST", "", 404),
        ("POST", "other", 404),
        ("POST", "webhooks", 404),
    ],
)
def test_other_places_and_methods(method: str, path: str, status: int) -> None:
    assert NOTICES.receive(Pushed(method, path, "", {}, b""), lambda: NOW_MS).status == status


@given(
    st.sampled_from(["GET", "POST"]),
    st.text(max_size=30),
    st.text(max_size=60),
    st.dictionaries(st.sampled_from(["x-douyin-signature", "x-life-sign", "msg-id"]), st.text(max_size=50)),
    st.binary(max_size=200),
)
def test_nothing_unsigned_gets_more_than_a_no(
    method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    for place in (path, "webhook", "spi"):
        reply = NOTICES.receive(Pushed(method, place, query, headers, body), lambda: NOW_MS)
        assert 400 <= reply.status < 500
        assert reply.notice is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=9), x, max_size=3),
        max_leaves=9,
    )
)
def test_nothing_signed_raises_either(content: Any) -> None:
    for event in ("life_trade_certificate_notify", "verify_webhook"):
        for told_as in (content, json.dumps(content)):
            reply = webhook(json.dumps({"event": event, "content": told_as}).encode())
            assert reply.status in (200, 400)
            assert reply.notice is None


def test_what_was_sent_is_in_no_text_of_it() -> None:
    pushed = Pushed("POST", "webhook", "code=104686126200130", {"x": "hush"}, b"104686126200130")
    assert "104686126200130" not in repr(pushed)
    assert "hush" not in repr(pushed)
    assert SECRET not in repr(NOTICES)
