"""What the lines page rests on: outages, limits and the age of the lists, as the ledger has them."""

from sync.domain.codes import DOUYIN, MINIPROGRAM
from sync.domain.moment import ClockSource
from sync.domain.reasons import Code
from sync.domain.trust import Tier
from sync.services.outages import Standing
from tests.services.counter import HOUR_MS, NOTED, Counter


def standing(till: Counter, platform: str) -> Standing:
    return till.store.outages.basis([platform]).standings[0]


def test_without_an_outage_each_platform_names_what_it_could_do(till: Counter) -> None:
    own, douyin = till.store.outages.basis([MINIPROGRAM, DOUYIN]).standings
    assert [one.tier for one in own.allowances] == [Tier.PERMIT, Tier.CHAIN, Tier.CACHED, Tier.RECORDED]
    assert [one.tier for one in douyin.allowances] == [Tier.CACHED, Tier.RECORDED]
    assert (own.outage, douyin.outage) == (None, None)
    assert not [one for one in (*own.allowances, *douyin.allowances) if one.why is not None]


def test_what_was_accepted_on_trust_is_taken_off(till: Counter) -> None:
    coupon, other = till.coupon(MINIPROGRAM), till.coupon(DOUYIN)
    shown = till.dynamic(coupon)
    till.line_down()
    till.redeem(shown)
    till.redeem(other["code"], noted=NOTED)
    chain = standing(till, MINIPROGRAM).allowances[1]
    recorded = standing(till, DOUYIN).allowances[-1]
    assert (chain.count_left, chain.left_fen) == (199, 490_100)
    assert (recorded.count_left, recorded.left_fen) == (19, 190_100)
    assert standing(till, MINIPROGRAM).outage is not None
    till.line_up()
    till.deliver()
    assert standing(till, DOUYIN).outage is None


def test_old_lists_and_a_lost_clock_are_told(till: Counter) -> None:
    fresh = till.store.outages.basis([])
    assert fresh.vouchers_seen_at_ms is not None
    assert fresh.revocations_seen_at_ms is not None
    assert (fresh.keys > 0, fresh.at.source) == (True, ClockSource.PLATFORM)
    till.clock.advance_ms(25 * HOUR_MS)
    found = {one.tier: one.why for one in standing(till, MINIPROGRAM).allowances}
    assert found[Tier.PERMIT] is None
    chain = found[Tier.CHAIN]
    assert chain is not None
    assert chain.code is Code.LISTS_TOO_OLD


def test_a_line_tells_when_it_was_last_heard(till: Counter) -> None:
    def answered() -> int | None:
        return next(line.answered_ms for line in till.store.lines.states() if line.platform == DOUYIN)

    assert answered() is None
    till.redeem(till.coupon(DOUYIN)["code"])
    heard = answered()
    assert heard is not None
    till.line_down()
    till.clock.advance_ms(5_000)
    till.store.asking.ask(DOUYIN, 1_000, lambda platform, deadline_ms: platform.probe(deadline_ms))
    assert answered() == heard
