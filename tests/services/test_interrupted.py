"""A scan that was cut short and is scanned again: whatever the customer is told is promised, counted and owed once."""

from dataclasses import replace
from typing import Any

import pytest

from sync.domain.codes import Credential
from sync.domain.difference import Cause
from sync.domain.redemption import State
from sync.domain.trust import Purse
from sync.platforms.douyin.adapter import Douyin
from sync.services.looking import Found
from sync.services.request import Request
from sync.services.shifts import Count
from sync.services.verdict import Outcome
from tests.services.counter import Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])


class Killed(BaseException):
    """The power went."""


def killed(*_args: object, **_more: object) -> None:
    raise Killed


def cut_short(till: Counter, code: str, at: str = "carry") -> None:
    """The scan is claimed and the program ends before the platform was asked (carry) or its yes was kept (put_down)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(till.store.courier, at, killed)
        with pytest.raises(Killed):
            till.store.redeeming.redeem(code, Request(till.who("c1")))


def refused_later(till: Counter, coupon: dict[str, str]) -> None:
    """What was promised and is refused afterwards is a difference, and the outage is over."""
    (row,) = till.rows()
    assert row.promised
    assert till.outage(row.platform).used(Purse.SHARED).count == 1
    till.lot(coupon, "refunded")
    for owed in till.store.delivering.owed():
        till.store.delivering.retry(owed.entry.id, till.who("m1"))
    till.deliver()
    assert till.rows()[0].state is State.REFUSED
    assert Cause.REFUSED_LATER in {difference.cause for difference in till.differences()}
    till.agree()


@PLATFORMS
def test_told_yes_while_another_hand_has_it_is_promised(
    till: Counter, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    coupon = till.coupon(platform)
    cut_short(till, coupon["code"])
    (row,) = till.rows()
    assert not row.promised
    monkeypatch.setattr(till.store.redeeming, "_profile", replace(till.store.profile, counter_budget_ms=1))
    with till.store.courier.holding(row.outbox_id):
        verdict = till.redeem(coupon["code"])
    assert (verdict.first.outcome, verdict.first.redemption_id) == (Outcome.RECORDED, row.id)
    refused_later(till, coupon)


@PLATFORMS
def test_told_yes_while_it_is_held_is_promised(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    cut_short(till, coupon["code"])
    till.store.delivering.hold(till.rows()[0].outbox_id, till.who("m1"))
    assert till.redeem(coupon["code"]).first.outcome is Outcome.RECORDED
    refused_later(till, coupon)


@PLATFORMS
def test_a_promise_is_counted_once_however_often_it_is_told(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    cut_short(till, coupon["code"])
    till.store.delivering.hold(till.rows()[0].outbox_id, till.who("m1"))
    for _ in range(3):
        assert till.redeem(coupon["code"]).first.outcome is Outcome.RECORDED
    assert till.outage(platform).used(Purse.SHARED).count == 1


@PLATFORMS
def test_what_nobody_was_told_is_refused_after_the_shift_was_closed_and_amends_it(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    cut_short(till, coupon["code"])
    till.store.shifts.count(till.who("m1"), Count(0, {}))
    closed = till.store.shifts.close(till.who("m1"))
    assert [line.owed.count for line in closed.lines] == [1]
    till.lot(coupon, "refunded")
    till.deliver()
    assert [row.state for row in till.rows()] == [State.REFUSED]
    adjustments = till.store.shifts.report(1).adjustments
    assert [(each.what, each.amount_fen) for each in adjustments] == [("refused", -9900)]
    assert till.differences() == []


@PLATFORMS
def test_a_look_up_is_good_for_one_redemption(till: Counter, platform: str) -> None:
    coupon, request = till.coupon(platform), Request(till.who("c1"))
    found = till.store.looking.look_up(coupon["code"])
    assert isinstance(found, Found)
    first = till.store.redeeming.confirm(found, request)
    till.store.redeeming.flush()
    again = till.store.redeeming.confirm(found, request)
    assert (again.first.outcome, again.first.redemption_id) == (Outcome.REDEEMED, first.first.redemption_id)
    assert len(till.rows()) == 1
    till.store.reversing.reverse(first.first.redemption_id or "", till.who("m1"))
    # Its request id was answered already: only a new look-up makes a new redemption.
    third = till.store.redeeming.confirm(found, request)
    till.store.redeeming.flush()
    assert third.first.outcome is Outcome.REDEEMED
    assert third.first.request_id != first.first.request_id
    assert [row.state for row in till.rows()] == [State.REVERSED, State.CONFIRMED]
    assert len(till.booked(coupon)) == 1
    till.agree()


def tells_no_codes(till: Counter, coupons: list[dict[str, Any]], patch: pytest.MonkeyPatch) -> None:
    """Asked by a code, the platform shows the order's coupons without their codes, whichever of them is left."""
    prepare, first, second = vars(Douyin)["_prepare"], coupons[0]["code"], coupons[1]["code"]

    def prepared(self: Douyin, credential: Credential, deadline_ms: int) -> Any:
        used = {use["code"] for use in till.booked()}
        shown = second if credential.text == first and first in used else credential.text
        data = prepare(self, replace(credential, text=shown), deadline_ms)
        lists = {name: getattr(data, name) for name in ("certificates", "certificates_v2")}
        bare = {
            name: [item.model_copy(update={"code": ""}) for item in items] for name, items in lists.items() if items
        }
        return data.model_copy(update=bare)

    patch.setattr(Douyin, "_prepare", prepared)


@pytest.mark.parametrize("trouble", ["answer lost", "killed"])
def test_a_typed_code_of_an_order_leads_to_no_second_coupon_of_it(
    till: Counter, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    coupons = till.coupons("douyin", 2)
    tells_no_codes(till, coupons, monkeypatch)
    if trouble == "killed":
        cut_short(till, coupons[0]["code"], "put_down")
    else:
        till.fault("drop_after", "verify")
        assert till.redeem(coupons[0]["code"]).first.outcome is Outcome.RECORDED
        till.line_up()
    assert till.redeem(coupons[0]["code"]).first.outcome is Outcome.REDEEMED
    till.deliver()
    assert len(till.rows()) == len(till.booked(*coupons)) == 1
    till.agree()
