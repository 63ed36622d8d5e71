"""From evidence to decision: what each tier accepts, and what nothing mends."""

from dataclasses import replace

import pytest

from sync.domain.checks import BOOKED_CHECKS, CHECKS
from sync.domain.codes import CredentialKind
from sync.domain.decision import Accept, AcceptOnTrust, Decision, Refuse, decide
from sync.domain.dynamic_code import Reading, Verdict
from sync.domain.evidence import Evidence, Known, Witnesses
from sync.domain.moment import ClockSource, Moment
from sync.domain.reasons import Code, because
from sync.domain.trust import HOUR_MS, Limits, Tier
from tests.domain.scan import (
    DOUBTFUL,
    NOW_MS,
    SEEN,
    bound,
    cached,
    chain,
    coupon,
    online,
    permit,
    recorded,
    scan,
    use,
)

LIMITS = Limits()
LONG_LIFE = {"step_s": 60, "steps": 1_440}
ANY_STORE = {"store": "00000000"}
NO_KEY = Reading(Verdict.UNKNOWN_KEY)
FORGED = Reading(Verdict.FORGED)
OLD = NOW_MS - 25 * HOUR_MS
UNANSWERED = Known(coupon(), NOW_MS - HOUR_MS)
USED_UP = Known(coupon(units_left=0, state=because(Code.USED_ELSEWHERE)), NOW_MS)

