"""Consuming vouchers: all or none of a call, why one stands in the others' way, and whose a use is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sync.clock import Clock
from sync.domain.reasons import Code, Reason, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.http import unanswered
from sync.platforms.plan import Attempt, Part, Unit
from sync.platforms.port import Redeemed
from sync.platforms.wechat_shop.faults import reason_of, state_of, voucher_reason
from sync.platforms.wechat_shop.preparation import Preparation
from sync.platforms.wechat_shop.reading import Reading
from sync.platforms.wechat_shop.signing import Access
from sync.platforms.wechat_shop.wire import Done, Voucher

# A no that may mean a use of our own, or that a look at the voucher explains better.
_DOUBTFUL: Final = frozenset({Code.USED_ELSEWHERE, Code.PLATFORM_REFUSED, Code.UNITS_TOO_MANY})


@dataclass(frozen=True, slots=True)
class Consuming:
    """The calls of one redemption, in one store."""

    access: Access
    reading: Reading
    clock: Clock
    store: Mapping[str, str]
    preparation: Preparation

    def not_done_before(self, attempt: Attempt, part: Part) -> Part | None:
        """After a look at the vouchers: a part is done if one of them was last consumed under its number."""
        vouchers = self._stand(part.units, attempt.deadline_ms)
        if any(voucher.last_consume_no == part.number for voucher in vouchers.values()):
            self._done(attempt, part, vouchers)
            return None
        # A times card tells its last use only, and a used voucher may not tell whose use it was: the repeat will say.
        single = {code: each for code, each in vouchers.items() if not (each.is_times_card or each.used_by_nobody_told)}
        return attempt.leave_out(part, _denied(part, {code: state_of(each.status) for code, each in single.items()}))

    def sent(self, attempt: Attempt, part: Part) -> Part | None:
        """Send a part, and leave out of it what stands in its way."""
        codes = [unit.code for unit in part.units]
        body = {"consume_request_no": part.number, "codes": codes, "sku_id": part.about, **self.store}
        answer = self.access.write(Done, "verify", "voucher/consume", body, attempt.deadline_ms)
        failed = answer.fail_voucher_list or []
        if not answer.errcode and not failed:
            self._done(attempt, part, {voucher.code: voucher for voucher in answer.voucher_list or []})
            return None
        why = {each.code or "": voucher_reason(each.ret_code or "", each.ret_msg or "") for each in failed}
        if not why.keys() <= set(codes):
            raise unanswered("verify", "other_question")
        for reason in why.values():
            if reason.about_us:
                raise Refused(reason)
        return self._explained(attempt, part, why, reason_of(answer.errcode, answer.errmsg or ""))

    def _explained(self, attempt: Attempt, part: Part, why: dict[str, Reason], whole: Reason) -> Part | None:
        """A refused part: those that stood in its way are denied. Where the platform named none, a look at the vouchers
        tells, and where that tells nothing either, all are denied."""
        doubtful = [unit for unit in part.units if not why or (unit.code in why and why[unit.code].code in _DOUBTFUL)]
        vouchers = self._stand_after(doubtful, attempt.deadline_ms)
        if any(voucher.last_consume_no == part.number for voucher in vouchers.values()):
            self._done(attempt, part, vouchers)
            return None
        for code, voucher in vouchers.items():
            state, told = state_of(voucher.status), why.get(code, whole)
            if state is not None and told.code is not Code.UNITS_TOO_MANY:
                why[code] = because(state.code, **told.facts)
        return attempt.leave_out(part, _denied(part, why or {unit.code: whole for unit in part.units}, vouchers))

    def _stand(self, units: Iterable[Unit], deadline_ms: int) -> dict[str, Voucher]:
        """The vouchers of some units as they stand, by code; those that the platform will not tell of are left out."""
        found: dict[str, Voucher] = {}
        for code in dict.fromkeys(unit.code for unit in units):
            held = self.preparation.of(code)
            try:
                found[code] = self.reading.one(code, held.sku_id if held else "", "read", deadline_ms)
            except Refused as no:
                if no.reason.about_us:
                    raise
        return found

    def _stand_after(self, units: Iterable[Unit], deadline_ms: int) -> dict[str, Voucher]:
        """The same after a consume was sent: when it can't be read, the outcome isn't known."""
        try:
            return self._stand(units, deadline_ms)
        except NeverSent as error:
            reason = error.reason
        raise OutcomeUnknown(reason)

    def _done(self, attempt: Attempt, part: Part, vouchers: Mapping[str, Voucher]) -> None:
        for unit in part.units:
            voucher, held = vouchers.get(unit.code), self.preparation.of(unit.code)
            told_ms = (voucher.consume_time or 0) * 1000 if voucher else 0
            attempt.results[unit.redemption_id] = Redeemed(
                unit.redemption_id,
                told_ms or self.clock.wall_ms(),
                held.unit_fen if held else None,
                _refs(part, unit, held.order_id if held else ""),
                unit.code,
            )


def _denied(
    part: Part, why: Mapping[str, Reason | None], vouchers: Mapping[str, Voucher] = MappingProxyType({})
) -> dict[str, Reason]:
    """The units that can't be redeemed. Of a times card with fewer uses left than were asked for, only the surplus."""
    denied: dict[str, Reason] = {}
    for code, reason in why.items():
        units = [unit.redemption_id for unit in part.units if unit.code == code]
        voucher = vouchers.get(code)
        left = voucher.units_left if voucher is not None and voucher.is_times_card else 0
        if reason is not None and 0 < left < len(units):
            denied |= dict.fromkeys(units[left:], because(Code.UNITS_TOO_MANY, **reason.facts))
        elif reason is not None:
            denied |= dict.fromkeys(units, reason)
    return denied


def _refs(part: Part, unit: Unit, order_id: str) -> dict[str, str]:
    place = part.units.index(unit) + 1
    refs = {
        "record": f"{part.number}/{place}",
        "consume_request_no": part.number,
        "sku_id": part.about,
        "order_id": order_id,
    }
    return {**refs, "serial": str(unit.serial)} if unit.serial else refs
