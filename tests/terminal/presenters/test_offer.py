"""An offer: what the cashier reads out, how many, and what is still lacking."""

from sync.domain.codes import Credential, CredentialKind, Recognised
from sync.domain.reasons import Code, because
from sync.domain.voucher import Coupon, Line
from sync.platforms.port import LookedUp
from sync.services.looking import Found
from terminal.i18n import Words
from terminal.presenters.counter import Need, Offer
from terminal.presenters.offer import offer

ZH = Words("redeem", "zh")
ZONE = "Asia/Shanghai"
NOW_MS = 1_795_000_000_000
SHOWN = Recognised("douyin", Credential(CredentialKind.CODE, "123456789012"))


def coupon(title: str = "双人烤鱼套餐", price_fen: int = 12_800, left: int = 1, *, selected: bool = True) -> Coupon:
    return Coupon(
        ref=title,
        handle=title,
        code=None,
        title=title,
        price_fen=price_fen,
        kind="voucher",
        units_total=max(left, 1),
        units_left=left,
        valid_from_ms=None,
        valid_until_ms=NOW_MS,
        selected=selected,
        contents=(Line("清江鱼", 1),),
        terms=("周五至周日需提前预约",),
        script="请确认是 2 人套餐",
    )


def found(*coupons: Coupon) -> Found:
    return Found(SHOWN, "r", LookedUp("o", coupons) if coupons else None)


def offered(coupons: tuple[Coupon, ...], units: int = 1) -> Offer:
    return offer(ZH, ZONE, found(*coupons), coupons, units)


def test_an_offer_tells_contents_terms_validity_and_worth() -> None:
    view = offered((coupon(),))
    assert view.contents == ("清江鱼 × 1",)
    assert view.terms == ("周五至周日需提前预约",)
    # Valid until the moment before the first at which it no longer is.
    assert view.until == "有效至 2026-11-18"
    assert (view.amount_fen, view.units_most, view.trust, view.need) == (12_800, 1, "", Need.NOTHING)


def test_a_coupon_whose_platform_names_no_product_is_called_by_the_platform() -> None:
    assert offered((coupon(title=""),)).title == "抖音券"


def test_more_units_than_there_are_become_those_there_are() -> None:
    assert offered((coupon(left=3),), units=9).units == 3


def test_of_an_unknown_coupon_the_amount_is_asked_for() -> None:
    why = because(Code.EVIDENCE_NEEDED, line="unreachable")
    view = offer(ZH, ZONE, found(), (), 1, why, Need.EVIDENCE)
    assert (view.amount_fen, view.asks_amount, view.need) == (None, True, Need.EVIDENCE)
    assert view.why is not None
    assert "连不上平台" in view.why.why


def test_a_known_coupon_needs_no_amount() -> None:
    why = because(Code.EVIDENCE_NEEDED, line="unreachable")
    assert not offer(ZH, ZONE, found(), (coupon(),), 1, why, Need.EVIDENCE).asks_amount


def test_what_rests_on_trust_says_on_what() -> None:
    view = offer(ZH, ZONE, found(), (coupon(),), 1, tier="chain")
    assert "凭签名验证" in view.trust
