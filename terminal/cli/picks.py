"""`--pick 1 --pick 3:2`: coupons by their places in what `hexiao lookup` shows, and how many uses of each."""

import re
from dataclasses import dataclass

import click

from sync.services.looking import Found
from sync.services.request import Want

_PICK = re.compile(r"([1-9][0-9]{0,3})(?::([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Pick:
    """So many uses of the coupon at a place (from 1)."""

    place: int
    units: int


def picks_of(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Pick, ...]:
    """What was typed. Raises BadParameter for anything but PLACE or PLACE:USES, and for a place named twice."""
    picks: list[Pick] = []
    for value in values:
        found = _PICK.fullmatch(value)
        if found is None:
            raise click.BadParameter(f"{value[:20]!r} is not PLACE or PLACE:USES, as in 1 or 3:2")
        picks.append(Pick(int(found.group(1)), int(found.group(2) or 1)))
    if len({pick.place for pick in picks}) < len(picks):
        raise click.BadParameter("each coupon is picked once; write the number of its uses behind a colon")
    return tuple(picks)


def wants_of(picks: tuple[Pick, ...], found: Found) -> tuple[Want, ...]:
    """The coupons at those places. Raises UsageError where the look-up shows fewer."""
    coupons = found.looked_up.coupons if found.looked_up is not None else ()
    for pick in picks:
        if pick.place > len(coupons):
            raise click.UsageError(f"--pick {pick.place}: the look-up shows {len(coupons)} coupons")
    return tuple(Want(coupons[pick.place - 1].ref, pick.units) for pick in picks)
