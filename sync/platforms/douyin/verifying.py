"""Carrying a verify to its end: whole and partial yes, repeats, a dead token, and what the certificates say after."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.douyin.faults import PreparationDead, refused, state_of
from sync.platforms.douyin.preparation import Held, Preparation
from sync.platforms.douyin.signing import CERTIFICATE, Access
from sync.platforms.douyin.wire import (
    Certificate,
    Envelope,
    GetData,
    Verification,
    VerifyData,
    VerifyResult,
)
from sync.platforms.http import unanswered
from sync.platforms.port import Checkpoint, Denied, RedeemCall, Redeemed, Use, UseResult

# A repeat under the same token that was done before (platform-contracts.md 1.4).
DONE_BEFORE = frozenset({1208, 2})
OPEN_API = frozenset({None, 0, 4})

Pair = tuple[Use, Held]
No = tuple[Use, Held, Refused]
PrepareAgain = Callable[[], Preparation]


@dataclass(slots=True)
class Attempt:
    """One run of one call. `settling`: an earlier run may have been done, so a use found at this shop through the open
    API, standing since our preparation, is ours. `prepare_again` is None once it was used."""

    call: RedeemCall
    preparation: Preparation
    checkpoint: Checkpoint
    deadline_ms: int
    settling: bool
    prepare_again: PrepareAgain | None
    results: dict[str, UseResult] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    @property
    def done_any(self) -> bool:
        """Something of this call is redeemed."""
        return any(isinstance(result, Redeemed) for result in self.results.values())


class Verifying:
    """Verifies at one shop."""

    def __init__(self, access: Access, clock: Clock, account_id: str, poi_id: str) -> None:
        self._access = access
        self._clock = clock
        self._account_id = account_id
        self._poi_id = poi_id

    def carry_out(self, attempt: Attempt) -> tuple[UseResult, ...]:
        """The results of all uses, in order. Where a part is done and the rest can't be asked for, OutcomeUnknown."""
        try:
            self._carry_out(attempt)
        except (NeverSent, Refused) as error:
            if not attempt.done_any:
                raise
            reason = error.reason
        else:
            return tuple(attempt.results[use.redemption_id] for use in attempt.call.uses)
        raise OutcomeUnknown(reason)

    def nothing_left(self, attempt: Attempt) -> bool:
        """Read what became of each coupon; True, with all uses denied, when none can be ours and none can be used."""
        pairs = attempt.preparation.assigned(attempt.call.uses)
        coupons = {held.certificate_id: held for _, held in pairs if held is not None}
        why = {}
        for certificate_id, held in coupons.items():
            item = self._read(held, attempt.deadline_ms)
            state = state_of(item.status) if item else None
            if item is None or state is None or self._ours(item, held, attempt):
                return False
            why[certificate_id] = state
        for use, held_by in pairs:
            reason = why[held_by.certificate_id] if held_by else because(Code.NOTHING_USABLE)
            attempt.results[use.redemption_id] = Denied(use.redemption_id, reason)
        return True

    def _carry_out(self, attempt: Attempt) -> None:
        sent: list[Pair] = []
        noes: list[No] = []
        for use, held in attempt.preparation.assigned(attempt.call.uses):
            if held is None:
                attempt.results[use.redemption_id] = Denied(use.redemption_id, because(Code.NOTHING_USABLE))
            elif held.current:
                sent.append((use, held))
            else:
                noes.append((use, held, PreparationDead(because(Code.PLATFORM_REFUSED, words=""))))
        if sent:
            noes += self._verify(attempt, sent)
        if noes:
            self._explain(attempt, noes)

    def _verify(self, attempt: Attempt, sent: list[Pair]) -> list[No]:
        body = {
            "verify_token": attempt.preparation.verify_token,
            "poi_id": self._poi_id,
            "account_id": self._account_id,
            "order_id": attempt.preparation.order_id,
            "encrypted_codes": [held.encrypted_code for _, held in sent],
        }
        try:
            data = self._access.write(
                Envelope[VerifyData], "verify", f"{CERTIFICATE}/verify/", body, attempt.deadline_ms
            )
        except Refused as no:
            if no.reason.about_us:
                raise
            return [(use, held, no) for use, held in sent]
        noes: list[No] = []
        busy: Refused | None = None
        for (use, held), line in zip(sent, _matched(sent, data.verify_results or []), strict=True):
            if line.result == 0 or line.result in DONE_BEFORE:
                self._done(attempt, use, held, line)
                continue
            why = refused(line.result, line.msg or "")
            busy = why if why.reason.about_us else busy
            noes.append((use, held, why))
        if busy is not None:
            raise busy
        return noes

    def _done(self, attempt: Attempt, use: Use, held: Held, line: VerifyResult) -> None:
        named = line.verify_id if line.verify_id != "0" else None
        if named and line.result == 0:
            info = line.verify_amount_info
            serial = info.times_card_serial_amount if info else None
            amount_fen = serial.amount.worth_fen if serial and serial.amount else None
            number = serial.serial_numb if serial else None
            at_ms = self._clock.wall_ms()
            self._redeemed(attempt, use, held, named, number, at_ms, amount_fen, line.origin_code)
            return
        # Done by an earlier call: the certificate tells when.
        item = self._read_after(held, attempt.deadline_ms)
        ours = self._ours(item, held, attempt) if item else []
        told = next((each for each in ours if not named or each.verify_id == named), None)
        if told is None:
            raise unanswered("verify", "no_verify_id")
        self._recognised(attempt, use, held, told)

    def _recognised(self, attempt: Attempt, use: Use, held: Held, told: Verification) -> None:
        at_ms = told.verify_time * 1000 if told.verify_time else self._clock.wall_ms()
        self._redeemed(attempt, use, held, told.verify_id or "", told.times_card_serial_num, at_ms, None)

    def _redeemed(
        self,
        attempt: Attempt,
        use: Use,
        held: Held,
        verify_id: str,
        serial: int | None,
        at_ms: int,
        amount_fen: int | None,
        code: str | None = None,
    ) -> None:
        refs = {"record": verify_id, "coupon": held.certificate_id, "order_id": attempt.preparation.order_id}
        if serial:
            refs["serial"] = str(serial)
        attempt.taken.add(verify_id)
        worth_fen = amount_fen if amount_fen is not None else held.worth_fen or None
        attempt.results[use.redemption_id] = Redeemed(use.redemption_id, at_ms, worth_fen, refs, code or None)

    def _explain(self, attempt: Attempt, noes: list[No]) -> None:
        items: dict[str, Certificate | None] = {}
        pending: list[No] = []
        for use, held, no in noes:
            if held.certificate_id not in items:
                items[held.certificate_id] = self._read_after(held, attempt.deadline_ms)
            item = items[held.certificate_id]
            vague = isinstance(no, PreparationDead) or no.reason.code is Code.PLATFORM_REFUSED
            ours = self._ours(item, held, attempt) if item and vague else []
            state = state_of(item.status) if item else None
            if ours and (attempt.settling or not held.current):
                self._recognised(attempt, use, held, ours[0])
            elif state is not None or item is None or not vague:
                reason = state if state is not None and vague else no.reason
                attempt.results[use.redemption_id] = Denied(use.redemption_id, reason)
            else:
                pending.append((use, held, no))
        if pending:
            self._again(attempt, pending)

    def _again(self, attempt: Attempt, pending: list[No]) -> None:
        # The certificates say that these are unused, and nothing else explains the no: the token must have ended.
        if attempt.prepare_again is None:
            for use, _, no in pending:
                attempt.results[use.redemption_id] = Denied(use.redemption_id, no.reason)
            return
        try:
            preparation = attempt.prepare_again().keeping(attempt.preparation)
        except Refused as no:
            if no.reason.about_us:
                raise
            for use, _, _ in pending:
                attempt.results[use.redemption_id] = Denied(use.redemption_id, no.reason)
            return
        attempt.checkpoint(preparation.to_prepared())
        uses = tuple(replace(use, ref=held.certificate_id) for use, held, _ in pending)
        rest = replace(
            attempt, call=replace(attempt.call, uses=uses), preparation=preparation, settling=False, prepare_again=None
        )
        self._carry_out(rest)

    def _read(self, held: Held, deadline_ms: int) -> Certificate | None:
        """The certificate as it stands; None when the platform will not tell."""
        query = {"encrypted_code": held.encrypted_code, "account_id": self._account_id}
        try:
            item = self._access.read(Envelope[GetData], "read", f"{CERTIFICATE}/get/", query, deadline_ms).item
        except Refused as no:
            if not no.reason.about_us:
                return None
            raise
        if item is None or item.certificate_id != held.certificate_id:
            raise unanswered("read", "other_question")
        return item

    def _read_after(self, held: Held, deadline_ms: int) -> Certificate | None:
        """The same after a verify was sent: when it can't be read, the outcome isn't known."""
        try:
            return self._read(held, deadline_ms)
        except NeverSent as error:
            reason = error.reason
        raise OutcomeUnknown(reason)

    def _ours(self, item: Certificate, held: Held, attempt: Attempt) -> list[Verification]:
        known = {*held.seen, *attempt.taken}
        return [
            each
            for each in item.verifications
            if each.verify_id not in known
            and (not each.poi_id or each.poi_id == self._poi_id)
            and each.verify_type in OPEN_API
        ]


def _matched(sent: list[Pair], lines: list[VerifyResult]) -> list[VerifyResult]:
    """The result of each code that was sent, in order; OutcomeUnknown when the answer is about others."""
    left = list(lines)
    matched = []
    for _, held in sent:
        line = next((each for each in left if (each.code or held.encrypted_code) == held.encrypted_code), None)
        if line is None or (line.certificate_id and line.certificate_id != held.certificate_id):
            raise unanswered("verify", "other_question")
        left.remove(line)
        matched.append(line)
    return matched
