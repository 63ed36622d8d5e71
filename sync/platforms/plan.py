"""Carrying out a redemption in calls of which each is done whole or not at all, each under a number of its own."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Protocol

from sync.domain.reasons import Reason, from_json, to_json
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.port import Denied, RedeemCall, Redeemed, UseResult


@dataclass(frozen=True, slots=True)
class Unit:
    """One use in a call. `serial`: the how manieth use of its times card, 0 where there is none or nobody tells."""

    redemption_id: str
    code: str = field(repr=False)
    serial: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One call. `about`: what all its units share by the platform's rules (an SKU, a code)."""

    number: str
    about: str = field(repr=False)
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The calls of a redemption. `made`: how many numbers were ever made, so that none is made twice; `denied`: the
    units that the platform will not redeem."""

    parts: tuple[Part, ...]
    made: int
    denied: Mapping[str, Reason]

    def without(self, part: Part, denied: Mapping[str, Reason], request_id: str) -> tuple["Plan", Part | None]:
        """With the rest of a refused part under a number of its own: a number may only ever mean what was sent under
        it first."""
        left = tuple(unit for unit in part.units if unit.redemption_id not in denied)
        plan, rest = self.with_left(part, left, request_id)
        return replace(plan, denied={**self.denied, **denied}), rest

    def with_left(self, part: Part, left: tuple[Unit, ...], request_id: str) -> tuple["Plan", Part | None]:
        """With these units of a part alone, under a number of its own."""
        rest = Part(number_of(request_id, self.made + 1), part.about, left) if left else None
        others = tuple(each for each in self.parts if each is not part)
        parts = (*others, rest) if rest is not None else others
        return Plan(parts, self.made + (rest is not None), self.denied), rest


def first_plan(request_id: str, lots: list[tuple[str, tuple[Unit, ...]]], denied: Mapping[str, Reason]) -> Plan:
    """A call for each lot; what is denied before anything is sent is in none."""
    parts = tuple(Part(number_of(request_id, place), *lot) for place, lot in enumerate(lots, 1))
    return Plan(parts, len(parts), denied)


def plan_text(plan: Plan) -> str:
    """A plan as it is kept."""
    denied = {redemption_id: to_json(reason) for redemption_id, reason in plan.denied.items()}
    return json.dumps({"parts": [asdict(part) for part in plan.parts], "made": plan.made, "denied": denied})


def plan_of(text: str) -> Plan:
    """Read back what `plan_text` wrote."""
    found = json.loads(text)
    parts = tuple(
        Part(part["number"], part["about"], tuple(Unit(**unit) for unit in part["units"])) for part in found["parts"]
    )
    denied = {redemption_id: from_json(reason) for redemption_id, reason in found["denied"].items()}
    return Plan(parts, found["made"], denied)


def number_of(request_id: str, place: int) -> str:
    """The number of a call, from the id of the redemption: the first is that id itself."""
    return request_id if place == 1 else f"{request_id}_{place}"


def request_of(number: str) -> str:
    """The id of the redemption that a call's number was made from."""
    return number.partition("_")[0]


@dataclass(slots=True)
class Attempt:
    """One run of one redemption. `keep` is told each change of the plan before anything is sent under it; `settling`:
    an earlier run may have been done."""

    call: RedeemCall
    plan: Plan
    keep: Callable[[Plan], None]
    deadline_ms: int
    settling: bool
    results: dict[str, UseResult] = field(default_factory=dict)

    @property
    def done_any(self) -> bool:
        """Something of this redemption is done."""
        return any(isinstance(result, Redeemed) for result in self.results.values())

    def leave_out(self, part: Part, denied: Mapping[str, Reason]) -> Part | None:
        """Deny some units of a part, by redemption id; what is left of it, under its new number. The part itself where
        none is denied."""
        if not denied:
            return part
        return self._changed_to(*self.plan.without(part, denied, self.call.request_id))

    def still_wanted(self, part: Part) -> Part | None:
        """A part without the uses that the call has lost since the plan was made. Such a use was withdrawn, and that is
        possible only where no part with it was ever done."""
        wanted = {use.redemption_id for use in self.call.uses}
        left = tuple(unit for unit in part.units if unit.redemption_id in wanted)
        if left == part.units:
            return part
        return self._changed_to(*self.plan.with_left(part, left, self.call.request_id))

    def _changed_to(self, plan: Plan, rest: Part | None) -> Part | None:
        self.plan = plan
        if rest is not None:
            self.keep(plan)
        return rest


class Calls(Protocol):
    """How a platform is asked. Both bring what of a part is still to be sent, None when it is over; what was done goes
    into the attempt's results."""

    def not_done_before(self, attempt: Attempt, part: Part) -> Part | None:
        """Look whether an earlier run of the part was done."""

    def sent(self, attempt: Attempt, part: Part) -> Part | None:
        """Send a part."""


def carry_out(calls: Calls, attempt: Attempt) -> tuple[UseResult, ...]:
    """The results of all uses, in order. Where a part is done and the rest can't be asked for, OutcomeUnknown."""
    try:
        for part in attempt.plan.parts:
            rest = calls.not_done_before(attempt, part) if attempt.settling else part
            rest = attempt.still_wanted(rest) if rest is not None else None
            while rest is not None:
                rest = calls.sent(attempt, rest)
    except (NeverSent, Refused) as error:
        if not attempt.done_any:
            raise
        reason = error.reason
    else:
        denied = {redemption_id: Denied(redemption_id, why) for redemption_id, why in attempt.plan.denied.items()}
        results: Mapping[str, UseResult] = {**denied, **attempt.results}
        return tuple(results[use.redemption_id] for use in attempt.call.uses)
    raise OutcomeUnknown(reason)
