"""What was accepted on trust and is still owed is told to the own platform: once, whatever happens in between."""

import json
from typing import Any

import pytest

from sync.ledger import lists
from sync.services import reporting
from sync.services.reporting import AGAIN_AFTER_MS, Reporting
from sync.services.verdict import Outcome
from tests.services.counter import NOTED, Counter


def told(till: Counter) -> list[dict[str, Any]]:
    """What the platform was told, in its order."""
    return list(till.book()["trust_records"])


def of(till: Counter) -> Reporting:
    found = till.store.reporting
    assert found is not None
    return found


def back(till: Counter) -> None:
    """The line is back, and no time has passed."""
    till.control.delete(f"{till.sandbox.control}/faults", timeout=60)
    for _ in range(2):
        till.store.lines.answered("miniprogram")


def owing(till: Counter, count: int) -> list[dict[str, Any]]:
    """So many coupons of an order each, taken while the line was down."""
    coupons = till.coupons("miniprogram", count, order="each")
    till.pull()
    till.line_down()
    for coupon in coupons:
        assert till.redeem(coupon["code"]).first.outcome is Outcome.RECORDED
    back(till)
    return coupons


def marked(till: Counter) -> list[str]:
    """The calls that are remembered as told."""
    found = till.store.ledger.read(lambda tx: lists.cursor(tx, "reported"))
    return list(json.loads(found[0])) if found else []


def test_each_kind_of_trust_is_told_by_what_is_known_of_it(till: Counter) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=3, price_fen=10_000)
    known = till.coupon("miniprogram")
    till.pull()
    unheard_of, shown = till.coupon("miniprogram"), till.coupon("miniprogram")
    elsewhere = till.coupon("douyin")
    till.line_down()
    till.redeem(card["code"], 2)
    till.redeem(till.dynamic(known))
    till.redeem(till.dynamic(shown))
    till.redeem(unheard_of["code"], noted=NOTED)
    till.redeem(elsewhere["code"], noted=NOTED)
    back(till)
    assert of(till).report() == 4
    records = told(till)
    assert [(one["tier"], one["amount_fen"]) for one in records] == [
        ("cached", 6666),
        ("chain", 9900),
        ("chain", 9900),
        ("recorded", 9900),
    ]
    tails = [one["code_tail"] for one in records]
    assert tails == [card["code"][-4:], known["code"][-4:], "", unheard_of["code"][-4:]]
    assert [bool(one["voucher"]) for one in records] == [True, True, True, False]
    rows = {row.request_id: row for row in till.rows()}
    assert all(one["accepted_at_ms"] == rows[one["request_id"]].accepted_at_ms for one in records)
    assert {one["terminal"] for one in records} == {"T1"}
    assert till.booked() == []


def test_it_is_told_once_also_over_a_restart(till: Counter) -> None:
    owing(till, 2)
    assert of(till).report() == 2
    assert of(till).report() == 0
    till.reopen()
    till.fault("refuse", "upload", "miniprogram")
    assert of(till).report() == 0
    assert till.struck() == 0
    assert len(told(till)) == 2


def test_what_was_delivered_is_not_told_and_its_mark_goes(till: Counter) -> None:
    owing(till, 3)
    assert of(till).report() == 3
    assert len(marked(till)) == 3
    till.line_up()
    till.deliver()
    assert of(till).report() == 0
    owing(till, 1)
    assert of(till).report() == 1
    assert len(marked(till)) == 1
    assert len(told(till)) == 4
    till.line_up()
    till.deliver()
    till.agree()


def test_a_power_cut_before_it_is_remembered_tells_it_again_and_no_more(
    till: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    owing(till, 2)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(till.store.ledger, "write", cut)
        with pytest.raises(KeyboardInterrupt):
            of(till).report()
    assert len(told(till)) == 2
    assert marked(till) == []
    till.reopen()
    assert of(till).report() == 2
    assert len(told(till)) == 2
    assert till.journal_ok()


def test_an_answer_that_was_lost_is_no_harm(till: Counter) -> None:
    owing(till, 2)
    till.fault("drop_after", "upload", "miniprogram")
    assert of(till).report() == 0
    assert len(told(till)) == 2
    back(till)
    till.clock.advance_ms(AGAIN_AFTER_MS)
    assert of(till).report() == 2
    assert len(told(till)) == 2


def test_many_are_told_in_batches_and_a_stop_keeps_what_was_told(
    till: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "BATCH", 2)
    owing(till, 5)
    asked = 0

    def after_two() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    assert of(till).report(after_two) == 4
    assert len(told(till)) == len(marked(till)) == 4
    assert of(till).report() == 1
    assert len(told(till)) == 5


@pytest.mark.parametrize("kind", ["http_429", "http_500", "refuse", "expired_token", "portal"])
def test_a_platform_that_does_not_listen_is_left_alone_for_a_minute(till: Counter, kind: str) -> None:
    owing(till, 1)
    till.fault(kind, "upload", "miniprogram")
    assert of(till).report() == 0
    struck = till.struck()
    assert struck > 0
    till.clock.advance_ms(AGAIN_AFTER_MS - 1)
    assert of(till).report() == 0
    assert till.struck() == struck
    back(till)
    till.clock.advance_ms(1)
    assert of(till).report() == 1
    assert len(told(till)) == 1


def test_while_the_line_is_down_nothing_is_asked(till: Counter) -> None:
    owing(till, 1)
    till.line_down()
    for _ in range(2):
        till.store.lines.failed("miniprogram")
    struck = till.struck()
    assert of(till).report() == 0
    assert till.struck() == struck


def test_an_online_redemption_is_told_only_once_it_was_promised(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    till.fault("drop_after", "verify", "miniprogram")
    assert till.redeem(coupon["code"]).first.outcome is Outcome.RECORDED
    (row,) = till.rows()
    assert row.promised
    back(till)
    assert of(till).report() == 1
    assert [(one["request_id"], one["tier"]) for one in told(till)] == [(row.request_id, "online")]


def test_a_redemption_whose_first_answer_is_awaited_is_no_trust(till: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    adapter, counts = till.store.asking.platforms["miniprogram"], []
    redeem = adapter.redeem

    def meanwhile(*asked: Any) -> Any:
        counts.append(of(till).report())
        return redeem(*asked)

    monkeypatch.setattr(adapter, "redeem", meanwhile)
    assert till.redeem(till.coupon("miniprogram")["code"]).first.outcome is Outcome.REDEEMED
    assert counts == [0]
    assert told(till) == []


def test_a_permit_that_the_platform_has_booked_is_no_news_to_it(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    text = till.permit(coupon, till.store.permits.request())
    till.line_down()
    assert till.redeem(text).first.tier == "permit"
    back(till)
    assert of(till).report() == 0
    assert told(till) == []


def test_a_call_that_cannot_be_read_keeps_no_other_from_being_told(till: Counter) -> None:
    chain, coupon = till.coupon("miniprogram"), till.coupon("miniprogram")
    till.pull()
    fresh = till.coupon("miniprogram")
    till.line_down()
    for text in (till.dynamic(fresh), coupon["code"], till.dynamic(chain)):
        till.redeem(text)
    (first, *_) = till.rows()
    till.store.ledger.write(
        lambda tx: tx.run("UPDATE outbox SET call_sealed = x'00' WHERE id = ?", (first.outbox_id,)).rowcount
    )
    back(till)
    assert of(till).report() == 2
    assert [one["code_tail"] for one in told(till)] == [coupon["code"][-4:], chain["code"][-4:]]
