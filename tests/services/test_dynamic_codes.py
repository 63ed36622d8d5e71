"""Dynamic codes at the counter: forged ones are refused and remembered, shown twice they pay once."""

import pytest

from sync.domain.reasons import Code
from sync.services.verdict import Outcome, UnitVerdict
from tests.services.counter import NOTED, Counter

LINE = pytest.mark.parametrize("line", ["up", "down"])


def reason_of(unit: UnitVerdict) -> Code | None:
    return unit.reason.code if unit.reason else None


def forged(text: str) -> str:
    """The same digits with the signature spoilt."""
    number = int(text) ^ (1 << (8 * 40))
    return str(number).zfill(len(text))


def set_line(till: Counter, line: str) -> None:
    if line == "down":
        till.line_down()


@LINE
def test_a_forged_code_is_refused_at_once_and_blacklisted(till: Counter, line: str) -> None:
    text = forged(till.dynamic(till.coupon("miniprogram")))
    set_line(till, line)
    assert reason_of(till.redeem(text).first) is Code.FORGED
    assert reason_of(till.redeem(text).first) is Code.BLACKLISTED
    till.reopen()
    assert reason_of(till.redeem(text, noted=NOTED, manager="m1").first) is Code.BLACKLISTED
    first, second, third = till.refusals()
    assert (first.reason, second.reason, third.reason) == ("forged", "blacklisted", "blacklisted")
    # Fields of a code that did not verify are never used, and its text is not kept.
    assert (first.text_sealed, first.code_tail) == (None, "")
    assert till.rows() == []


@LINE
def test_a_forgery_gets_nobodys_voucher_banned(till: Counter, line: str) -> None:
    coupon = till.coupon("miniprogram")
    genuine = till.dynamic(coupon)
    set_line(till, line)
    till.redeem(forged(genuine))
    assert till.redeem(genuine).first.outcome in (Outcome.REDEEMED, Outcome.RECORDED)


@LINE
def test_one_picture_of_a_card_with_five_uses_pays_once(till: Counter, line: str) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=5)
    text = till.dynamic(card)
    set_line(till, line)
    assert till.redeem(text).first.outcome in (Outcome.REDEEMED, Outcome.RECORDED)
    again = till.redeem(text, staff="c2").first
    assert (again.outcome, reason_of(again)) == (Outcome.REFUSED, Code.REPLAYED)
    till.clock.advance_ms(30_000)
    later = till.dynamic(card) if line == "up" else None
    if later is not None:
        assert till.redeem(later).first.outcome is Outcome.REDEEMED
    till.line_up()
    till.deliver()
    till.agree()


def test_a_code_for_another_store_is_refused_with_its_store(till: Counter) -> None:
    coupon = till.coupon("miniprogram", store="0badcafe")
    text = till.dynamic(coupon)
    till.line_down()
    refused = till.redeem(text).first
    assert reason_of(refused) is Code.OTHER_STORE
    assert refused.reason is not None
    assert refused.reason.facts["store"] == "0badcafe"


def test_a_code_for_any_store_binds_nothing_and_needs_evidence(till: Counter) -> None:
    coupon = till.coupon("miniprogram", store="00000000")
    text = till.dynamic(coupon)
    till.line_down()
    assert reason_of(till.redeem(text).first) is Code.EVIDENCE_NEEDED
    assert till.redeem(text, noted=NOTED).first.tier == "recorded"
    till.line_up()
    till.deliver()
    till.agree()


def test_a_code_for_any_store_is_as_good_as_the_cache_knows_it(till: Counter) -> None:
    coupon = till.coupon("miniprogram", store="00000000")
    text = till.dynamic(coupon)
    till.pull()
    till.line_down()
    assert till.redeem(text).first.tier == "chain"


@LINE
@pytest.mark.parametrize("spoilt", ["short", "long", "letter"])
def test_a_damaged_code_is_no_code(till: Counter, line: str, spoilt: str) -> None:
    text = till.dynamic(till.coupon("miniprogram"))
    bad = {"short": text[:-1], "long": text + "0", "letter": text[:100] + "x" + text[101:]}[spoilt]
    set_line(till, line)
    refused = till.redeem(bad).first
    assert refused.outcome is Outcome.REFUSED
    assert reason_of(refused) in (Code.MALFORMED, Code.NOT_A_COUPON)


def test_a_withdrawn_key_is_not_believed_any_more(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    text = till.dynamic(coupon)
    kid = int.from_bytes(int(text).to_bytes(133, "big")[1:3], "big")
    till.post("keys", {"do": "rotate"})
    till.post("keys", {"do": "withdraw", "kid": kid})
    till.pull()
    till.line_down()
    refused = till.redeem(text).first
    assert refused.outcome is Outcome.REFUSED
    assert reason_of(refused) in (Code.UNKNOWN_KEY, Code.FORGED)
    fresh = till.coupon("miniprogram")
    assert till.redeem(till.dynamic(fresh)).first.tier == "chain"
