"""What holds for every scan: no luck of circumstances makes a wrong yes."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.codes import CredentialKind
from sync.domain.decision import Accept, AcceptOnTrust, AskManager, Refuse, decide
from sync.domain.dynamic_code import CHAIN_MODE, PERMIT_MODE, Reading, Verdict
from sync.domain.evidence import Evidence, Known, PastUse, Witnesses
from sync.domain.moment import ClockSource, Moment
from sync.domain.reasons import Code, because
from sync.domain.trust import HOUR_MS, PURSE_OF, Limits, Outage, Purse, Spent, Tier
from tests.domain.scan import NOW_MS, bound, cached, chain, coupon, fields, online, permit, recorded

LIMITS = Limits()
_WITH_FIELDS = sorted(set(Verdict) - {Verdict.MALFORMED, Verdict.UNKNOWN_KEY, Verdict.FORGED})


_FEN = st.sampled_from([1, 100, 500, 1_000, 9_999, 10_000, 10_001, 30_000, 30_001, 100_000, 100_001])
_TIMES = st.sampled_from([NOW_MS - 100 * HOUR_MS, NOW_MS - HOUR_MS, NOW_MS, NOW_MS + 1])
_COUPONS = st.builds(
    coupon,
    price_fen=_FEN,
    units_left=st.integers(0, 6),
    state=st.sampled_from([None, None, None, because(Code.REFUNDED)]),
    valid_until_ms=st.sampled_from([None, NOW_MS - 1, NOW_MS]),
)
_FIELDS = st.builds(
    fields,
    mode=st.sampled_from([CHAIN_MODE, PERMIT_MODE]),
    store=st.sampled_from(["00c0ffee", "00000000"]),
    max_fen=_FEN,
    units=st.integers(1, 6),
    step=st.integers(1, 5),
    step_s=st.sampled_from([30, 30, 30, 61]),
    steps=st.sampled_from([2, 20, 20, 120]),
    iat_s=st.just(NOW_MS // 1000),
    nonce=st.sampled_from(["00" * 8, "01" * 8]),
)
_VERDICTS = st.sampled_from([Verdict.GENUINE] * 12 + _WITH_FIELDS)
_READINGS = st.builds(Reading, _VERDICTS, _FIELDS) | st.just(Reading(Verdict.UNKNOWN_KEY))
_USES = st.builds(PastUse, st.just("id"), st.integers(1, 9), _TIMES, st.just("anna"), st.just("T1"), st.none() | _TIMES)
_SPENT = st.builds(
    Spent, st.sampled_from([0, 3, 19, 20, 199, 200]), st.sampled_from([0, 169_999, 199_999, 470_000, 500_000, 10**6])
)
_OUTAGES = st.builds(
    Outage,
    st.just(1),
    st.sampled_from([NOW_MS, NOW_MS - 4 * HOUR_MS, NOW_MS - 12 * HOUR_MS - 1, NOW_MS - 25 * HOUR_MS]),
    st.none() | st.just("boss"),
    st.dictionaries(st.sampled_from(Purse), _SPENT, max_size=3),
)
_BASES = (online(), chain(), permit(), bound(), cached(), recorded())
_CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "at": st.sampled_from([Moment(NOW_MS, source) for source in ClockSource]),
    "kind": st.sampled_from(CredentialKind),
    "units": st.integers(1, 6),
    "offered": st.none() | _COUPONS,
    "refusal": st.just(because(Code.EXPIRED)),
    "signature": st.none() | _READINGS,
    "known": st.none() | st.builds(Known, _COUPONS, _TIMES, st.booleans()),
    "past": st.lists(_USES, max_size=3).map(tuple),
    "last_mark_s": st.sampled_from([0, NOW_MS // 1000 - 1, NOW_MS // 1000]),
    "nonce_spent": st.booleans(),
    "lists_seen_at_ms": st.none() | _TIMES,
    "revoked": st.booleans(),
    "blacklisted": st.booleans(),
    "isolated": st.booleans(),
    "outage": _OUTAGES,
    "account_uses_today": st.integers(0, 6),
    "witnesses": st.builds(
        Witnesses, st.none() | _FEN, st.none() | st.just("a.jpg"), st.none(), st.none() | st.just("8000")
    ),
    "manager": st.none() | st.just("boss"),
}


@st.composite
def _scans(draw: st.DrawFn) -> Evidence:
    """A good scan of some tier with up to five of its circumstances changed."""
    changed = draw(st.lists(st.sampled_from(sorted(_CHANGES)), max_size=5, unique=True))
    return replace(draw(st.sampled_from(_BASES)), **{name: draw(_CHANGES[name]) for name in changed})


SCANS = _scans()
NOT_BOOKED = SCANS.filter(lambda scan: not scan.booked)
_many = settings(max_examples=250, deadline=None)


@given(SCANS)
@_many
def test_the_same_evidence_decides_the_same(scan: Evidence) -> None:
    assert decide(scan, LIMITS) == decide(replace(scan), Limits())


@given(SCANS, st.sampled_from([Verdict.FORGED, Verdict.MALFORMED]))
@_many
def test_a_forged_code_is_never_accepted(scan: Evidence, verdict: Verdict) -> None:
    assert isinstance(decide(replace(scan, signature=Reading(verdict)), LIMITS), Refuse)


@given(SCANS, st.sampled_from(["blacklisted", "nonce_spent"]))
@_many
def test_what_is_banned_is_never_accepted(scan: Evidence, ban: str) -> None:
    banned = replace(scan, blacklisted=ban == "blacklisted", nonce_spent=ban == "nonce_spent")
    assert isinstance(decide(banned, LIMITS), Refuse)


@given(SCANS.filter(lambda scan: scan.booked))
@_many
def test_what_the_platform_has_booked_can_only_fail_on_a_ban(scan: Evidence) -> None:
    decision = decide(scan, LIMITS)
    if scan.blacklisted or scan.nonce_spent:
        assert isinstance(decision, Refuse)
    else:
        assert decision == Accept(Tier.PERMIT)


@given(NOT_BOOKED)
@_many
def test_what_the_platform_refuses_is_never_accepted(scan: Evidence) -> None:
    assert isinstance(decide(replace(scan, refusal=because(Code.REFUNDED)), LIMITS), Refuse)


@given(SCANS)
@_many
def test_another_store_is_never_accepted(scan: Evidence) -> None:
    reading = Reading(Verdict.OTHER_STORE, fields(store="00000009"))
    assert isinstance(decide(replace(scan, signature=reading), LIMITS), Refuse)


@given(NOT_BOOKED)
@_many
def test_nothing_revoked_is_accepted_without_the_platform(scan: Evidence) -> None:
    offline = replace(scan, offered=None, refusal=None, revoked=True)
    assert isinstance(decide(offline, LIMITS), Refuse)


@given(SCANS)
@_many
def test_trust_stays_within_its_budget(scan: Evidence) -> None:
    decision = decide(scan, LIMITS)
    if not isinstance(decision, AcceptOnTrust):
        return
    tier, fen = decision.tier, scan.unit_fen
    assert fen is not None
    assert fen > 0
    allowed = bool(scan.manager or (scan.outage and scan.outage.opened_by))
    budget = LIMITS.recorded if tier is Tier.RECORDED and not allowed else LIMITS.budget(tier, scan.isolated)
    spent = scan.outage.used(PURSE_OF[tier]) if scan.outage else Spent()
    assert fen * scan.units <= budget.voucher_fen
    assert budget.count is None or spent.count + scan.units <= budget.count
    assert budget.amount_fen is None or spent.amount_fen + fen * scan.units <= budget.amount_fen
    if scan.outage and budget.hours is not None:
        assert scan.at.ms - scan.outage.started_at_ms <= budget.hours * HOUR_MS


@given(SCANS)
@_many
def test_only_the_platforms_word_makes_a_green_light(scan: Evidence) -> None:
    decision = decide(scan, LIMITS)
    if isinstance(decision, Accept):
        assert scan.offered is not None or scan.booked
        assert decision.tier is (Tier.PERMIT if scan.booked else Tier.ONLINE)


@given(SCANS, st.lists(_USES, min_size=1, max_size=3))
@_many
def test_more_past_uses_never_turn_a_no_into_a_yes(scan: Evidence, more: list[PastUse]) -> None:
    if isinstance(decide(scan, LIMITS), Refuse | AskManager):
        used = replace(scan, past=(*scan.past, *more))
        assert not isinstance(decide(used, LIMITS), Accept | AcceptOnTrust)


@given(SCANS, st.integers(0, 10), st.integers(0, 10**6))
@_many
def test_a_later_mark_or_a_busier_account_never_helps(scan: Evidence, uses: int, later: int) -> None:
    if isinstance(decide(scan, LIMITS), Refuse | AskManager):
        mark = max(scan.last_mark_s or 0, NOW_MS // 1000 - later)
        worse = replace(scan, last_mark_s=mark, account_uses_today=scan.account_uses_today + uses)
        assert not isinstance(decide(worse, LIMITS), Accept | AcceptOnTrust)


@given(NOT_BOOKED)
@_many
def test_no_more_units_than_there_are(scan: Evidence) -> None:
    if isinstance(decide(scan, LIMITS), Accept | AcceptOnTrust):
        assert scan.units <= scan.units_free


def test_the_scans_are_worth_drawing() -> None:
    seen: set[str] = set()

    @given(SCANS)
    @settings(max_examples=600, deadline=None, derandomize=True, database=None)
    def look(scan: Evidence) -> None:
        decision = decide(scan, LIMITS)
        seen.add(type(decision).__name__ + getattr(decision, "tier", ""))

    look()
    assert {f"AcceptOnTrust{tier}" for tier in (Tier.CHAIN, Tier.PERMIT, Tier.CACHED, Tier.RECORDED)} <= seen
    assert {"Acceptonline", "Acceptpermit", "Refuse"} <= seen
