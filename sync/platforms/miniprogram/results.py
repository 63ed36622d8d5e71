"""How the units of a call are named on the own platform's wire, and what its answers say of each."""

from sync.domain.codes import CredentialKind
from sync.domain.reasons import Code, because
from sync.errors import Refused
from sync.platforms.http import unanswered
from sync.platforms.miniprogram.faults import unit_refusal
from sync.platforms.miniprogram.wire import Result, Results, Returned
from sync.platforms.port import Denied, RedeemCall, Redeemed, Reversed, ReverseResult, Use, UseResult

Groups = dict[tuple[str, str], list[Use]]


def grouped(call: RedeemCall) -> Groups:
    """The units of each voucher, by how the wire names it. Refused(contract_broken) where nothing names one."""
    groups: Groups = {}
    for use in call.uses:
        code = use.code or (call.credential.text if call.credential.kind is CredentialKind.CODE else None)
        if use.ref is not None:
            name = ("voucher", use.ref)
        elif code is not None:
            name = ("code", code)
        else:
            raise Refused(because(Code.CONTRACT_BROKEN, what="redeem", wrong="voucher_unnamed"))
        groups.setdefault(name, []).append(use)
    return groups


def results_of(call: RedeemCall, groups: Groups, answer: Results) -> tuple[UseResult, ...]:
    """One result for each use of the call, in its order; OutcomeUnknown when the answer is to another question."""
    asked = [(index, use) for index, uses in enumerate(groups.values()) for use in uses]
    if answer.request_id != call.request_id or [index for index, _ in asked] != [r.index for r in answer.results]:
        raise unanswered("redeem", "other_question")
    results = {
        use.redemption_id: _result(use.redemption_id, result)
        for (_, use), result in zip(asked, answer.results, strict=True)
    }
    return tuple(results[use.redemption_id] for use in call.uses)


def _result(redemption_id: str, result: Result) -> UseResult:
    if not result.ok:
        return Denied(redemption_id, unit_refusal(result.reason))
    if result.redemption_id is None or result.redeemed_at is None or result.voucher is None:
        raise unanswered("redeem", "wrong_shape")
    refs = {"record": result.redemption_id, "coupon": result.voucher}
    if result.serial is not None:
        refs["serial"] = str(result.serial)
    return Redeemed(redemption_id, result.redeemed_at, result.amount_fen, refs)


def reversal_of(redemption_id: str, returned: Returned) -> ReverseResult:
    """What became of one redemption that was to be taken back."""
    # Taken back by an earlier call is taken back.
    if returned.reversed_at is not None and (returned.ok or returned.reason == "already_reversed"):
        return Reversed(redemption_id, returned.reversed_at)
    if returned.ok:
        raise unanswered("reverse", "wrong_shape")
    return Denied(redemption_id, unit_refusal(returned.reason))
