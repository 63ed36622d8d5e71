"""One scan from text to verdict: look up, decide and claim, deliver, tell; the same path online or not."""

import threading
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from sync.clock import Clock
from sync.domain.decision import Accept, AcceptOnTrust, Decision, Refuse
from sync.domain.reasons import Code, Reason, because
from sync.domain.redemption import Redemption, State
from sync.domain.trust import Tier
from sync.domain.voucher import Coupon
from sync.errors import NeverSent, OutcomeUnknown, PlatformError
from sync.ledger import redemptions
from sync.ledger.ledger import Ledger
from sync.ledger.tables import SHIFTS
from sync.ledger.transaction import Transaction
from sync.platforms.port import Denied, Redeemed
from sync.services import refusing
from sync.services.booking import most_calls
from sync.services.claiming import Claimed, Claiming
from sync.services.courier import Answer, Courier, Parcel, sorted_out
from sync.services.looking import Found, Looking
from sync.services.profile import Profile
from sync.services.request import Request
from sync.services.settled import Settled
from sync.services.stage import Hearer, Stage, tell, unheard
from sync.services.timekeeping import Timekeeper
from sync.services.verdict import Outcome, UnitVerdict, Verdict, of_row, refused
from sync.services.weighing import LookAgain, Resume, Weighing, foremost


@dataclass(frozen=True, slots=True)
class Foresight:
    """What confirming would come to now. `decision`: of several coupons the first that is not an acceptance, else the
    acceptance; Resume: an earlier scan would be taken on, LookAgain: the text has to be looked up afresh. `coupon`: the
    best description of the coupon in question, without what the cache keeps sealed (Looking.described tells that);
    `units_left`: of it, None where nobody knows."""

    decision: Decision | Resume | LookAgain
    coupon: Coupon | None = None
    units_left: int | None = None


