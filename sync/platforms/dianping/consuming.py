"""Redeeming: all coupons of a call or none, what is left when there are fewer than thought, and whose a use is."""

from dataclasses import dataclass
from typing import Final

from sync.clock import Clock
from sync.domain.reasons import Code, Reason, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.dianping.preparation import Preparation
from sync.platforms.dianping.reading import Reading, Whose, mark_of, whose
from sync.platforms.dianping.signing import Access
from sync.platforms.dianping.wire import Receipt, read_all
from sync.platforms.http import unanswered
from sync.platforms.plan import Attempt, Part
from sync.platforms.port import Redeemed

# A no that may mean a use of our own.
_DOUBTFUL: Final = frozenset({Code.USED_ELSEWHERE, Code.UNITS_TOO_MANY, Code.PLATFORM_REFUSED})


@dataclass(frozen=True, slots=True)
class Consuming:
    """The calls of one redemption, in the name of one terminal."""

    access: Access
    reading: Reading
    clock: Clock
    terminal: str
    preparation: Preparation

    def not_done_before(self, attempt: Attempt, part: Part) -> Part | None:
        """After a look at the last use. Where that is not certainly ours or another's, the repeat under the same id
        tells: it is answered as the first was."""
        told = self.reading.last_use(part.about, attempt.deadline_ms)
        if told is None:
            return part
        match whose(told, mark_of(self.terminal, attempt.call.request_id)):
            case Whose.OURS if len(part.units) == 1:
                self._done(attempt, part, [told])
                return None
            case Whose.THEIRS if len(part.units) == 1 and not self._is_card(part):
                return attempt.leave_out(part, _all(part, because(Code.USED_ELSEWHERE)))
            case _:
                return part

    def sent(self, attempt: Attempt, part: Part) -> Part | None:
        """Send a part."""
        fields = {
            "requestid": part.number,
            "receipt_code": part.about,
            "count": str(len(part.units)),
            "app_shop_account": mark_of(self.terminal, attempt.call.request_id),
            "app_shop_accountname": self.terminal,
        }
        try:
            data = self.access.ask("verify", "consume", fields, attempt.deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            return self._explained(attempt, part, no.reason)
        receipts = read_all(data, "verify") if data else []
        if not any(receipt.receipt_code == part.about for receipt in receipts):
            raise unanswered("verify", "other_question")
        self._done(attempt, part, self._completed(attempt, part, receipts))
        return None

    def _completed(self, attempt: Attempt, part: Part, receipts: list[Receipt]) -> list[Receipt]:
        """A yes that tells fewer codes than were asked for, with those that the book has under our mark."""
        if self._is_card(part) or len(receipts) >= len(part.units):
            return receipts
        mark, told = mark_of(self.terminal, attempt.call.request_id), receipts[0]
        try:
            codes = self.reading.codes_under(mark, told.verify_time or self.clock.wall_ms(), attempt.deadline_ms)
        except (NeverSent, Refused) as error:
            reason = error.reason
        else:
            known = {receipt.receipt_code for receipt in receipts}
            more = [told.model_copy(update={"receipt_code": code}) for code in codes if code not in known]
            return [*receipts, *more]
        raise OutcomeUnknown(reason)

    def _explained(self, attempt: Attempt, part: Part, why: Reason) -> Part | None:
        """A refused part, unless it was done by this very redemption. Where there are fewer than was thought, what is
        left of them is redeemed."""
        if why.code in _DOUBTFUL and self._found_done(attempt, part):
            return None
        left = self._left(attempt, part) if why.code is Code.UNITS_TOO_MANY and len(part.units) > 1 else 0
        surplus = part.units[left:]
        if not surplus:
            # As many as were asked for, and refused all the same: nothing but the no itself explains that.
            surplus = part.units
        return attempt.leave_out(part, {unit.redemption_id: why for unit in surplus})

    def _found_done(self, attempt: Attempt, part: Part) -> bool:
        mark = mark_of(self.terminal, attempt.call.request_id)
        try:
            told = self.reading.last_use(part.about, attempt.deadline_ms)
            if told is None or whose(told, mark) is not Whose.OURS:
                return False
            codes = [part.about]
            if len(part.units) > 1 and not self._is_card(part):
                codes = self.reading.codes_under(mark, told.verify_time or self.clock.wall_ms(), attempt.deadline_ms)
        except (NeverSent, Refused) as error:
            reason = error.reason
        else:
            done = [told.model_copy(update={"receipt_code": code}) for code in codes]
            self._done(attempt, part, [told, *(each for each in done if each.receipt_code != part.about)])
            return True
        # Asked after it was sent: when it can't be read, the outcome isn't known.
        raise OutcomeUnknown(reason)

    def _left(self, attempt: Attempt, part: Part) -> int:
        """How many may still be redeemed under a part's code. Asked after a refusal: nothing of it was done."""
        try:
            return self.reading.prepare(part.about, attempt.deadline_ms).units_left
        except Refused as no:
            if no.reason.about_us:
                raise
            return 0

    def _is_card(self, part: Part) -> bool:
        held = self.preparation.of(part.about)
        return held is not None and held.card

    def _done(self, attempt: Attempt, part: Part, receipts: list[Receipt]) -> None:
        held = self.preparation.of(part.about)
        if not self._is_card(part) and len(receipts) < len(part.units):
            # Which other coupons were used, a reversal has to know: until the book tells, it is not settled.
            raise unanswered("verify", "fewer_codes")
        for place, unit in enumerate(part.units):
            receipt = receipts[place] if place < len(receipts) else receipts[0]
            refs = {"app_deal_id": receipt.deal_id or (held.deal_id if held else "")}
            if held is not None and held.card:
                # How many uses were left behind this one: by that a reversal knows whether it is still the latest.
                refs["left"] = str(held.units_left - place - 1)
            worth_fen = receipt.unit_fen()
            attempt.results[unit.redemption_id] = Redeemed(
                unit.redemption_id,
                receipt.verify_time or self.clock.wall_ms(),
                worth_fen if worth_fen is not None else (held.unit_fen if held else None),
                refs,
                receipt.receipt_code,
            )


def _all(part: Part, why: Reason) -> dict[str, Reason]:
    return {unit.redemption_id: why for unit in part.units}
