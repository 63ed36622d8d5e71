"""A coupon before it is redeemed, and what it still lacks: what the cashier reads out."""

from collections.abc import Iterable, Sequence

from sync.domain.reasons import Code, Reason
from sync.domain.voucher import Coupon
from sync.services.looking import Found
from sync.services.weighing import share
from terminal.i18n import Words, text
from terminal.presenters.counter import Need, Offer
from terminal.wording import day_of, word


def need_of(reason: Reason) -> Need:
    """What a refusal that was only foreseen asks the cashier for."""
    return Need.EVIDENCE if reason.code in (Code.EVIDENCE_NEEDED, Code.AMOUNT_NEEDED) else Need.NOTHING


def usable(coupons: Iterable[Coupon]) -> list[Coupon]:
    """The coupons of an order that can be used now, the shown one first."""
    found = [coupon for coupon in coupons if coupon.state is None and coupon.units_left > 0]
    return sorted(found, key=lambda coupon: not coupon.selected)


def offer(
    words: Words,
    zone: str,
    found: Found,
    coupons: Sequence[Coupon],
    units: int,
    why: Reason | None = None,
    need: Need = Need.NOTHING,
    tier: str | None = None,
) -> Offer:
    """What the cashier reads out before confirming. `tier`: on what an acceptance would rest, None when online."""
    language = words.language
    choice = usable(coupons)
    first = choice[0] if choice else (coupons[0] if coupons else None)
    platform = text(language, "platforms", found.recognised.platform)
    credential = found.recognised.credential
    most = found.booked_units or sum(coupon.units_left for coupon in choice) or 1
    units = found.booked_units or min(units, most)
    trust = "" if tier is None else words("trust", "offer", tier=text(language, "tiers", tier))
    sentence = word(why, language, zone) if why is not None else None
    asks_amount = need is Need.EVIDENCE and first is None
    if first is None:
        title = words("offer", "unknown", platform=platform)
        worth_fen = found.reading.fields.max_fen * units if found.reading and found.reading.fields else None
        tail = credential.tail
        return Offer(
            platform, title, tail, worth_fen, units, most, "", (), (), "", "", trust, need, sentence, asks_amount
        )
    until = words("offer", "until", day=day_of(first.valid_until_ms - 1, zone)) if first.valid_until_ms else ""
    uses = words("offer", "uses", total=first.units_total, left=first.units_left) if first.units_total > 1 else ""
    if len(choice) > 1:
        uses = words("offer", "order", count=len(choice))
    taken = share(tuple(coupons), units)
    picked = [(first, units)] if isinstance(taken, Reason) else taken
    titles = [coupon.title for coupon, _ in picked if coupon.title != first.title]
    return Offer(
        platform,
        first.title,
        first.code[-4:] if first.code else credential.tail,
        sum(coupon.price_fen * count for coupon, count in picked),
        units,
        most,
        uses,
        tuple(words("offer", "line", name=line.name, quantity=line.quantity) for line in first.contents),
        first.terms,
        until,
        first.script,
        trust,
        need,
        sentence,
        asks_amount,
        words("offer", "others", titles="、".join(dict.fromkeys(titles))) if titles else "",
    )
