"""Carrying a verify to its end: whole and partial yes, repeats, a dead token, and what the certificates say after."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Final

from sync.clock import Clock
from sync.domain.reasons import Code, Reason, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.douyin.attempt import DONE_BEFORE, Attempt, No, Pair, as_use, by_coupon, loads, matched
from sync.platforms.douyin.faults import PreparationDead, refused, state_of
from sync.platforms.douyin.preparation import Held
from sync.platforms.douyin.reading import Reading
from sync.platforms.douyin.signing import CERTIFICATE, Access
from sync.platforms.douyin.turns import Turns
from sync.platforms.douyin.wire import (
    Certificate,
    Envelope,
    Verification,
    VerifyData,
    VerifyResult,
    unit_worth_fen,
)
from sync.platforms.http import unanswered
from sync.platforms.port import Denied, Redeemed, Use, UseResult

# How long a verify token is sure to be taken is not published ("a short time"). After this a repeat of a call that was
# done may well hear "used" rather than "done".
TOKEN_SURE_MS: Final = 600_000
_GONE: Final = frozenset({Code.USED_ELSEWHERE, Code.UNITS_TOO_MANY})
# What words say of a token that has ended as well as of a coupon.
_OF_THE_TOKEN: Final = frozenset({Code.EXPIRED, Code.NOT_FOUND})


class Verifying:
    """Verifies at one shop."""

    def __init__(self, access: Access, clock: Clock, account_id: str, poi_id: str, reading: Reading) -> None:
        self._access = access
        self._clock = clock
        self._account_id = account_id
        self._poi_id = poi_id
        self._reading = reading
        self._turns = Turns(clock)

    def carry_out(self, attempt: Attempt) -> tuple[UseResult, ...]:
        """The results of all uses, in order. Where a part is done and the rest can't be asked for, OutcomeUnknown."""
        return self._ended(attempt, lambda: self._carry_out(attempt))

    def take_over(self, attempt: Attempt, sent: list[Pair], lines: list[VerifyResult]) -> tuple[UseResult, ...]:
        """The same where the answer is there already, in another call's company (batches.py)."""
        return self._ended(attempt, lambda: self._explain(attempt, self._read_lines(attempt, sent, lines)))

    def settled_by_reading(self, attempt: Attempt) -> bool:
        """Read what became of each coupon before anything is repeated. True when that settles all uses: none can be
        ours and none can be used, or what we did was taken back in part, which a repeat would redeem again."""
        pairs = attempt.preparation.assigned(attempt.open_uses)
        why: dict[str, Reason] = {}
        for group in by_coupon([(use, held) for use, held in pairs if held is not None]):
            held = group[0][1]
            item = self._reading.certificate(attempt.preparation.order_id, held, attempt.deadline_ms)
            if item is None:
                continue
            ours = self._reading.taken_back(item, held, attempt.taken, len(group), self._obtained(attempt))
            self._recognise(attempt, item, group, ours)
            state = state_of(item.status)
            if state is not None and not self._reading.may_hold_ours(item, held, attempt.taken):
                why[held.ref] = state
        left = [(use, held) for use, held in pairs if use.redemption_id not in attempt.results]
        if any(held is not None and held.ref not in why for _, held in left):
            return False
        for use, held_by in left:
            reason = why[held_by.ref] if held_by else because(Code.NOTHING_USABLE)
            attempt.results[use.redemption_id] = Denied(use.redemption_id, reason)
        return True

    def body(self, attempt: Attempt, sent: list[Pair]) -> dict[str, object]:
        """A verify of these coupons, all by the same kind of code."""
        kind = "codes" if sent[0][1].third else "encrypted_codes"
        return {
            "verify_token": attempt.preparation.verify_token,
            "poi_id": self._poi_id,
            "account_id": self._account_id,
            "order_id": attempt.preparation.order_id,
            kind: [held.sent_code for _, held in sent],
        }

    def _ended(self, attempt: Attempt, run: Callable[[], None]) -> tuple[UseResult, ...]:
        try:
            run()
        except (NeverSent, Refused) as error:
            if not attempt.done_any:
                raise
            reason = error.reason
        else:
            return attempt.whole
        raise OutcomeUnknown(reason)

    def _carry_out(self, attempt: Attempt) -> None:
        sent, noes = attempt.sendable()
        alone = any(held.third for _, held in sent)
        order_id = attempt.preparation.order_id
        with self._turns.taken(order_id, attempt.deadline_ms) if alone else nullcontext():
            for load in loads(sent):
                noes += self._verify(attempt, load)
        self._explain(attempt, noes)

    def _verify(self, attempt: Attempt, sent: list[Pair]) -> list[No]:
        noes = self._send(attempt, sent)
        # Merchants number products with Douyin's own codes too: those are known by the encrypted code alone.
        sealed = [no for no in noes if no[1].third and no[1].encrypted_code and self._vague(attempt, no[2])]
        if not sealed:
            return noes
        again = [(use, replace(held, third=False)) for use, held, _ in sealed]
        return [*(no for no in noes if no not in sealed), *self._send(attempt, again)]

    def _send(self, attempt: Attempt, sent: list[Pair]) -> list[No]:
        body, path = self.body(attempt, sent), f"{CERTIFICATE}/verify/"
        try:
            data = self._access.write(Envelope[VerifyData], "verify", path, body, attempt.deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            coupons = list(by_coupon(sent))
            if len(coupons) == 1 or self._vague(attempt, no):
                return [(use, held, no) for use, held in sent]
        else:
            return self._read_lines(attempt, sent, matched(sent, data.verify_results or []))
        # It names a cause, and not whose: the others are none the worse for it.
        return [each for pairs in coupons for each in self._send(attempt, pairs)]

    def _read_lines(self, attempt: Attempt, sent: list[Pair], lines: list[VerifyResult]) -> list[No]:
        noes: list[No] = []
        before: dict[str, list[tuple[Use, Held, VerifyResult]]] = {}
        busy: Refused | None = None
        for (use, held), line in zip(sent, lines, strict=True):
            if line.result == 0 and line.named:
                self._redeemed(attempt, use, held, as_use(line), self._clock.wall_ms(), line)
            elif line.result == 0 or line.result in DONE_BEFORE:
                before.setdefault(held.ref, []).append((use, held, line))
            else:
                why = refused(line.result, line.msg or "")
                busy = why if why.reason.about_us else busy
                noes.append((use, held, why))
        for done in before.values():
            self._done_before(attempt, done)
        if busy is not None:
            raise busy
        return noes

    def _done_before(self, attempt: Attempt, done: list[tuple[Use, Held, VerifyResult]]) -> None:
        """Uses that an earlier call made: the certificate tells when, and which they are where no id was given."""
        held = done[0][1]
        item = self._read_after(attempt, held)
        listed = {each.verify_id: each for each in item.verifications} if item else {}
        for use, each, line in done:
            if line.named:
                told = listed.get(line.named, as_use(line))
                self._redeemed(attempt, use, self._worth(item, each, told), told, self._time_of(told), line)
        unnamed = [(use, each) for use, each, line in done if not line.named]
        if not unnamed:
            return
        if item is None:
            raise unanswered("verify", "no_verify_id")
        ours = self._reading.ours(item, held, attempt.taken, len(unnamed), self._obtained(attempt))
        if not ours:
            raise unanswered("verify", "no_verify_id")
        self._recognise(attempt, item, unnamed, ours)

    def _recognise(self, attempt: Attempt, item: Certificate, pairs: list[Pair], ours: list[Verification]) -> None:
        for (use, held), told in zip(pairs, ours, strict=False):
            self._redeemed(attempt, use, self._worth(item, held, told), told, self._time_of(told))

    @staticmethod
    def _worth(item: Certificate | None, held: Held, told: Verification) -> Held:
        if item is None or not item.is_times_card:
            return held
        return replace(held, worth_fen=unit_worth_fen(item, told.times_card_serial_num) or held.worth_fen)

    def _time_of(self, told: Verification) -> int:
        return told.verify_time * 1000 if told.verify_time else self._clock.wall_ms()

    def _redeemed(
        self,
        attempt: Attempt,
        use: Use,
        held: Held,
        told: Verification,
        at_ms: int,
        line: VerifyResult | None = None,
    ) -> None:
        record = told.verify_id or ""
        refs = {"record": record, "order_id": attempt.preparation.order_id}
        certificate_id = held.certificate_id or (line.certificate_id if line else None) or ""
        # By its plain code we may have met any coupon of the order: that is what the port knows it by.
        refs["certificate" if held.third and not held.certificate_id else "coupon"] = certificate_id
        if told.times_card_serial_num:
            refs["serial"] = str(told.times_card_serial_num)
        attempt.taken.add(record)
        worth_fen = line.worth_fen if line is not None else None
        worth_fen = worth_fen if worth_fen is not None else held.worth_fen or None
        code = (line.origin_code if line else None) or (held.code if held.third else None)
        attempt.results[use.redemption_id] = Redeemed(use.redemption_id, at_ms, worth_fen, refs, code)

    def _explain(self, attempt: Attempt, noes: list[No]) -> None:
        """What stands against each use: the platform's word, where it names a cause; else what the certificate says."""
        pending: list[No] = []
        for group in by_coupon(noes):
            vague = [no for no in group if self._vague(attempt, no[2])]
            item = self._read_after(attempt, group[0][1]) if vague else None
            ours = self._ours_among(attempt, item, vague)
            if item is not None:
                self._recognise(attempt, item, [(use, held) for use, held, _ in vague], ours)
            state = state_of(item.status) if item else None
            for use, held, no in group:
                if use.redemption_id in attempt.results:
                    continue
                if attempt.settling and vague and item is None:
                    # An earlier run may have used it, and the platform does not tell.
                    raise Refused(because(Code.USES_UNCLEAR, counted=0, listed=0))
                unclear = (use, held, no) in vague
                if unclear and item is not None and state is None:
                    pending.append((use, held, no))
                else:
                    reason = state if unclear and state is not None else no.reason
                    attempt.results[use.redemption_id] = Denied(use.redemption_id, reason)
        if pending:
            self._again(attempt, pending)

    def _vague(self, attempt: Attempt, no: Refused) -> bool:
        """It names no cause, or one that a done call of ours would meet as well."""
        old = self._clock.wall_ms() - attempt.preparation.obtained_at_ms > TOKEN_SURE_MS
        code = no.reason.code
        return (
            isinstance(no, PreparationDead)
            or code is Code.PLATFORM_REFUSED
            or (old and code in _OF_THE_TOKEN)
            or (attempt.settling and old and code in _GONE)
        )

    def _ours_among(self, attempt: Attempt, item: Certificate | None, vague: list[No]) -> list[Verification]:
        if item is None or not vague or not (attempt.settling or not vague[0][1].current):
            return []
        return self._reading.ours(item, vague[0][1], attempt.taken, len(vague), self._obtained(attempt))

    def _again(self, attempt: Attempt, pending: list[No]) -> None:
        # The certificates say that these are unused, and nothing else explains the no: the token must have ended.
        if attempt.prepare_again is None:
            for use, _, no in pending:
                attempt.results[use.redemption_id] = Denied(use.redemption_id, no.reason)
            return
        try:
            fresh = attempt.prepare_again(pending[0][1], attempt.deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            for use, _, _ in pending:
                attempt.results[use.redemption_id] = Denied(use.redemption_id, no.reason)
            return
        preparation = fresh.keeping(attempt.preparation, attempt.results.values())
        attempt.checkpoint(preparation.to_prepared())
        uses = tuple(replace(use, ref=held.ref) for use, held, _ in pending)
        call = replace(attempt.call, uses=uses)
        self._carry_out(replace(attempt, call=call, preparation=preparation, settling=False, prepare_again=None))

    def _read_after(self, attempt: Attempt, held: Held) -> Certificate | None:
        """The certificate after a verify was sent: when it can't be read, the outcome isn't known."""
        try:
            return self._reading.certificate(attempt.preparation.order_id, held, attempt.deadline_ms)
        except NeverSent as error:
            reason = error.reason
        raise OutcomeUnknown(reason)

    @staticmethod
    def _obtained(attempt: Attempt) -> tuple[int, int]:
        return attempt.preparation.obtained_at_ms, attempt.deadline_ms