class Redeeming:
    """The path of one scan. Safe to use from several threads."""

    def __init__(
        self,
        ledger: Ledger,
        looking: Looking,
        courier: Courier,
        keeper: Timekeeper,
        profile: Profile,
        clock: Clock,
        settled: Settled,
    ) -> None:
        self._ledger = ledger
        self._looking = looking
        self._courier = courier
        self._keeper = keeper
        self._profile = profile
        self._clock = clock
        self._weighing = Weighing(profile, settled)
        self._claiming = Claiming(keeper, profile, clock, self._weighing)
        self._writing: list[Future[Any]] = []
        self._lock = threading.Lock()

    def redeem(self, text: str, request: Request, platform: str | None = None, heard: Hearer = unheard) -> Verdict:
        """Look up and confirm in one go."""
        found = self._looking.look_up(text, platform)
        if isinstance(found, Reason):
            return self.decline(text, found, request)
        return self.confirm(found, request, heard)

    def decline(self, text: str, reason: Reason, request: Request) -> Verdict:
        """Record a text that is no coupon of this store."""

        def job(tx: Transaction) -> None:
            now = self._keeper.now(tx)
            refusing.record(tx, self._profile, now, request.staff.id, text, reason)
            tx.seal_entry("redemption.refused", self._keeper.stamp(tx, request.staff.id))

        self._ledger.write(job)
        platform = str(reason.facts["platform"]) if "platform" in reason.facts else None
        return Verdict((refused(reason, platform),))

    def confirm(self, found: Found, request: Request, heard: Hearer = unheard) -> Verdict:
        """The cashier says yes. When this returns, whatever was accepted is durable. `heard` is told each stage on the
        calling thread."""
        if found.unfinished is not None:
            return Verdict(self._resume(found.unfinished, request, heard))
        entry_ids = [self._clock.new_id() for _ in range(most_calls(found, request))]
        with ExitStack() as hands:
            # In hand before the claim is durable, so that the background never picks one up in between.
            for entry_id in entry_ids:
                hands.enter_context(self._courier.holding(entry_id))
            claim = self._ledger.write(lambda tx: self._claiming.claim(tx, found, request, entry_ids))
            if isinstance(claim, Claimed):
                return self._claimed(claim, request, heard)
        match claim:
            case Resume():
                return self._taken_on(claim, found, request, heard)
            case LookAgain():
                return self.redeem(found.recognised.credential.text, request, found.recognised.platform, heard)
            case _:
                return Verdict(claim.units)

    def refuse(self, found: Found, request: Request) -> Verdict | None:
        """Record the refusal that was foreseen. Nobody said yes, so nothing is ever accepted: None, and nothing
        written, where the scan would not be refused any more. Of several coupons the refused ones are recorded. Raises
        NotAllowed(SHIFT_NOT_OPEN) where only the shift is wanting."""
        if found.unfinished is not None:
            return None
        declined = self._ledger.write(lambda tx: self._claiming.refuse(tx, found, request))
        return Verdict(declined.units) if declined is not None else None

    def foresee(self, found: Found, request: Request) -> Foresight:
        """What `confirm` would decide at this moment; records nothing, so that evidence or a manager's PIN can be asked
        for before anything stands as refused."""
        if found.unfinished is not None:
            return Foresight(Resume(found.unfinished))
        return self._ledger.read(lambda tx: self._foreseen(tx, found, request))

    def _foreseen(self, tx: Transaction, found: Found, request: Request) -> Foresight:
        weighed = self._weighing.weigh_new(tx, found, request, self._keeper.now(tx))
        if isinstance(weighed, (Resume, LookAgain)):
            return Foresight(weighed)
        if isinstance(weighed, Reason):
            return Foresight(Refuse(weighed))
        one = foremost(weighed)
        evidence = one.evidence
        left = max(evidence.units_free, 0) if evidence.coupon is not None or evidence.signed is not None else None
        accepted = isinstance(one.decision, (Accept, AcceptOnTrust))
        if accepted and tx.one(SHIFTS, "state <> 'closed'", ()) is None:
            return Foresight(Refuse(because(Code.SHIFT_NOT_OPEN)), evidence.coupon, left)
        return Foresight(one.decision, evidence.coupon, left)

    def _claimed(self, claim: Claimed, request: Request, heard: Hearer) -> Verdict:
        tell(heard, Stage.BOOKED)
        if not claim.send_now:
            return Verdict((*claim.accepted, *claim.denied))
        tell(heard, Stage.CALLING)
        told: list[UnitVerdict] = []
        until_ms = self._clock.monotonic_ms() + self._profile.counter_budget_ms
        left_ms = self._profile.counter_budget_ms
        for parcel in claim.parcels:
            answer, unpromised = self._send(parcel, request.staff.id, left_ms)
            told += _told(parcel, claim.accepted, answer, unpromised)
            # A line that has just failed is not waited for again: what is left goes out from behind the counter.
            left_ms = 0 if _silent(answer) else max(until_ms - self._clock.monotonic_ms(), 0)
        if not _silent(answer):
            tell(heard, Stage.ANSWERED)
        return Verdict((*told, *claim.denied))

    def _send(self, parcel: Parcel, who: str, budget_ms: int) -> tuple[Answer, Reason | None]:
        answer: Answer = NeverSent(because(Code.UNREACHABLE, platform=parcel.entry.platform))
        if budget_ms > 0:
            answer = self._courier.carry(parcel, budget_ms)
        written = self._courier.put_down(parcel, answer, who, promise=True)
        if isinstance(answer, PlatformError) or not all(isinstance(result, Redeemed) for result in answer):
            # A promise must be durable before its light; a yes of the platform can be asked for again.
            return answer, written.result()
        with self._lock:
            self._writing = [future for future in self._writing if not future.done()]
            self._writing.append(written)
        return answer, None

    def _taken_on(self, resume: Resume, found: Found, request: Request, heard: Hearer) -> Verdict:
        """Earlier scans are brought on; what was wanted besides is redeemed now."""
        told = [unit for entry_id in resume.entries for unit in self._resume(entry_id, request, heard)]
        more = self.confirm(found, replace(request, wants=resume.rest), heard).units if resume.rest else ()
        return Verdict((*told, *more))

    def _resume(self, entry_id: str, request: Request, heard: Hearer) -> tuple[UnitVerdict, ...]:
        """An earlier scan of the same coupon never came to an end: bring it on, and tell how it stands."""
        tell(heard, Stage.BOOKED)
        with self._courier.holding(entry_id, self._profile.counter_budget_ms) as mine:
            rows = self._rows(entry_id)
            if mine and any(row.owed and row.tier == Tier.ONLINE for row in rows):
                for parcel in self._courier.pick_up([entry_id]):
                    tell(heard, Stage.CALLING)
                    answer = self._courier.carry(parcel, self._profile.counter_budget_ms)
                    if not _silent(answer):
                        tell(heard, Stage.ANSWERED)
                    self._courier.put_down(parcel, answer, request.staff.id).result()
        # Whoever has it in hand, and whether or not it could be asked about: told "recorded" is promised.
        unpromised = None
        if any(row.owed and not row.promised for row in self._rows(entry_id)):
            unpromised = self._courier.promise([row.id for row in rows], request.staff.id)
        rows = self._rows(entry_id)
        # What was taken back meanwhile was a use and is none any more.
        standing = [row for row in rows if row.state not in (State.REVERSED, State.WITHDRAWN)] or rows
        return tuple(_resumed(row, unpromised) for row in standing)

    def _rows(self, entry_id: str) -> list[Redemption]:
        return self._ledger.read(lambda tx: redemptions.of_call(tx, entry_id))

    def standing(self, redemption_ids: Iterable[str]) -> Verdict | None:
        """How the units of an earlier verdict stand now; None when none of them is known."""
        ids = tuple(redemption_ids)
        rows = self._ledger.read(lambda tx: [redemptions.by_id(tx, one) for one in ids])
        units = tuple(of_row(row) for row in rows if row is not None)
        return Verdict(units) if units else None

    def announced(self, verdict: Verdict) -> None:
        """The verdict was shown: a further scan is a new one, not a repeat of an interrupted one. Durable after
        `flush`."""
        # Who was told "not now" of what is still owed has not been told how it ended.
        told = [unit for unit in verdict.units if unit.outcome in (Outcome.REDEEMED, Outcome.RECORDED)]
        ids = tuple(unit.redemption_id for unit in told if unit.redemption_id is not None)
        if ids:
            future = self._ledger.write_soon(lambda tx: redemptions.announce(tx, ids, self._keeper.now(tx).ms))
            with self._lock:
                self._writing.append(future)

    def flush(self) -> None:
        """Wait until every answer is durable; raises what went wrong with one that was still under way."""
        with self._lock:
            waiting, self._writing = self._writing, []
        for future in waiting:
            future.result()


