"""The story of a redemption and of a difference: who did what, when, as the journal has it."""

from sync.domain.codes import DOUYIN, MINIPROGRAM
from sync.domain.difference import Cause
from sync.services.reversing import Reversal
from sync.services.stories import Story
from tests.services.counter import HOUR_MS, NOTED, Counter


def story(till: Counter, redemption_id: str | None) -> Story:
    found = till.store.stories.of(redemption_id or "")
    assert found is not None
    return found


def test_there_is_no_story_of_what_is_not_there(till: Counter) -> None:
    assert till.store.stories.of("no-such-id") is None
    assert till.store.stories.of("' OR 1=1 --") is None
    assert till.store.stories.case(1) is None


def test_a_redemption_that_stands_can_be_taken_back_for_a_while(till: Counter) -> None:
    verdict = till.redeem(till.coupon(DOUYIN)["code"])
    found = story(till, verdict.first.redemption_id)
    assert (found.reversible, found.taken_back, found.differences) == (True, (), ())
    assert found.reversible_until_ms is not None
    assert found.call is not None
    assert found.people["c1"] != "c1"


def test_taken_back_at_once_by_whoever_did_it(till: Counter) -> None:
    verdict = till.redeem(till.coupon(MINIPROGRAM)["code"])
    till.clock.advance_ms(60_000)
    till.store.reversing.reverse(verdict.first.redemption_id or "", till.who("m1"))
    (one,) = story(till, verdict.first.redemption_id).taken_back
    assert (one.who, one.agreed) == ("m1", True)
    assert one.ended_at_ms is not None
    assert one.asked_at_ms >= story(till, verdict.first.redemption_id).redemption.accepted_at_ms + 60_000


def test_a_reversal_that_waits_is_open(till: Counter) -> None:
    verdict = till.redeem(till.coupon(DOUYIN)["code"])
    till.line_down()
    assert till.store.reversing.reverse(verdict.first.redemption_id or "", till.who("c1")).outcome is Reversal.QUEUED
    found = story(till, verdict.first.redemption_id)
    assert [(one.ended_at_ms, one.agreed) for one in found.taken_back] == [(None, False)]
    assert (found.reversible, found.reversal is not None) == (False, True)


def test_a_refused_reversal_stays_in_the_story_and_can_be_tried_again(till: Counter) -> None:
    verdict = till.redeem(till.coupon(DOUYIN)["code"])
    till.clock.advance_ms(2 * HOUR_MS)
    assert till.store.reversing.reverse(verdict.first.redemption_id or "", till.who("c1")).outcome is Reversal.REFUSED
    found = story(till, verdict.first.redemption_id)
    assert [(one.who, one.agreed) for one in found.taken_back] == [("c1", False)]
    assert found.taken_back[0].ended_at_ms is not None
    assert [one.cause for one in found.differences] == [Cause.REVERSAL_REFUSED]
    assert found.reversible


def test_what_was_never_sent_is_withdrawn(till: Counter) -> None:
    coupon = till.coupon(DOUYIN)
    till.line_down()
    verdict = till.redeem(coupon["code"], noted=NOTED)
    till.store.reversing.reverse(verdict.first.redemption_id or "", till.who("c2"))
    found = story(till, verdict.first.redemption_id)
    assert [(one.who, one.agreed) for one in found.taken_back] == [("c2", True)]
    assert not found.reversible


def test_a_case_brings_the_redemption_it_is_about(till: Counter) -> None:
    coupon = till.coupon(MINIPROGRAM)
    till.pull()
    till.line_down()
    verdict = till.redeem(coupon["code"])
    till.lot(coupon, "refunded")
    till.line_up()
    till.deliver()
    (difference,) = till.store.differences.open()
    case = till.store.stories.case(difference.id)
    assert case is not None
    assert case.story is not None
    assert case.story.redemption.id == verdict.first.redemption_id
    assert case.numbers == (verdict.first.number,)
    assert case.people[difference.owner]


def test_the_journal_is_read_from_its_time_on_only(till: Counter) -> None:
    """Older entries are not searched, and none of the row's own is missed."""
    for _ in range(3):
        till.redeem(till.coupon(DOUYIN)["code"])
    till.clock.advance_ms(30 * HOUR_MS)
    verdict = till.redeem(till.coupon(DOUYIN)["code"])
    till.store.reversing.reverse(verdict.first.redemption_id or "", till.who("c1"))
    assert len(story(till, verdict.first.redemption_id).taken_back) == 1
