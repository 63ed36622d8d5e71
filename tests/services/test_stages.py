"""Each step of a confirmed scan is told as it happens, and whoever hears of it can't spoil it."""

import pytest

from sync.domain.redemption import State
from sync.services.looking import Found
from sync.services.request import Request
from sync.services.stage import Stage
from sync.services.verdict import Outcome, Verdict
from tests.services.counter import NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])
ALL = [Stage.BOOKED, Stage.CALLING, Stage.ANSWERED]


def found_of(till: Counter, text: str) -> Found:
    found = till.store.looking.look_up(text)
    assert isinstance(found, Found)
    return found


def confirm(till: Counter, text: str, heard: list[Stage]) -> Verdict:
    verdict = till.store.redeeming.confirm(found_of(till, text), Request(till.who("c1"), 1, NOTED), heard.append)
    till.store.redeeming.flush()
    return verdict


@PLATFORMS
def test_online_all_three_are_told_in_order(till: Counter, platform: str) -> None:
    heard: list[Stage] = []
    assert confirm(till, till.coupon(platform)["code"], heard).first.outcome is Outcome.REDEEMED
    assert heard == ALL


@PLATFORMS
def test_without_a_line_nobody_is_called(till: Counter, platform: str) -> None:
    coupon, heard = till.coupon(platform), list[Stage]()
    till.line_down()
    assert confirm(till, coupon["code"], heard).first.outcome is Outcome.RECORDED
    assert heard == [Stage.BOOKED]


@PLATFORMS
def test_a_call_without_an_answer_is_never_told_as_answered(till: Counter, platform: str) -> None:
    coupon, heard = till.coupon(platform), list[Stage]()
    till.fault("drop_after", "verify", platform)
    assert confirm(till, coupon["code"], heard).first.outcome is Outcome.RECORDED
    assert heard == [Stage.BOOKED, Stage.CALLING]
    till.line_up()
    # The second scan takes the same redemption on.
    again: list[Stage] = []
    assert confirm(till, coupon["code"], again).first.outcome is Outcome.REDEEMED
    assert again == ALL
    till.agree()


def test_what_is_refused_before_it_is_claimed_tells_nothing(till: Counter) -> None:
    coupon, heard = till.coupon("miniprogram"), list[Stage]()
    till.lot(coupon, "refunded")
    assert confirm(till, coupon["code"], heard).first.outcome is Outcome.REFUSED
    assert heard == []


def test_when_it_is_told_as_booked_it_is_durable(till: Counter) -> None:
    seen: list[list[State]] = []

    def look(stage: Stage) -> None:
        if stage is Stage.BOOKED:
            seen.append([row.state for row in till.rows()])

    till.store.redeeming.confirm(found_of(till, till.coupon("douyin")["code"]), Request(till.who("c1")), look)
    assert seen == [[State.SENT]]


@PLATFORMS
@pytest.mark.parametrize("spoilt", list(Stage))
def test_a_hearer_that_fails_loses_nothing(till: Counter, platform: str, spoilt: Stage) -> None:
    def fail(stage: Stage) -> None:
        if stage is spoilt:
            raise RuntimeError("the screen is gone")

    coupon = till.coupon(platform)
    verdict = till.store.redeeming.confirm(found_of(till, coupon["code"]), Request(till.who("c1")), fail)
    till.store.redeeming.flush()
    assert verdict.first.outcome is Outcome.REDEEMED
    till.agree()
