"""Scans to decide about: one genuine starting point for each tier, to be spoilt by the tests."""

from typing import Any

from sync.domain.codes import CredentialKind
from sync.domain.dynamic_code import CHAIN_MODE, PERMIT_MODE, Fields, Reading, Verdict
from sync.domain.evidence import Evidence, Known, PastUse, Witnesses
from sync.domain.moment import ClockSource, Moment
from sync.domain.trust import HOUR_MS, Outage, Purse, Spent
from sync.domain.voucher import Coupon

NOW_MS = 1_788_073_153_000
NOW = Moment(NOW_MS, ClockSource.PLATFORM)
DOUBTFUL = Moment(NOW_MS, ClockSource.UNTRUSTED)
SEEN = Witnesses(photo="a.jpg", phone_last4="8000")


def coupon(**changes: Any) -> Coupon:
    told: dict[str, Any] = {
        "ref": "r1",
        "handle": "h1",
        "code": "8812",
        "title": "set meal",
        "price_fen": 5_000,
        "kind": "voucher",
        "units_total": 9,
        "units_left": 9,
        "valid_from_ms": NOW_MS - HOUR_MS,
        "valid_until_ms": NOW_MS + HOUR_MS,
    }
    return Coupon(**told | changes)


def fields(mode: int = CHAIN_MODE, **changes: Any) -> Fields:
    chain = mode == CHAIN_MODE
    told: dict[str, Any] = {
        "mode": mode,
        "kid": 7,
        "voucher": "01" * 9,
        "store": "00c0ffee",
        "account": "0a0b0c",
        "offer": "00000005",
        "max_fen": 5_000,
        "units": 9,
        "t0_s": NOW_MS // 1000 - 60,
        "step_s": 30,
        "steps": 120 if chain else 2,
        "step": 3 if chain else None,
        "iat_s": None if chain else NOW_MS // 1000,
        "nonce": None if chain else "00" * 8,
    }
    return Fields(**told | changes)


def scan(**changes: Any) -> Evidence:
    told: dict[str, Any] = {
        "at": NOW,
        "kind": CredentialKind.CODE,
        "units": 1,
        "lists_seen_at_ms": NOW_MS - HOUR_MS,
    }
    return Evidence(**told | changes)


def online(**changes: Any) -> Evidence:
    return scan(**{"offered": coupon()} | changes)


def chain(verdict: Verdict = Verdict.GENUINE, made: dict[str, Any] | None = None, **changes: Any) -> Evidence:
    reading = Reading(verdict, fields(**made or {}))
    return scan(**{"kind": CredentialKind.DYNAMIC, "signature": reading} | changes)


def permit(verdict: Verdict = Verdict.GENUINE, made: dict[str, Any] | None = None, **changes: Any) -> Evidence:
    return chain(verdict, {"mode": PERMIT_MODE} | (made or {}), **changes)


def bound(made: dict[str, Any] | None = None, **changes: Any) -> Evidence:
    return permit(made={"nonce": "01" * 8} | (made or {}), **changes)


def cached(told: dict[str, Any] | None = None, **changes: Any) -> Evidence:
    return scan(**{"known": Known(coupon(**told or {}), NOW_MS - HOUR_MS)} | changes)


def recorded(fen: int = 5_000, **changes: Any) -> Evidence:
    return scan(**{"witnesses": Witnesses(fen, "a.jpg", None, "8000")} | changes)


def outage(purse: Purse, count: int = 0, fen: int = 0, hours: float = 0, opened_by: str | None = None) -> Outage:
    return Outage(1, NOW_MS - round(hours * HOUR_MS), opened_by, {purse: Spent(count, fen)})


def use(unit: int = 1, confirmed_at_ms: int | None = None) -> PastUse:
    return PastUse(f"id{unit}", unit, NOW_MS - 1_000, "anna", "T1", confirmed_at_ms)
