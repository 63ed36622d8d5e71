"""Rows as the ledger would give them, for presenters: everything ordinary unless a test says otherwise."""

from typing import Any

from sync.domain.difference import DEADLINE_MS, Cause, Difference
from sync.domain.redemption import Redemption, State
from sync.ledger.tables import OutboxEntry, Refusal
from sync.services.stories import Story
from terminal.i18n import Words
from terminal.presenters.story import Telling

# 2026-11-22 11:32 in Shanghai.
NOON_MS = 1_795_318_320_000
MINUTE_MS = 60_000
ZONE = "Asia/Shanghai"
PEOPLE = {"c1": "Li", "m1": "Wang"}


def redemption(**changes: Any) -> Redemption:
    """Redeemed online at 11:32 by Li."""
    row: dict[str, Any] = {
        "id": "r1",
        "number": "T1-000001",
        "basket_id": "b1",
        "request_id": "q1",
        "outbox_id": "o1",
        "voucher": 1,
        "platform": "douyin",
        "unit": 1,
        "state": State.CONFIRMED,
        "tier": "online",
        "promised": False,
        "amount_fen": 12_800,
        "title": "Fish for two",
        "code_tail": "1234",
        "code_sealed": b"",
        "kind": "code",
        "staff": "c1",
        "manager": None,
        "shift": 1,
        "outage": None,
        "account": None,
        "terminal": "T1",
        "accepted_at_ms": NOON_MS,
        "clock": "platform",
        "business_day": "2026-11-22",
        "settled_at_ms": NOON_MS + 1_000,
    }
    return Redemption(**row | changes)


def on_trust(**changes: Any) -> Redemption:
    """Recorded by Li on evidence, not sent yet."""
    row: dict[str, Any] = {"state": State.CLAIMED, "tier": "recorded", "promised": True, "settled_at_ms": None}
    return redemption(**row | changes)


def difference(**changes: Any) -> Difference:
    """Recorded, then refused; with Wang; opened half an hour after it was accepted."""
    opened_ms = NOON_MS + 30 * MINUTE_MS
    row: dict[str, Any] = {
        "id": 1,
        "key": "refused_later:douyin:r1",
        "platform": "douyin",
        "cause": Cause.REFUSED_LATER,
        "redemption_id": "r1",
        "amount_fen": 12_800,
        "owner": "m1",
        "opened_at_ms": opened_ms,
        "deadline_at_ms": opened_ms + DEADLINE_MS,
        "facts": "{}",
    }
    return Difference(**row | changes)


def entry(**changes: Any) -> OutboxEntry:
    """A redeem call that is due."""
    row: dict[str, Any] = {
        "id": "o1",
        "platform": "douyin",
        "kind": "redeem",
        "request_id": "q1",
        "state": "due",
        "attempts": 0,
        "next_attempt_at_ms": NOON_MS,
        "last_error": None,
        "call_sealed": b"",
        "prepared_sealed": None,
        "created_at_ms": NOON_MS,
    }
    return OutboxEntry(**row | changes)


def refusal(**changes: Any) -> Refusal:
    """A coupon used before, shown again."""
    row: dict[str, Any] = {
        "id": 7,
        "at_ms": NOON_MS,
        "clock": "platform",
        "business_day": "2026-11-22",
        "shift": 1,
        "staff": "c1",
        "platform": "douyin",
        "kind": "code",
        "length": 12,
        "text_hash": b"",
        "text_sealed": None,
        "code_tail": "1234",
        "reason": "used_elsewhere",
        "facts": "{}",
    }
    return Refusal(**row | changes)


def story(row: Redemption, **changes: Any) -> Story:
    """Nothing became of it yet."""
    made: dict[str, Any] = {
        "redemption": row,
        "call": entry(),
        "reversal": None,
        "taken_back": (),
        "differences": (),
        "reversible": True,
        "reversible_until_ms": None,
        "people": PEOPLE,
    }
    return Story(**made | changes)


def telling(language: str = "zh", now_ms: int = NOON_MS + 60 * MINUTE_MS) -> Telling:
    """Told an hour later."""
    return Telling(Words("story", language), ZONE, now_ms, PEOPLE)
