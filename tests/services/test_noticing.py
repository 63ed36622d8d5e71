"""Hints from Douyin: kept once, believed only as far as the platform says when it is asked, and never on their word."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from sync.domain.difference import Cause
from sync.domain.notice import Pushed
from sync.domain.reasons import Code, because
from sync.domain.redemption import State
from sync.engine.listener import Listener
from sync.engine.loop import Loop
from sync.errors import LedgerError, OutcomeUnknown, PlatformError, Refused
from sync.ledger import notices
from sync.platforms.port import KnownUse, ReverseCall
from sync.services.calls import refs_of
from tests.services.counter import HOUR_MS, NOTED, Counter


@pytest.fixture
def url(till: Counter) -> Iterator[str]:
    """Where this till listens."""
    listener = Listener("127.0.0.1", 0, till.store.noticing.receive)
    listener.start()
    yield f"http://127.0.0.1:{listener.address[1]}/douyin/webhook"
    listener.stop()


def notify(till: Counter, url: str, coupon: dict[str, Any], action: str = "verify_cancel", **more: Any) -> list[int]:
    """Douyin tells of a coupon; the statuses that it heard."""
    body = {"url": url, "action": action, "code": coupon["code"], **more}
    return [answer["status"] for answer in till.post("douyin/webhook", body)["answers"]]


def redeemed(till: Counter, **wish: Any) -> dict[str, Any]:
    coupon = till.coupon("douyin", **wish)
    till.redeem(coupon["code"])
    assert till.rows()[-1].state is State.CONFIRMED
    return coupon


def taken_back(till: Counter) -> None:
    """In the merchant's app, behind our back."""
    row = till.rows()[-1]
    call = ReverseCall("app", row.request_id, {row.id: refs_of(row)})
    till.store.asking.platforms["douyin"].reverse(call, till.clock.monotonic_ms() + 5000)


def waiting(till: Counter) -> int:
    return len(till.store.ledger.read(lambda tx: notices.to_follow(tx, 100)))


def test_a_redemption_taken_back_elsewhere_is_a_difference_with_an_owner(till: Counter, url: str) -> None:
    coupon = redeemed(till)
    taken_back(till)
    assert notify(till, url, coupon) == [200]
    assert till.differences() == [], "a hint is looked into later"
    assert till.store.noticing.follow() == 1
    (difference,) = till.differences()
    row = till.rows()[-1]
    assert (difference.cause, difference.redemption_id) == (Cause.REVERSED_ELSEWHERE, row.id)
    assert (difference.amount_fen, difference.owner) == (9900, "m1")
    assert row.state is State.CONFIRMED, "what the ledger holds is for a person to change"
    assert till.store.noticing.follow() == 0
    assert till.journal_ok()


def test_the_comparison_of_the_books_finds_the_same_difference(till: Counter, url: str) -> None:
    coupon = redeemed(till)
    day = till.rows()[-1].business_day
    taken_back(till)
    notify(till, url, coupon)
    till.store.noticing.follow()
    till.clock.advance_ms(2 * HOUR_MS)
    till.store.reconciliation.reconcile("douyin", day)
    assert [each.cause for each in till.differences()] == [Cause.REVERSED_ELSEWHERE]


@pytest.mark.parametrize("action", ["verify", "verify_cancel", "refund_success"])
def test_a_genuine_notice_that_is_not_so_changes_nothing(till: Counter, url: str, action: str) -> None:
    coupon = redeemed(till)
    assert notify(till, url, coupon, action) == [200]
    assert till.store.noticing.follow() == 0
    assert (till.differences(), waiting(till)) == ([], 0)
    till.agree()


def test_a_forged_notice_is_refused_and_not_kept(till: Counter, url: str) -> None:
    coupon = redeemed(till)
    taken_back(till)
    assert notify(till, url, coupon, forged=True) == [401]
    assert waiting(till) == 0
    assert till.store.noticing.follow() == 0


def test_a_notice_is_kept_once_however_often_it_comes(till: Counter, url: str) -> None:
    coupon = redeemed(till)
    taken_back(till)
    assert notify(till, url, coupon, times=3) == [200] * 3
    assert waiting(till) == 1
    till.reopen()
    assert waiting(till) == 1
    till.store.noticing.follow()
    assert len(till.differences()) == 1


