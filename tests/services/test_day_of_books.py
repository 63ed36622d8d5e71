"""A day of 1,200 redemptions over all platforms, with 30 differences planted: those are found, and nothing else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sync.domain.difference import Cause
from sync.domain.matching import BUCKETS, Bucket
from sync.domain.redemption import Redemption
from sync.domain.trust import HOUR_MS
from sync.platforms.port import ReverseCall, Reversed
from sync.sandbox.truth import Truth
from sync.services.calls import code_of, refs_of
from sync.services.verdict import Outcome
from tests.services.counter import Counter

REDEMPTIONS = 1_200
# Used elsewhere, taken back elsewhere, gone from their book, another amount, another time.
PLANTED = {
    "douyin": (3, 2, 1, 1, 1),
    "meituan": (2, 2, 1, 1, 0),
    "dianping": (2, 1, 1, 1, 0),
    "miniprogram": (2, 2, 1, 1, 1),
    "wechat_shop": (0, 1, 1, 2, 0),
}
WRONG_MS = 25 * 60_000


@dataclass
class Planter:
    """Spoils one platform's day; remembers of what: redemption ids of ours, tails of codes of theirs alone."""

    till: Counter
    platform: str
    rows: Iterator[Redemption]
    ours: dict[str, set[Cause]] = field(default_factory=dict)
    theirs: list[str] = field(default_factory=list)

    def plant(self, elsewhere: int, taken_back: int, gone: int, amount: int, clock: int) -> None:
        for _ in range(elsewhere):
            coupon = self.till.coupon(self.platform)
            self.till.lot(coupon, "used_elsewhere")
            self.theirs.append(coupon["code"][-4:])
        for _ in range(taken_back):
            self._note(self._taken_back(), Cause.REVERSED_ELSEWHERE, Cause.OURS_ONLY)
        for _ in range(gone):
            # Asked coupon by coupon, a book says only that this one stands unused.
            self._note(self._gone(), Cause.OURS_ONLY, Cause.REVERSED_ELSEWHERE)
        for _ in range(amount):
            row = next(self.rows)
            self._change(row, amount_fen=row.amount_fen + 100)
            self._note(row, Cause.AMOUNT)
        for _ in range(clock):
            row = next(self.rows)
            assert row.settled_at_ms is not None
            at_ms, settled_ms = row.accepted_at_ms - WRONG_MS, row.settled_at_ms - WRONG_MS
            self._change(row, accepted_at_ms=at_ms, settled_at_ms=settled_ms)
            self._note(row, Cause.CLOCK)

    def _note(self, row: Redemption, *causes: Cause) -> None:
        self.ours[row.id] = set(causes)

    def _taken_back(self) -> Redemption:
        """In the platform's own pages: this store is not told."""
        row, sealer = next(self.rows), self.till.store.ledger.sealer
        call = ReverseCall(
            self.till.clock.new_id(), row.request_id, {row.id: refs_of(row)}, {row.id: code_of(sealer, row)}
        )
        platform = self.till.store.asking.platforms[self.platform]
        (done,) = platform.reverse(call, self.till.clock.monotonic_ms() + 10_000)
        assert isinstance(done, Reversed)
        return row

    def _gone(self) -> Redemption:
        row, truth = next(self.rows), self.till.sandbox._truth
        assert isinstance(truth, Truth)
        code = code_of(self.till.store.ledger.sealer, row)
        with truth:
            (use,) = [use for use in truth.redemptions if (use.platform, use.code) == (self.platform, code)]
            truth.redemptions.drop(use.redemption_id)
        return row

    def _change(self, row: Redemption, **changes: int) -> None:
        sets = ", ".join(f"{column} = ?" for column in changes)
        values = (*changes.values(), row.id)
        self.till.store.ledger.write(lambda tx: tx.run(f"UPDATE redemptions SET {sets} WHERE id = ?", values).rowcount)


def a_day(till: Counter) -> None:
    """The counter at work, and afterwards long enough for every book to be published."""
    platforms = sorted(till.store.asking.platforms)
    assert platforms == sorted(PLANTED)
    for platform in platforms:
        for coupon in till.coupons(platform, REDEMPTIONS // len(platforms), order="each"):
            verdict = till.redeem(coupon["code"], platform=platform)
            assert verdict.first.outcome is Outcome.REDEEMED, (platform, verdict.first)


def found_in(till: Counter) -> tuple[dict[str, Cause], dict[str, list[str]]]:
    ours: dict[str, Cause] = {}
    theirs: dict[str, list[str]] = {platform: [] for platform in PLANTED}
    for one in till.differences():
        facts: dict[str, Any] = json.loads(one.facts)
        assert one.owner == "m1"
        if one.redemption_id is not None:
            ours[one.redemption_id] = one.cause
        else:
            assert one.cause is Cause.THEIRS_ONLY
            theirs[one.platform].append(facts["code_tail"])
    return ours, theirs


def test_exactly_the_planted_differences_are_found(till: Counter) -> None:
    a_day(till)
    day = till.rows()[0].business_day
    planters = {}
    for platform, counts in PLANTED.items():
        rows = iter([row for row in till.rows() if row.platform == platform])
        planters[platform] = Planter(till, platform, rows)
        planters[platform].plant(*counts)
    till.clock.advance_ms(2 * HOUR_MS)
    for _ in range(2):
        compared = [till.store.reconciliation.reconcile(platform, day) for platform in PLANTED]
        ours, theirs = found_in(till)
        assert len(till.differences()) == sum(map(sum, PLANTED.values())) == 30
        for platform, planter in planters.items():
            assert sorted(theirs[platform]) == sorted(planter.theirs)
            for redemption_id, causes in planter.ours.items():
                assert ours.pop(redemption_id) in causes
        assert ours == {}
        assert [one.unreadable for one in compared] == [None] * len(PLANTED)
        assert sum(one.count(bucket) for one in compared for bucket in BUCKETS) == REDEMPTIONS + 9
        assert sum(one.count(Bucket.MATCHED) for one in compared) == REDEMPTIONS - 21
        assert sum(one.count(Bucket.AWAITED) for one in compared) == 0
        assert all(one.shop for one in compared)
