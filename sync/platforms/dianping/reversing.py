"""Taking back, where a reversal bears no id and takes the latest use of a code: never one of another."""

from dataclasses import dataclass

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.dianping.reading import Reading, Whose, mark_of, whose
from sync.platforms.dianping.signing import Access
from sync.platforms.port import Denied, ReverseCall, Reversed, ReverseResult


@dataclass(frozen=True, slots=True)
class Reversing:
    """Takes back in the name of one terminal."""

    access: Access
    reading: Reading
    clock: Clock
    terminal: str

    def carry_out(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """One result for each redemption, in order. Each coupon is read first: what stands unused was taken back
        before, and a use that is not this redemption's stays where it is."""
        results: dict[str, ReverseResult] = {}
        # Of a times card the latest use first, which is the one that a reversal takes.
        latest_first = sorted(call.refs, key=lambda redemption_id: int(call.refs[redemption_id].get("left", "0")))
        try:
            for redemption_id in latest_first:
                results[redemption_id] = self._one(call, redemption_id, deadline_ms)
        except (NeverSent, Refused) as error:
            if not any(isinstance(result, Reversed) for result in results.values()):
                raise
            reason = error.reason
        else:
            return tuple(results[redemption_id] for redemption_id in call.refs)
        raise OutcomeUnknown(reason)

    def _one(self, call: ReverseCall, redemption_id: str, deadline_ms: int) -> ReverseResult:
        code, refs = call.codes[redemption_id], call.refs[redemption_id]
        done = Reversed(redemption_id, self.clock.wall_ms())
        try:
            stands = self._stands(code, refs.get("left"), call.redeem_request_id, deadline_ms)
        except OutcomeUnknown as error:
            reason = error.reason
        else:
            if isinstance(stands, Code):
                return Denied(redemption_id, because(stands))
            return self._sent(code, refs["app_deal_id"], done, call, deadline_ms) if stands else done
        # Reading binds nothing: no reversal was sent.
        raise NeverSent(reason)

    def _stands(self, code: str, left: str | None, redeem_request_id: str, deadline_ms: int) -> bool | Code:
        """Whether the use stands and would be the one that is taken back; a Code where another one would be."""
        if left is not None:
            now_left = self._units_left(code, deadline_ms)
            return Code.NOT_LATEST if now_left < int(left) else now_left == int(left)
        try:
            told = self.reading.consumed(code, deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            # For another reason it is not told of: the reversal itself will say.
            return no.reason.code is not Code.ALREADY_REVERSED
        if told is None:
            return False
        theirs = whose(told, mark_of(self.terminal, redeem_request_id)) is Whose.THEIRS
        return Code.USED_ELSEWHERE if theirs else True

    def _units_left(self, code: str, deadline_ms: int) -> int:
        """0 too where the platform refuses it: a card that is used up is not told of."""
        try:
            return self.reading.prepare(code, deadline_ms).units_left
        except Refused as no:
            if no.reason.about_us:
                raise
            return 0

    def _sent(self, code: str, deal_id: str, done: Reversed, call: ReverseCall, deadline_ms: int) -> ReverseResult:
        fields = {
            "app_deal_id": deal_id,
            "receipt_code": code,
            "app_shop_account": mark_of(self.terminal, call.redeem_request_id),
            "app_shop_accountname": self.terminal,
        }
        try:
            self.access.take_back("cancel", "reverseconsume", fields, deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            why = no.reason
        else:
            return done
        return done if why.code is Code.ALREADY_REVERSED else Denied(done.redemption_id, why)
