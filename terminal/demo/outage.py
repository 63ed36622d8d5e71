"""The outage: the line drops in the middle of a redemption, and the shop goes on by the tiers of product.md A5."""

from collections.abc import Iterable

from sync.domain.codes import DIANPING, DOUYIN, MEITUAN, MINIPROGRAM, WECHAT_SHOP
from sync.domain.evidence import Witnesses
from sync.services.request import Request
from sync.services.reversing import Reversal
from sync.services.store import Store
from sync.services.verdict import Outcome, UnitVerdict, Verdict
from terminal.demo.control import Sold
from terminal.demo.day import Day
from terminal.demo.noon import ODD_FEN, PHONE
from terminal.demo.step import Step

_BIG_FEN, _TOO_BIG_FEN = 29_000, 38_000
# Beside one of ¥128 so many of ¥290 stay within the ¥2,000 that a cashier may record in an outage.
_RUSH = 6
_PROBES = 2
_RECORDED = "recorded/recorded"


def probe(store: Store, platforms: Iterable[str]) -> None:
    """Ask each as often as it takes to be sure of its line, down or back."""
    for platform in platforms:
        for _ in range(_PROBES):
            store.asking.ask(platform, store.profile.counter_budget_ms, lambda one, deadline_ms: one.probe(deadline_ms))


def answer_lost(day: Day) -> list[Step]:
    """The platform redeems, and the line drops before it can say so: nobody may ask for it again under another name."""
    coupons = [day.sell(platform) for platform in (DOUYIN, MEITUAN, DIANPING, MINIPROGRAM, WECHAT_SHOP)]
    day.control.lose_answers("verify")
    return [day.typed("answer_lost", coupon, "recorded/online") for coupon in coupons]


def line_drops(day: Day) -> list[Step]:
    """Nothing gets through any more; two calls without an answer take a platform offline."""
    day.control.cut_the_line()
    store = day.store
    probe(store, store.asking.platforms)
    offline = sorted(state.platform for state in store.lines.states() if state.offline)
    return [day.event("line_drops", ", ".join(offline), ", ".join(sorted(store.asking.platforms)))]


def permit_for_us(day: Day) -> list[Step]:
    """The customer's phone, on its own line, brings the platform's booking for the till's own request."""
    coupon = day.sell(MINIPROGRAM)
    asked = day.store.permits.request()
    return [day.shown("permit_for_us", coupon, day.phone.answer(asked, coupon), "redeemed/permit")]


def permit(day: Day) -> list[Step]:
    """A permit that the phone fetched before it came to the counter."""
    coupon = day.sell(MINIPROGRAM)
    return [day.shown("permit", coupon, day.phone.permit(coupon, day.store.profile.terminal), "recorded/permit")]


def chain(day: Day) -> list[Step]:
    """A dynamic code of a phone that is offline itself."""
    coupon = day.sell(MINIPROGRAM)
    return [day.shown("chain", coupon, day.control.dynamic(coupon), "recorded/chain")]


def over_the_limit(day: Day) -> list[Step]:
    """Genuine, and worth more than a signature alone is trusted for."""
    coupon = day.sell(MINIPROGRAM, price_fen=_TOO_BIG_FEN)
    return [day.shown("over_the_limit", coupon, day.control.dynamic(coupon), "refused/over_voucher_limit")]


def cached(day: Day) -> list[Step]:
    """A printed code that this morning's list knows; a second time it is used here."""
    coupon = day.kept["cached"]
    return [
        day.typed("cached", coupon, "recorded/cached"),
        day.typed("used_twice_offline", coupon, "refused/used_here"),
    ]


def recorded(day: Day) -> list[Step]:
    """A printed code that nothing vouches for: recorded with order number, amount and the phone's last four."""
    coupon = day.sell(MINIPROGRAM)
    return [
        day.typed("evidence_needed", coupon, "refused/evidence_needed"),
        day.typed("recorded", coupon, _RECORDED, _noted(coupon)),
    ]


def douyin_offline(day: Day) -> list[Step]:
    """A Douyin picture says nothing without a line; the printed code under it can be recorded."""
    coupon = day.sell(DOUYIN)
    return [
        day.shown("douyin_picture_offline", coupon, coupon.qr_text, "refused/qr_needs_line"),
        day.typed("douyin_recorded", coupon, _RECORDED, _noted(coupon)),
    ]


def meituan_offline(day: Day) -> list[Step]:
    """Twelve digits that nobody can be asked about are recorded as what the cashier says they are; whose telephone a
    number is can't be told at all."""
    coupon, other = day.sell(MEITUAN, price_fen=ODD_FEN), day.sell(WECHAT_SHOP)
    return [
        day.typed("meituan_recorded", coupon, _RECORDED, _noted(coupon), MEITUAN),
        day.picked("phone_offline", (), PHONE, (), "refused/phone_needs_line"),
        day.shown("wechat_picture_offline", other, other.qr_text, "refused/evidence_needed"),
        day.typed("wechat_recorded", other, _RECORDED, _noted(other)),
    ]


def manager_asked(day: Day) -> list[Step]:
    """Recording goes on until the cashier's own limit; then a manager's PIN opens the outage once."""
    served: list[Sold] = []
    units: list[UnitVerdict] = []
    while True:
        coupon = day.sell(DOUYIN, price_fen=_BIG_FEN)
        verdict = day.store.redeeming.redeem(coupon.code, Request(day.cashier, 1, _noted(coupon)))
        if verdict.first.outcome is not Outcome.RECORDED or len(served) > _RUSH:
            break
        served.append(coupon)
        units += verdict.units
    opened = day.store.redeeming.redeem(coupon.code, Request(day.cashier, 1, _noted(coupon), day.manager()))
    return [
        day.step("rush", served, Verdict(tuple(units)), f"{_RECORDED} ×{_RUSH}"),
        day.step("manager_asked", (coupon,), verdict, "ask_manager/manager_needed"),
        day.step("manager_opened", (coupon,), opened, _RECORDED),
    ]


def reversed_offline(day: Day) -> list[Step]:
    """A reversal waits for the line; what was never sent is simply withdrawn."""
    morning, fresh = day.kept["reversed_offline"], day.kept["withdrawn"]
    accepted = day.typed("before_withdrawal", fresh, "recorded/cached")
    return [
        day.reverse("reverse_queued", morning, day.redemption_of(morning), Reversal.QUEUED),
        accepted,
        day.reverse("withdrawn", fresh, day.redemption_of(fresh), Reversal.WITHDRAWN),
    ]


def refunded_meanwhile(day: Day) -> list[Step]:
    """Accepted on trust; before it can be sent, its owner has the money back."""
    coupon = day.kept["refunded"]
    accepted = day.typed("refunded_meanwhile", coupon, "recorded/cached")
    day.control.set_lot(coupon, "refunded")
    return [accepted]


def _noted(coupon: Sold) -> Witnesses:
    """The evidence that a cashier writes down."""
    return Witnesses(coupon.price_fen, None, coupon.order_id, "0427")


SCENES = (
    answer_lost,
    line_drops,
    permit_for_us,
    permit,
    chain,
    over_the_limit,
    cached,
    recorded,
    douyin_offline,
    meituan_offline,
    manager_asked,
    reversed_offline,
    refunded_meanwhile,
)
