"""Carrying a redemption to its end at either line of business: coupon by coupon, and what stands when it is cut."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.domain.codes import CredentialKind
from sync.domain.reasons import Code, Reason, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.meituan.preparation import Held, Piece, Preparation, preparation_of
from sync.platforms.port import Checkpoint, Denied, LookedUp, RedeemCall, Redeemed, UseResult


@dataclass(slots=True)
class Attempt:
    """One run of one call. `settling`: an earlier run may have been done."""

    call: RedeemCall
    preparation: Preparation
    deadline_ms: int
    settling: bool
    results: dict[str, UseResult] = field(default_factory=dict)

    @property
    def done_any(self) -> bool:
        """Something of this call is redeemed."""
        return any(isinstance(result, Redeemed) for result in self.results.values())

    def held(self, piece: Piece) -> Held:
        """The coupon of a piece."""
        return self.preparation.of(piece.code)

    def deny(self, piece: Piece, reason: Reason) -> None:
        """No to all uses of a piece."""
        for redemption_id in piece.redemption_ids:
            self.results[redemption_id] = Denied(redemption_id, reason)


@dataclass(frozen=True, slots=True)
class Carrying:
    """`look`: what a call's credential stands for, changing nothing; `carry`: brings one piece to its results."""

    look: Callable[[RedeemCall, int], LookedUp]
    carry: Callable[[Attempt, Piece], None]

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Redeem; without a preparation, look first and keep what is found. NeverSent as long as nothing was."""
        kept = preparation_of(call.prepared)
        try:
            found = kept or self._looked(call, deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            return tuple(Denied(use.redemption_id, no.reason) for use in call.uses)
        # What was decided before and never sent may have lost a use since: it was withdrawn.
        decided = found if found.fits(call) else found.decided(call)
        # A single call follows from the call itself, so that it need not be kept beside what a look-up left.
        if kept is None or (decided != kept and (kept.pieces or len(decided.pieces) > 1)):
            checkpoint(decided.to_prepared())
        return self._carried(Attempt(call, decided, deadline_ms, settling=False))

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Carry on what may have been sent: the same pieces under the same ids, whoever of them is settled by now."""
        kept = preparation_of(call.prepared)
        if kept is None:
            return self.redeem(call, checkpoint, deadline_ms)
        decided = kept if kept.pieces else kept.decided(call)
        return self._carried(Attempt(call, decided, deadline_ms, settling=True))

    def _carried(self, attempt: Attempt) -> tuple[UseResult, ...]:
        """The results of all uses, in order. Where a part is done and the rest can't be asked for, OutcomeUnknown."""
        call = attempt.call
        wanted = {use.redemption_id for use in call.uses}
        try:
            for piece in attempt.preparation.pieces:
                if wanted.intersection(piece.redemption_ids):
                    self.carry(attempt, piece)
        except (NeverSent, Refused) as error:
            if not attempt.done_any:
                raise
            reason = error.reason
        else:
            # What no coupon was left for is in no piece.
            no = because(Code.UNITS_TOO_MANY, asked=len(call.uses), left=len(attempt.results))
            return tuple(attempt.results.get(use.redemption_id, Denied(use.redemption_id, no)) for use in call.uses)
        raise OutcomeUnknown(reason)

    def _looked(self, call: RedeemCall, deadline_ms: int) -> Preparation:
        if call.credential.kind is CredentialKind.PHONE:
            raise Refused(because(Code.PHONE_NUMBER))
        try:
            found = preparation_of(self.look(call, deadline_ms).prepared)
        except OutcomeUnknown as error:
            reason = error.reason
        else:
            assert found is not None
            return found
        # Looking binds nothing: no redemption was sent.
        raise NeverSent(reason)