def test_a_copy_under_another_name_is_known_by_what_it_says(till: Counter) -> None:
    coupon = redeemed(till)
    row = till.rows()[-1]
    content = {"certificate_id": refs_of(row)["coupon"], "order_id": coupon["order_id"], "account_id": ""}
    told = {"action": "verify_cancel", "msg_time": till.clock.wall_ms() // 1000, "certificate": content}
    body = json.dumps({"event": "life_trade_certificate_notify", "content": json.dumps(told)}).encode()
    secret = till.sandbox.describe()["douyin"]["client_secret"].encode()
    signature = hashlib.sha1(secret + body, usedforsecurity=False).hexdigest()
    for name in ("one", "two"):
        headers = {"x-douyin-signature": signature, "msg-id": name}
        assert till.store.noticing.receive("douyin", Pushed("POST", "webhook", "", headers, body)).status == 200
    assert waiting(till) == 1


def test_a_reversal_of_our_own_is_no_surprise(till: Counter, url: str) -> None:
    coupon = redeemed(till)
    till.store.reversing.reverse(till.rows()[-1].id, till.who("m1"))
    notify(till, url, coupon)
    assert till.store.noticing.follow() == 0
    assert till.differences() == []


def test_a_reversal_of_our_own_that_is_still_owed_is_no_surprise(till: Counter, url: str) -> None:
    coupon = redeemed(till)
    till.fault("drop_after", "cancel", "douyin")
    till.store.reversing.reverse(till.rows()[-1].id, till.who("m1"))
    till.line_up()
    notify(till, url, coupon)
    assert till.store.noticing.follow() == 0
    assert till.differences() == []
    till.deliver()
    assert till.rows()[-1].state is State.REVERSED


def test_a_coupon_that_is_none_of_ours_needs_no_question(till: Counter, url: str) -> None:
    coupon = till.coupon("douyin")
    assert notify(till, url, coupon, "verify") == [200]
    assert waiting(till) == 0


def test_one_use_of_a_card_that_was_taken_back_is_told_from_the_others(till: Counter, url: str) -> None:
    card = till.coupon("douyin", kind="times_card", units=3)
    till.redeem(card["code"], 2)
    first, second = till.rows()
    call = ReverseCall("app", first.request_id, {first.id: refs_of(first)})
    till.store.asking.platforms["douyin"].reverse(call, till.clock.monotonic_ms() + 5000)
    notify(till, url, card)
    till.store.noticing.follow()
    (difference,) = till.differences()
    assert difference.redemption_id == first.id
    assert second.state is State.CONFIRMED


def test_a_platform_that_cannot_be_asked_is_asked_later(till: Counter, url: str) -> None:
    coupon = redeemed(till)
    taken_back(till)
    notify(till, url, coupon)
    till.fault("http_500", platform="douyin")
    assert till.store.noticing.follow() == 0
    struck = till.struck()
    assert till.store.noticing.follow() == 0
    assert till.struck() == struck, "asked again before its time"
    assert waiting(till) == 1
    till.line_up()
    till.store.noticing.follow()
    assert len(till.differences()) == 1


def test_what_is_owed_is_delivered_at_once_when_the_platform_says_it_was_used(till: Counter, url: str) -> None:
    coupon = till.coupon("douyin")
    till.fault("drop_after", "verify", "douyin")
    till.redeem(coupon["code"], noted=NOTED)
    till.line_up()
    (owed,) = till.store.delivering.owed()
    till.store.ledger.write(
        lambda tx: tx.run("UPDATE outbox SET next_attempt_at_ms = next_attempt_at_ms + 3000000").rowcount
    )
    till.store.delivering.drain()
    assert till.rows(State.UNKNOWN)
    notify(till, url, coupon, "verify")
    till.store.noticing.follow()
    till.store.delivering.drain()
    assert [row.id for row in till.rows(State.CONFIRMED)] == [row.id for row in owed.rows]
    till.agree()


def test_the_loop_looks_into_it_and_tells_that_something_changed(till: Counter, url: str) -> None:
    changes: list[int] = []
    loop = Loop(till.store, till.clock, changed=lambda: changes.append(1))
    coupon = redeemed(till)
    loop.tick()
    taken_back(till)
    notify(till, url, coupon)
    changes.clear()
    loop.tick()
    assert changes
    assert len(till.differences()) == 1


def test_a_notice_that_cannot_be_kept_is_asked_for_again(
    till: Counter, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> bool:
        raise LedgerError(because(Code.DISK_FULL))

    coupon = redeemed(till)
    monkeypatch.setattr(notices, "keep", full)
    assert notify(till, url, coupon) == [503]


def test_a_notice_that_cannot_be_judged_now_is_asked_for_again(
    till: Counter, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> int:
        raise LedgerError(because(Code.LEDGER_BROKEN))

    coupon = redeemed(till)
    monkeypatch.setattr(till.store.noticing, "_now_ms", broken)
    assert notify(till, url, coupon) == [503]


@pytest.mark.parametrize("error", [OutcomeUnknown(because(Code.NO_ANSWER)), Refused(because(Code.NOT_FOUND))])
def test_a_hint_that_leads_nowhere_is_in_no_other_ones_way(
    till: Counter, url: str, monkeypatch: pytest.MonkeyPatch, error: PlatformError
) -> None:
    douyin: Any = till.store.asking.platforms["douyin"]
    stands, first = douyin.stands, redeemed(till)
    lost = till.rows()[-1].id

    def told(use: KnownUse, deadline_ms: int) -> Any:
        if use.redemption_id == lost:
            raise error
        return stands(use, deadline_ms)

    notify(till, url, first)
    second = redeemed(till)
    taken_back(till)
    notify(till, url, second)
    monkeypatch.setattr(type(douyin), "stands", lambda _, use, deadline_ms: told(use, deadline_ms))
    assert till.store.noticing.follow() == 1
    assert waiting(till) == isinstance(error, OutcomeUnknown)


@pytest.mark.parametrize("platform", ["", "meituan", "miniprogram", "nobody", "../douyin"])
def test_nobody_else_is_listened_to(till: Counter, platform: str) -> None:
    assert till.store.noticing.receive(platform, Pushed("POST", "webhook", "", {}, b"")).status == 404
    assert till.store.noticing.platforms == ("douyin",)


def test_whether_a_use_stands_is_told_by_the_order(till: Counter) -> None:
    redeemed(till)
    row = till.rows()[-1]
    platform: Any = till.store.asking.platforms["douyin"]
    use = KnownUse(row.id, refs_of(row))
    assert platform.stands(use, till.clock.monotonic_ms() + 5000) is True
    taken_back(till)
    assert platform.stands(use, till.clock.monotonic_ms() + 5000) is False
    unknown = KnownUse(row.id, {**refs_of(row), "coupon": "1"})
    assert platform.stands(unknown, till.clock.monotonic_ms() + 5000) is None
