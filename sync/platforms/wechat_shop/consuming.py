"""Carrying a consume to its end: all or none of a call, what is left of a refused one, and whose a use is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sync.clock import Clock
from sync.domain.reasons import Code, Reason, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.http import unanswered
from sync.platforms.port import Checkpoint, Denied, RedeemCall, Redeemed, UseResult
from sync.platforms.wechat_shop.faults import reason_of, state_of, voucher_reason
from sync.platforms.wechat_shop.preparation import Part, Plan, Preparation, Unit
from sync.platforms.wechat_shop.reading import Reading
from sync.platforms.wechat_shop.signing import Access
from sync.platforms.wechat_shop.wire import Done, Voucher

# A no that may mean a use of our own, or that a look at the voucher explains better.
_DOUBTFUL = frozenset({Code.USED_ELSEWHERE, Code.PLATFORM_REFUSED, Code.UNITS_TOO_MANY})


@dataclass(slots=True)
class Attempt:
    """One run of one call. `settling`: an earlier run may have been done."""

    call: RedeemCall
    preparation: Preparation
    checkpoint: Checkpoint
    deadline_ms: int
    settling: bool
    results: dict[str, UseResult] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        """The calls as they stand."""
        assert self.preparation.plan is not None
        return self.preparation.plan

    @property
    def done_any(self) -> bool:
        """Something of this call is redeemed."""
        return any(isinstance(result, Redeemed) for result in self.results.values())


class Consuming:
    """Consumes vouchers for one store."""

    def __init__(self, access: Access, reading: Reading, clock: Clock, store_name: str, out_store_id: str) -> None:
        self._access = access
        self._reading = reading
        self._clock = clock
        self._store = {"consume_store_name": store_name, "out_store_id": out_store_id}

    def carry_out(self, attempt: Attempt) -> tuple[UseResult, ...]:
        """The results of all uses, in order. Where a part is done and the rest can't be asked for, OutcomeUnknown."""
        try:
            for part in attempt.plan.parts:
                self._carry(attempt, part)
        except (NeverSent, Refused) as error:
            if not attempt.done_any:
                raise
            reason = error.reason
        else:
            denied = {redemption_id: Denied(redemption_id, why) for redemption_id, why in attempt.plan.denied.items()}
            results: Mapping[str, UseResult] = {**denied, **attempt.results}
            return tuple(results[use.redemption_id] for use in attempt.call.uses)
        raise OutcomeUnknown(reason)

    def _carry(self, attempt: Attempt, part: Part) -> None:
        rest: Part | None = part
        if attempt.settling:
            rest = self._not_done_before(attempt, part)
        while rest is not None:
            rest = self._sent(attempt, rest)

    def _not_done_before(self, attempt: Attempt, part: Part) -> Part | None:
        """What of a part is still to be sent, after a look at its vouchers; None when it was done, or none is left."""
        vouchers = self._stand(part.units, attempt)
        if any(voucher.last_consume_no == part.number for voucher in vouchers.values()):
            self._done(attempt, part, vouchers)
            return None
        spent = {code: state_of(voucher.status) for code, voucher in vouchers.items() if not voucher.is_times_card}
        # A times card tells its last use only: whether an earlier one is ours, the repeat will say.
        return self._leave_out(attempt, part, {code: why for code, why in spent.items() if why is not None})

    def _sent(self, attempt: Attempt, part: Part) -> Part | None:
        """Send a part; None when it is over, else what is left of it, to be sent under its new number."""
        codes = [unit.code for unit in part.units]
        body = {"consume_request_no": part.number, "codes": codes, "sku_id": part.sku_id, **self._store}
        answer = self._access.write(Done, "verify", "voucher/consume", body, attempt.deadline_ms)
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
        vouchers = self._stand_after(doubtful, attempt)
        if any(voucher.last_consume_no == part.number for voucher in vouchers.values()):
            self._done(attempt, part, vouchers)
            return None
        for code, voucher in vouchers.items():
            state, told = state_of(voucher.status), why.get(code, whole)
            if state is not None and told.code is not Code.UNITS_TOO_MANY:
                why[code] = because(state.code, **told.facts)
        return self._leave_out(attempt, part, why or {unit.code: whole for unit in part.units})

    def _leave_out(self, attempt: Attempt, part: Part, why: Mapping[str, Reason]) -> Part | None:
        """The part without what is denied, kept under its new number before anything is sent under it."""
        denied = {unit.redemption_id: why[unit.code] for unit in part.units if unit.code in why}
        if not denied:
            return part
        plan, rest = attempt.plan.without(part, denied, attempt.call.request_id)
        attempt.preparation = replace(attempt.preparation, plan=plan)
        if rest is not None:
            attempt.checkpoint(attempt.preparation.to_prepared())
        return rest

    def _stand(self, units: Iterable[Unit], attempt: Attempt) -> dict[str, Voucher]:
        """The vouchers of some units as they stand, by code; those that the platform will not tell of are left out."""
        found: dict[str, Voucher] = {}
        for code in dict.fromkeys(unit.code for unit in units):
            held = attempt.preparation.of(code)
            try:
                found[code] = self._reading.one(code, held.sku_id if held else "", "read", attempt.deadline_ms)
            except Refused as no:
                if no.reason.about_us:
                    raise
        return found

    def _stand_after(self, units: Iterable[Unit], attempt: Attempt) -> dict[str, Voucher]:
        """The same after a consume was sent: when it can't be read, the outcome isn't known."""
        try:
            return self._stand(units, attempt)
        except NeverSent as error:
            reason = error.reason
        raise OutcomeUnknown(reason)

    def _done(self, attempt: Attempt, part: Part, vouchers: Mapping[str, Voucher]) -> None:
        for unit in part.units:
            voucher, held = vouchers.get(unit.code), attempt.preparation.of(unit.code)
            told_ms = (voucher.consume_time or 0) * 1000 if voucher else 0
            attempt.results[unit.redemption_id] = Redeemed(
                unit.redemption_id,
                told_ms or self._clock.wall_ms(),
                held.unit_fen if held else None,
                _refs(part, unit, held.order_id if held else ""),
                unit.code,
            )


def _refs(part: Part, unit: Unit, order_id: str) -> dict[str, str]:
    place = part.units.index(unit) + 1
    refs = {
        "record": f"{part.number}/{place}",
        "consume_request_no": part.number,
        "sku_id": part.sku_id,
        "order_id": order_id,
    }
    return {**refs, "serial": str(unit.serial)} if unit.serial else refs