ACCEPTED: dict[str, tuple[Evidence, Decision]] = {
    "online": (online(), Accept(Tier.ONLINE)),
    "online beats revoked": (online(revoked=True), Accept(Tier.ONLINE)),
    "online beats a cache that says expired": (
        online(known=Known(coupon(valid_until_ms=1), NOW_MS)),
        Accept(Tier.ONLINE),
    ),
    "online beats old lists": (online(lists_seen_at_ms=None), Accept(Tier.ONLINE)),
    "online beats a stale picture": (chain(Verdict.STALE, offered=coupon()), Accept(Tier.ONLINE)),
    "online beats our clock": (chain(Verdict.FUTURE, at=DOUBTFUL, offered=coupon()), Accept(Tier.ONLINE)),
    "online beats a missing key": (online(signature=NO_KEY), Accept(Tier.ONLINE)),
    "online beats other nonce": (permit(Verdict.OTHER_NONCE, offered=coupon()), Accept(Tier.ONLINE)),
    "online has no limits of ours": (
        online(offered=coupon(price_fen=10**8), account_uses_today=99),
        Accept(Tier.ONLINE),
    ),
    "permit": (permit(), AcceptOnTrust(Tier.PERMIT)),
    "bound permit": (bound(), Accept(Tier.PERMIT)),
    "bound permit needs no lists": (bound(lists_seen_at_ms=None), Accept(Tier.PERMIT)),
    "bound permit of any store": (bound(ANY_STORE), Accept(Tier.PERMIT)),
    "bound permit by a doubtful clock": (bound(at=DOUBTFUL), Accept(Tier.PERMIT)),
    "bound permit, and a list that says used": (bound(known=USED_UP, revoked=True), Accept(Tier.PERMIT)),
    "bound permit, and two units of the second before": (
        bound(last_mark_s=NOW_MS // 1000, past=(use(1), use(2))),
        Accept(Tier.PERMIT),
    ),
    "permit bound to an unknown nonce, clock in doubt": (
        permit(Verdict.STALE, {"nonce": "02" * 8}, at=DOUBTFUL, witnesses=SEEN),
        AcceptOnTrust(Tier.RECORDED),
    ),
    "chain": (chain(), AcceptOnTrust(Tier.CHAIN)),
    "chain by the wall clock": (chain(at=Moment(NOW_MS, ClockSource.WALL)), AcceptOnTrust(Tier.CHAIN)),
    "chain that lives a day": (chain(made=LONG_LIFE), AcceptOnTrust(Tier.CHAIN)),
    "chain of any store, cached": (chain(made=ANY_STORE, known=UNANSWERED), AcceptOnTrust(Tier.CHAIN)),
    "chain of any store, unknown": (chain(made=ANY_STORE, witnesses=SEEN), AcceptOnTrust(Tier.RECORDED)),
    "chain by a doubtful clock": (chain(Verdict.STALE, at=DOUBTFUL, witnesses=SEEN), AcceptOnTrust(Tier.RECORDED)),
    "chain with old lists": (chain(lists_seen_at_ms=OLD, witnesses=SEEN), AcceptOnTrust(Tier.RECORDED)),
    "chain with lists of a day": (chain(lists_seen_at_ms=NOW_MS - 24 * HOUR_MS), AcceptOnTrust(Tier.CHAIN)),
    "permit with lists of three days": (permit(lists_seen_at_ms=NOW_MS - 72 * HOUR_MS), AcceptOnTrust(Tier.PERMIT)),
    "cached": (cached(), AcceptOnTrust(Tier.CACHED)),
    "cached in its last ms": (cached({"valid_until_ms": NOW_MS + 1}), AcceptOnTrust(Tier.CACHED)),
    "cached in its first ms": (cached({"valid_from_ms": NOW_MS}), AcceptOnTrust(Tier.CACHED)),
    "cached without dates": (cached({"valid_until_ms": None, "valid_from_ms": None}), AcceptOnTrust(Tier.CACHED)),
    "cached, old list": (cached(lists_seen_at_ms=OLD, witnesses=SEEN), AcceptOnTrust(Tier.RECORDED)),
    "recorded by a photo": (recorded(), AcceptOnTrust(Tier.RECORDED)),
    "recorded by the order": (scan(witnesses=Witnesses(1, None, "o1", "8000")), AcceptOnTrust(Tier.RECORDED)),
}

REFUSED: dict[str, tuple[Evidence, Code]] = {
    "the platform's no": (scan(refusal=because(Code.REFUNDED)), Code.REFUNDED),
    "the platform's no beats a signature": (chain(refusal=because(Code.REFUNDED)), Code.REFUNDED),
    "the platform's no beats the cache": (cached(refusal=because(Code.FROZEN)), Code.FROZEN),
    "the platform's no beats our own use": (cached(refusal=because(Code.REFUNDED), past=(use(),)), Code.REFUNDED),
    "unusable by the platform": (online(offered=coupon(state=because(Code.EXPIRED))), Code.EXPIRED),
    "forged, though the platform says yes": (online(signature=FORGED), Code.FORGED),
    "malformed, though the platform says yes": (online(signature=Reading(Verdict.MALFORMED)), Code.MALFORMED),
    "other store, though the platform says yes": (chain(Verdict.OTHER_STORE, offered=coupon()), Code.OTHER_STORE),
    "forged": (scan(signature=FORGED, witnesses=SEEN), Code.FORGED),
    "forged, clock in doubt": (scan(signature=FORGED, at=DOUBTFUL, witnesses=SEEN, known=UNANSWERED), Code.FORGED),
    "unknown key": (scan(signature=NO_KEY, witnesses=SEEN), Code.UNKNOWN_KEY),
    "stale": (chain(Verdict.STALE, witnesses=SEEN), Code.STALE),
    "future": (chain(Verdict.FUTURE, witnesses=SEEN), Code.FUTURE),
    "not yet": (chain(Verdict.NOT_YET), Code.NOT_YET),
    "ended": (chain(Verdict.ENDED), Code.ENDED),
    "other nonce": (permit(Verdict.OTHER_NONCE, {"nonce": "02" * 8}, witnesses=SEEN), Code.OTHER_NONCE),
    "other nonce, clock in doubt": (permit(Verdict.OTHER_NONCE, at=DOUBTFUL, witnesses=SEEN), Code.OTHER_NONCE),
    "nonce spent": (bound(nonce_spent=True), Code.NONCE_SPENT),
    "bound permit, blacklisted": (bound(blacklisted=True), Code.BLACKLISTED),
    "clock in doubt": (chain(at=DOUBTFUL), Code.CLOCK_UNTRUSTED),
    "stale by a clock in doubt": (chain(Verdict.STALE, at=DOUBTFUL), Code.CLOCK_UNTRUSTED),
    "blacklisted, though online": (online(blacklisted=True), Code.BLACKLISTED),
    "revoked": (chain(revoked=True), Code.REVOKED),
    "revoked in the cache": (cached(revoked=True), Code.REVOKED),
    "revoked and recorded": (recorded(revoked=True), Code.REVOKED),
    "expired": (cached({"valid_until_ms": NOW_MS}), Code.EXPIRED),
    "not valid yet": (cached({"valid_from_ms": NOW_MS + 1}), Code.NOT_VALID_YET),
    "refunded in the cache": (cached({"state": because(Code.REFUNDED)}), Code.REFUNDED),
    "not for this store": (scan(known=replace(UNANSWERED, store_ok=False)), Code.OTHER_STORE),
    "step of 61 s": (chain(made={"step_s": 61, "steps": 2}), Code.LONG_LIVED),
    "chain over a day": (chain(made=LONG_LIFE | {"steps": 1_441}), Code.LONG_LIVED),
    "permit over ten minutes": (permit(made={"steps": 21}), Code.LONG_LIVED),
    "long life, recorded": (chain(made={"step_s": 255}, at=DOUBTFUL, witnesses=SEEN), Code.LONG_LIVED),
    "old lists": (chain(lists_seen_at_ms=OLD), Code.LISTS_TOO_OLD),
    "no lists": (chain(lists_seen_at_ms=None), Code.LISTS_TOO_OLD),
    "old lists, permit": (permit(lists_seen_at_ms=NOW_MS - 72 * HOUR_MS - 1), Code.LISTS_TOO_OLD),
    "old cache": (cached(lists_seen_at_ms=NOW_MS - 24 * HOUR_MS - 1), Code.LISTS_TOO_OLD),
    "any store, unknown": (chain(made=ANY_STORE), Code.EVIDENCE_NEEDED),
    "unknown code": (scan(), Code.EVIDENCE_NEEDED),
    "photo without phone": (scan(witnesses=Witnesses(1, "a.jpg")), Code.EVIDENCE_NEEDED),
    "phone without photo": (scan(witnesses=Witnesses(1, None, None, "8000")), Code.EVIDENCE_NEEDED),
    "no amount": (scan(witnesses=SEEN), Code.AMOUNT_NEEDED),
    "amount of nothing": (recorded(0), Code.AMOUNT_NEEDED),
    "amount below nothing": (recorded(-5_000), Code.AMOUNT_NEEDED),
    "short link offline": (scan(kind=CredentialKind.SHORT_LINK), Code.QR_NEEDS_LINE),
    "short link offline with evidence": (recorded(kind=CredentialKind.SHORT_LINK), Code.QR_NEEDS_LINE),
    "used here": (recorded(past=(use(),)), Code.USED_HERE),
    "two units of an unknown code": (recorded(units=2), Code.UNITS_TOO_MANY),
    "more units than signed": (chain(made={"units": 2}, units=3), Code.UNITS_TOO_MANY),
    "more units than signed, though the cache says more": (
        chain(made={"units": 1}, units=5, known=UNANSWERED),
        Code.UNITS_TOO_MANY,
    ),
    "more units than cached, though the code says more": (
        chain(units=5, known=Known(coupon(units_left=4), NOW_MS)),
        Code.UNITS_TOO_MANY,
    ),
    "more units than the platform says": (online(offered=coupon(units_left=1), units=2), Code.UNITS_TOO_MANY),
    "replayed": (chain(last_mark_s=NOW_MS // 1000, past=(use(),), made={"units": 5}), Code.REPLAYED),
    "replayed though the use was taken back": (chain(last_mark_s=NOW_MS // 1000), Code.SCANNED_BEFORE),
    "replayed in its very step": (chain(last_mark_s=NOW_MS // 1000 - 60 + 2 * 30), Code.SCANNED_BEFORE),
}


@pytest.mark.parametrize(("evidence", "decision"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_accepted(evidence: Evidence, decision: Decision) -> None:
    assert decide(evidence, LIMITS) == decision


@pytest.mark.parametrize(("evidence", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(evidence: Evidence, code: Code) -> None:
    decision = decide(evidence, LIMITS)
    assert isinstance(decision, Refuse)
    assert decision.reason.code is code


def test_a_later_step_than_the_last_is_good() -> None:
    assert decide(chain(last_mark_s=NOW_MS // 1000 - 1), LIMITS) == AcceptOnTrust(Tier.CHAIN)


def test_the_short_link_is_known_once_the_platform_has_told() -> None:
    evidence = online(kind=CredentialKind.SHORT_LINK)
    assert decide(evidence, LIMITS) == Accept(Tier.ONLINE)


def test_used_here_names_the_last_use() -> None:
    decision = decide(recorded(past=(use(1), replace(use(2), at_ms=NOW_MS, staff="bo"))), LIMITS)
    assert isinstance(decision, Refuse)
    assert dict(decision.reason.facts) == {"at_ms": NOW_MS, "staff": "bo", "terminal": "T1", "redemption_id": "id2"}


@pytest.mark.parametrize(
    ("confirmed_at_ms", "free"),
    [(None, 8), (NOW_MS - HOUR_MS - 1, 9), (NOW_MS - HOUR_MS, 9), (NOW_MS - HOUR_MS + 1, 8)],
)
def test_a_use_counts_until_the_cache_knows_of_it(confirmed_at_ms: int | None, free: int) -> None:
    assert cached({"units_total": 10}, past=(use(1, confirmed_at_ms),)).units_free == free


def test_a_cache_that_is_wrong_about_the_rest_gives_no_more_than_there_ever_were() -> None:
    past = tuple(use(unit, confirmed_at_ms=1) for unit in range(1, 4))
    assert cached({"units_total": 3, "units_left": 3}, past=past).units_free == 0


def test_each_check_stands_once() -> None:
    assert len(set(CHECKS)) == len(CHECKS) == 16
    assert set(BOOKED_CHECKS) < set(CHECKS)