def _silent(answer: Answer) -> bool:
    return isinstance(answer, (NeverSent, OutcomeUnknown))


def _resumed(row: Redemption, unpromised: Reason | None) -> UnitVerdict:
    """How a resumed row stands; what may not be promised any more is told as refused for now."""
    if unpromised is not None and row.owed and not row.promised:
        return replace(of_row(row), outcome=Outcome.REFUSED, reason=unpromised)
    return of_row(row)


def _told(
    parcel: Parcel, accepted: tuple[UnitVerdict, ...], answer: Answer, unpromised: Reason | None
) -> list[UnitVerdict]:
    """The verdicts of a call that was sent: what the answer settled, and "recorded" for what it left open, unless the
    outage's limits are reached: then it is not promised, and a further scan tells how it ended."""
    results, error = sorted_out(parcel, answer)
    settled = {result.redemption_id: result for result in results}
    sent = {row.id for row in parcel.rows}
    told: list[UnitVerdict] = []
    for unit in accepted:
        if unit.redemption_id not in sent:
            continue
        result = settled.get(unit.redemption_id or "")
        if result is None and unpromised is not None:
            told.append(replace(unit, outcome=Outcome.REFUSED, reason=unpromised))
        elif result is None:
            told.append(replace(unit, outcome=Outcome.RECORDED, reason=error.reason if error else None))
        elif isinstance(result, Denied):
            told.append(replace(unit, outcome=Outcome.REFUSED, reason=result.reason))
        else:
            booked_fen = result.amount_fen if isinstance(result, Redeemed) else None
            worth_fen = unit.amount_fen if booked_fen is None else booked_fen
            told.append(replace(unit, outcome=Outcome.REDEEMED, amount_fen=worth_fen))
    return told
