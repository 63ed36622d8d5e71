"""Several coupons at once: which of them, how many of each, and what that comes to."""

from collections.abc import Sequence

from sync.domain.codes import CredentialKind
from sync.domain.reasons import Reason
from sync.domain.voucher import Coupon
from sync.services.looking import Found
from sync.services.request import Want
from terminal.i18n import Words, text
from terminal.presenters.counter import Basket, BasketLine, Need
from terminal.presenters.offer import contents_of, until_of, usable
from terminal.presenters.phone import masked
from terminal.wording import word

Wants = tuple[Want, ...]


def is_basket(found: Found, coupons: Sequence[Coupon]) -> bool:
    """More than one coupon can be used: the platform was asked, and it is not only others of the order that are left
    while the shown one is used up."""
    by_phone = found.recognised.credential.kind is CredentialKind.PHONE
    choice = usable(coupons)
    asked = found.looked_up is not None and found.booked_units is None
    return asked and len(choice) > 1 and (by_phone or any(coupon.selected for coupon in choice))


def first_wants(found: Found, coupons: Sequence[Coupon]) -> Wants:
    """What is asked for before anybody picked: of several the shown one; of a customer's, none, unless there is only
    one."""
    choice = usable(coupons)
    if found.recognised.credential.kind is CredentialKind.PHONE:
        return (Want(choice[0].ref),) if len(choice) == 1 else ()
    return (Want(choice[0].ref),) if is_basket(found, coupons) else ()


def picked(coupons: Sequence[Coupon], wants: Wants, ref: str, units: int) -> Wants:
    """So many of one coupon from now on, in the order in which they are listed; 0: none of it."""
    counts = {want.ref: want.units for want in wants} | {ref: units}
    return _in_order(coupons, counts)


def spread(coupons: Sequence[Coupon], units: int) -> Wants:
    """So many in all, beginning with the first."""
    counts: dict[str, int] = {}
    for coupon in usable(coupons):
        counts[coupon.ref] = min(coupon.units_left, units)
        units -= counts[coupon.ref]
    return _in_order(coupons, counts)


def still(coupons: Sequence[Coupon], wants: Wants) -> Wants:
    """What was picked, as far as it can still be used."""
    return _in_order(coupons, {want.ref: want.units for want in wants})


def _in_order(coupons: Sequence[Coupon], counts: dict[str, int]) -> Wants:
    taken = ((coupon, min(counts.get(coupon.ref, 0), coupon.units_left)) for coupon in usable(coupons))
    return tuple(Want(coupon.ref, units) for coupon, units in taken if units > 0)


def basket(
    words: Words,
    zone: str,
    found: Found,
    coupons: Sequence[Coupon],
    wants: Wants,
    why: Reason | None = None,
    need: Need = Need.NOTHING,
) -> Basket:
    """The coupons that can be used, with those picked."""
    counts = {want.ref: want.units for want in wants}
    platform = text(words.language, "platforms", found.recognised.platform)
    unnamed = words("offer", "unknown", platform=platform)
    lines = tuple(_line(words, zone, coupon, counts.get(coupon.ref, 0), unnamed) for coupon in usable(coupons))
    credential = found.recognised.credential
    if credential.kind is CredentialKind.PHONE:
        head = words("basket", "phone", number=masked(credential.text), count=len(lines))
    else:
        head = words("basket", "order", count=len(lines))
    return Basket(
        platform,
        head,
        lines,
        sum(line.units for line in lines),
        sum(line.units * line.price_fen for line in lines),
        need,
        word(why, words.language, zone) if why is not None else None,
    )


def _line(words: Words, zone: str, coupon: Coupon, units: int, unnamed: str) -> BasketLine:
    tail = f"…{coupon.code[-4:]}" if coupon.code else ""
    uses = words("offer", "uses", total=coupon.units_total, left=coupon.units_left) if coupon.units_total > 1 else ""
    about = "   ".join(filter(None, (tail, until_of(words, zone, coupon), uses)))
    return BasketLine(
        coupon.ref,
        coupon.title or unnamed,
        about,
        coupon.price_fen,
        units,
        coupon.units_left,
        contents_of(words, coupon),
        coupon.terms,
        coupon.script,
    )


def one_more(view: Basket, place: int) -> tuple[int, int] | None:
    """The line and its units for one more: of this one while it has any left, else of the next that is not picked."""
    line = view.lines[place]
    if line.units < line.left:
        return place, line.units + 1
    for other in (*range(place + 1, len(view.lines)), *range(place)):
        if not view.lines[other].units:
            return other, 1
    return None


def one_less(view: Basket, place: int) -> tuple[int, int] | None:
    """The line and its units for one fewer: of this one while it is picked, else of the last that is."""
    if view.lines[place].units:
        return place, view.lines[place].units - 1
    for other in reversed(range(len(view.lines))):
        if view.lines[other].units:
            return other, view.lines[other].units - 1
    return None
