"""A coupon before it is redeemed, and what it still lacks: what the cashier reads out."""

from collections.abc import Iterable, Sequence

from sync.domain.reasons import Code, Reason
from sync.domain.voucher import Coupon
from sync.services.looking import Found
from terminal.i18n import Words, text
from terminal.presenters.counter import Need, Offer
from terminal.presenters.permit import permit_may_help
from terminal.wording import day_of, word


def need_of(reason: Reason) -> Need:
    """What a refusal that was only foreseen asks the cashier for."""
    return Need.EVIDENCE if reason.code in (Code.EVIDENCE_NEEDED, Code.AMOUNT_NEEDED) else Need.NOTHING


def usable(coupons: Iterable[Coupon]) -> list[Coupon]:
    """The coupons of an order that can be used now, the shown one first."""
    found = [coupon for coupon in coupons if coupon.state is None and coupon.units_left > 0]
    return sorted(found, key=lambda coupon: not coupon.selected)


def contents_of(words: Words, coupon: Coupon) -> tuple[str, ...]:
    """What is in the package, line by line."""
    return tuple(words("offer", "line", name=line.name, quantity=line.quantity) for line in coupon.contents)


def until_of(words: Words, zone: str, coupon: Coupon) -> str:
    """The last day on which it is valid."""
    return words("offer", "until", day=day_of(coupon.valid_until_ms - 1, zone)) if coupon.valid_until_ms else ""


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
    most = found.booked_units or (choice[0].units_left if choice else 1)
    units = found.booked_units or min(units, most)
    trust = "" if tier is None else words("trust", "offer", tier=text(language, "tiers", tier))
    sentence = word(why, language, zone) if why is not None else None
    asks_amount = need is Need.EVIDENCE and first is None
    permit = permit_may_help(found)
    if first is None:
        title = words("offer", "unknown", platform=platform)
        worth_fen = found.reading.fields.max_fen * units if found.reading and found.reading.fields else None
        tail = credential.tail
        return Offer(
            platform,
            title,
            tail,
            worth_fen,
            units,
            most,
            "",
            (),
            (),
            "",
            "",
            trust,
            need,
            sentence,
            asks_amount,
            permit,
        )
    uses = words("offer", "uses", total=first.units_total, left=first.units_left) if first.units_total > 1 else ""
    return Offer(
        platform,
        first.title or words("offer", "unknown", platform=platform),
        first.code[-4:] if first.code else credential.tail,
        first.price_fen * units,
        units,
        most,
        uses,
        contents_of(words, first),
        first.terms,
        until_of(words, zone, first),
        first.script,
        trust,
        need,
        sentence,
        asks_amount,
        permit,
    )
