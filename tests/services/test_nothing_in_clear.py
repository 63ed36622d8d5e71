"""No secret, token, phone number or coupon code lies in clear: not in a log, a file of the terminal, or an error."""

import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from sync.domain.reasons import Reason, to_json
from sync.engine.loop import Loop
from sync.services.lines import PROBE_EVERY_MS
from tests.services.counter import NOTED, Counter

PHONE = "13912345678"
# Where the demo keeps its secrets on purpose.
KEY_FILE = "secrets.json"


@pytest.fixture
def spoken() -> Iterator[StringIO]:
    """Everything that any library says at any level."""
    text, root = StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(text), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


def secrets_of(till: Counter) -> set[str]:
    """What the shop's bindings call secret, and every token that was handed out."""
    found = set()
    for credentials in till.sandbox.describe().values():
        if isinstance(credentials, dict):
            names = ("client_secret", "sign_key", "app_secret", "app_auth_token", "refresh_token", "session")
            found |= {value for name, value in credentials.items() if name in names}
    truth = till.sandbox._truth
    assert truth is not None
    with truth:
        found |= {token.text for token in truth.tokens}
    return found


def a_bad_day(till: Counter) -> set[str]:
    """All platforms, well, slow, wrong, cut off and back, by code, picture and phone; the codes of all coupons."""
    codes = set()
    loop = Loop(till.store, till.clock)
    for platform in sorted(till.store.asking.platforms):
        sold = till.coupons(platform, 8, order="each", phone=PHONE)
        codes |= {coupon["code"] for coupon in sold}
        codes |= {coupon["qr_text"] for coupon in sold if len(coupon["qr_text"]) > 12}
        till.redeem(sold[0]["code"], platform=platform)
        till.redeem(sold[1]["qr_text"], platform=platform)
        till.redeem(PHONE, platform=platform)
        for kind in ("drop_after", "bad_json", "expired_token", "http_429", "http_500"):
            till.fault(kind)
            till.redeem(sold[2]["code"], platform=platform, noted=NOTED)
            till.line_up()
        till.lot(sold[3], "refunded")
        till.redeem(sold[3]["code"], platform=platform)
        till.line_down()
        till.redeem(sold[4]["code"], platform=platform, noted=NOTED)
        till.redeem(sold[5]["qr_text"], platform=platform, noted=NOTED)
        till.line_up()
    for _ in range(4):
        till.clock.advance_ms(PROBE_EVERY_MS)
        loop.tick()
    for row in till.rows()[:6]:
        till.store.reversing.reverse(row.id, till.who("c1"))
    day = till.rows()[0].business_day
    for platform in till.store.asking.platforms:
        till.store.reconciliation.reconcile(platform, day)
    return codes


def in_clear(text: bytes, words: set[str]) -> list[str]:
    return sorted(word for word in words if word.encode() in text)


def test_nothing_lies_in_clear(till: Counter, spoken: StringIO, tmp_path: Path) -> None:
    hidden = a_bad_day(till) | {PHONE}
    hidden |= secrets_of(till)
    assert len(hidden) > 80
    assert in_clear(spoken.getvalue().encode(), hidden) == []
    till.close()
    files = [path for path in till.data.rglob("*") if path.is_file() and path.name != KEY_FILE]
    assert files
    for path in files:
        assert in_clear(path.read_bytes(), hidden) == [], path.name
    till.reopen()


def test_no_reason_quotes_what_was_shown(till: Counter) -> None:
    for platform in sorted(till.store.asking.platforms):
        (coupon,) = till.coupons(platform, phone=PHONE)
        for text in (coupon["code"], coupon["qr_text"], PHONE):
            for kind in ("refuse", "bad_json", "expired_token", "http_500"):
                till.fault(kind)
                found = till.store.looking.look_up(text, platform)
                told = [found] if isinstance(found, Reason) else [found.refusal, found.unaskable]
                for reason in told:
                    if reason is not None:
                        assert in_clear(to_json(reason).encode(), {coupon["code"], coupon["qr_text"], PHONE}) == []
                till.line_up()
