"""What must be kept of a redemption before it is sent: which coupon each use means, and under which request id."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sync.platforms.port import Prepared, RedeemCall, Use


@dataclass(frozen=True, slots=True)
class Held:
    """One coupon as a look-up found it. `card`: a times card; `units_left`: what could be used then; `ng`: only the
    newer of the dining calls know it."""

    code: str = field(repr=False)
    deal_id: str
    card: bool
    units_left: int
    worth_fen: int | None
    selected: bool
    ng: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """One call: uses of one coupon, under one request id that never changes, however many of them are settled."""

    request_id: str
    code: str = field(repr=False)
    redemption_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preparation:
    """The coupons that were found, and the calls once they are decided. `order`: the order's number, where told."""

    order: str
    held: tuple[Held, ...]
    pieces: tuple[Piece, ...] = ()

    def to_prepared(self) -> Prepared:
        """As the port keeps it."""
        values = {"order": self.order, "held": json.dumps([asdict(each) for each in self.held])}
        if self.pieces:
            values["pieces"] = json.dumps([asdict(piece) for piece in self.pieces])
        return Prepared(values)

    def of(self, code: str) -> Held:
        """The coupon of a piece."""
        return next(each for each in self.held if each.code == code)

    def fits(self, call: RedeemCall) -> bool:
        """Whether calls are decided, and none of a use that is no longer wanted."""
        wanted = {use.redemption_id for use in call.uses}
        return bool(self.pieces) and all(wanted.issuperset(piece.redemption_ids) for piece in self.pieces)

    def decided(self, call: RedeemCall) -> "Preparation":
        """With a call for each coupon that is used. One call of all uses bears the request id itself, several bear it
        with their number: uses that are settled on the way must not move the others' ids."""
        uses: dict[str, list[str]] = {}
        for use, held in self._assigned(call.uses):
            if held is not None:
                uses.setdefault(held.code, []).append(use.redemption_id)
        several = len(uses) > 1
        pieces = tuple(
            Piece(f"{call.request_id}-{number}" if several else call.request_id, code, tuple(redemption_ids))
            for number, (code, redemption_ids) in enumerate(uses.items(), 1)
        )
        return Preparation(self.order, self.held, pieces)

    def _assigned(self, uses: tuple[Use, ...]) -> list[tuple[Use, Held | None]]:
        """Each use with its coupon: the one it names, else the next that the shown text stands for, else another of
        the order."""
        by_code = {each.code: each for each in self.held}
        left = {each.code: each.units_left for each in self.held}
        named = [(use, by_code.get(use.ref) if use.ref is not None else None) for use in uses]
        for _, held in named:
            if held is not None:
                left[held.code] -= 1
        ranked = sorted(self.held, key=lambda each: not each.selected)
        free = [each for each in ranked for _ in range(max(0, left[each.code]))]
        return [
            (use, held if held is not None or use.ref is not None else (free.pop(0) if free else None))
            for use, held in named
        ]


def preparation_of(prepared: Prepared | None) -> Preparation | None:
    """Read back what `to_prepared` wrote; None when there is nothing that could have been sent."""
    if prepared is None or "held" not in prepared.values:
        return None
    values: Mapping[str, str] = prepared.values
    held = tuple(Held(**each) for each in json.loads(values["held"]))
    pieces = tuple(
        Piece(each["request_id"], each["code"], tuple(each["redemption_ids"]))
        for each in json.loads(values.get("pieces", "[]"))
    )
    return Preparation(values["order"], held, pieces)
