"""Which uses of a coupon are those that one call of ours made: told by what was counted and listed before and after."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sync.platforms.douyin.preparation import Held
from sync.platforms.douyin.wire import Certificate, Verification

# How a till verifies (1.6): what the shop's own scanner or the customer did is none of ours.
OPEN_API: Final = frozenset({None, 0, 4})


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a coupon since it was prepared. `ours`: the uses that stand now, did not then, and may be this
    till's; `uncounted`: how many more uses the platform counts than it lists (negative: fewer), 0 where both agree or
    nothing was counted."""

    ours: tuple[Verification, ...]
    uncounted: int


def since(item: Certificate, held: Held, taken: Collection[str], poi_id: str) -> Since:
    """The certificate as it stands against the preparation; uses `taken` for this call already are left out."""
    listed = {each.verify_id or "" for each in item.verifications}
    fresh = [each for each in item.verifications if each.verify_id not in held.seen]
    vanished = sum(verify_id not in listed for verify_id in held.seen)
    counted = item.units_used - held.used if item.is_times_card and held.used is not None else len(fresh) - vanished
    ours = tuple(each for each in fresh if each.verify_id not in taken and may_be_ours(each, poi_id))
    return Since(ours, counted - (len(fresh) - vanished))


def may_be_ours(use: Verification, poi_id: str) -> bool:
    """At this shop and through the open API."""
    return (not use.poi_id or use.poi_id == poi_id) and use.verify_type in OPEN_API


def of_one_call(uses: Iterable[Verification], count: int) -> list[Verification] | None:
    """The `count` uses that one call made, where that can be told: there are no others, or they alone share their
    second. None where it can't."""
    listed = sorted(uses, key=lambda use: (use.verify_time or 0, use.times_card_serial_num or 0))
    if len(listed) == count:
        return listed
    by_second: dict[int, list[Verification]] = {}
    for use in listed:
        by_second.setdefault(use.verify_time or 0, []).append(use)
    fitting = [group for group in by_second.values() if len(group) == count]
    return fitting[0] if len(fitting) == 1 else None
