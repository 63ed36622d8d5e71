"""Taking verifies back at Douyin: use by use or several of one card, and why the platform would not (1.5)."""

import hashlib
from collections.abc import Mapping, Sequence

from sync.clock import Clock
from sync.domain.reasons import Code, Reason, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.douyin.reading import Reading
from sync.platforms.douyin.signing import CERTIFICATE, Access
from sync.platforms.douyin.wire import CancelData, Envelope, Verification
from sync.platforms.port import Denied, ReverseCall, Reversed, ReverseResult

Refs = Mapping[str, str]
Named = tuple[str, Refs]
"""A redemption id with its refs."""


class Cancelling:
    """Cancels for one account. Each use is named by its verify id, so that a repeat can't take back another: a count of
    uses (`times_card_cancel_count`) would leave it to the platform which, and another till's may be among them.

    `tokens`: send a cancel_token, under which a repeat within the hour answers the same; only where the account is
    settled as one (1.5). Without it a repeat is refused, and what stands tells that it was done."""

    def __init__(self, access: Access, clock: Clock, account_id: str, reading: Reading, *, tokens: bool) -> None:
        self._access = access
        self._clock = clock
        self._account_id = account_id
        self._reading = reading
        self._tokens = tokens

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """One result for each, in order. What is found cancelled already counts as reversed. OutcomeUnknown where a
        part is done and the rest can't be asked for."""
        results: dict[str, ReverseResult] = {}
        try:
            for group in _by_coupon(call):
                if not (len(group) > 1 and self._together(call, group, results, deadline_ms)):
                    for redemption_id, refs in group:
                        results[redemption_id] = self._alone(call, redemption_id, refs, deadline_ms)
        except (NeverSent, Refused) as error:
            if not results:
                raise
            reason = error.reason
        else:
            return tuple(results[redemption_id] for redemption_id in call.refs)
        raise OutcomeUnknown(reason)

    def _together(
        self, call: ReverseCall, group: Sequence[Named], results: dict[str, ReverseResult], deadline_ms: int
    ) -> bool:
        """Several uses of one card in one cancel, all or none; False when none was cancelled."""
        records = [refs["record"] for _, refs in group]
        several = {"order_id": group[0][1]["order_id"], "verify_id_list": records}
        body = {"verify_id": "0", "certificate_id": "0", "batch_cancel_info": several}
        try:
            told = self._cancel(call, body, records, deadline_ms)
        except Refused as no:
            # A platform that does not know this form has done nothing either.
            if no.reason.about_us and no.reason.code is not Code.CONTRACT_BROKEN:
                raise
            return False
        if any(line.result_code for line in told.cancel_results or ()):
            return False
        now_ms = self._clock.wall_ms()
        results.update({redemption_id: Reversed(redemption_id, now_ms) for redemption_id, _ in group})
        return True

    def _alone(self, call: ReverseCall, redemption_id: str, refs: Refs, deadline_ms: int) -> ReverseResult:
        body = {"verify_id": refs["record"], "certificate_id": coupon_of(refs)}
        try:
            self._cancel(call, body, [refs["record"]], deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            why = self._why_not(refs, no.reason, deadline_ms)
        else:
            why = None
        return Denied(redemption_id, why) if why is not None else Reversed(redemption_id, self._clock.wall_ms())

    def _cancel(
        self, call: ReverseCall, body: Mapping[str, object], records: Sequence[str], deadline_ms: int
    ) -> CancelData:
        sent = {**body, "account_id": self._account_id}
        if self._tokens:
            token = hashlib.sha256("\n".join([call.request_id, *records]).encode()).hexdigest()
            sent["cancel_token"] = token[:32]
        return self._access.write(Envelope[CancelData], "cancel", f"{CERTIFICATE}/cancel/", sent, deadline_ms)

    def _why_not(self, refs: Refs, no: Reason, deadline_ms: int) -> Reason | None:
        """Why a cancel was refused; None when it was done before. What stands has the last word, and `can_cancel`: not
        words, which may speak of an earlier use, nor the clock."""
        try:
            use, gone = self._standing(refs, deadline_ms)
        except NeverSent as error:
            unread = error.reason
        except Refused as untold:
            if untold.reason.about_us:
                raise
            return _why_standing(None, no)
        else:
            return None if gone else _why_standing(use, no)
        raise OutcomeUnknown(unread)

    def standing(self, refs: Refs, deadline_ms: int) -> bool | None:
        """Whether the use stands at the platform; None where it does not tell."""
        use, gone = self._standing(refs, deadline_ms)
        return True if use is not None else False if gone else None

    def _standing(self, refs: Refs, deadline_ms: int) -> tuple[Verification | None, bool]:
        """The use as its certificate tells it; else whether the certificate proves that it is gone."""
        items = self._reading.order(refs["order_id"], deadline_ms)
        item = next((each for each in items if each.certificate_id == coupon_of(refs)), None)
        if item is None:
            return None, False
        use = next((each for each in item.verifications if each.verify_id == refs["record"]), None)
        return use, use is None and (item.status == 1 or bool(item.verifications))


def _why_standing(use: Verification | None, no: Reason) -> Reason | None:
    """What a refused cancel means for a use that stands, or of which nothing is told (`use` None)."""
    if use is None:
        return None if no.code is Code.ALREADY_REVERSED else no
    if use.can_cancel is False and no.code is Code.PLATFORM_REFUSED:
        return because(Code.WINDOW_PASSED, **no.facts)
    if no.code is Code.ALREADY_REVERSED or (use.can_cancel and no.code is Code.WINDOW_PASSED):
        return because(Code.PLATFORM_REFUSED, **no.facts)
    return no


def coupon_of(refs: Refs) -> str:
    """The certificate that a use belongs to."""
    return refs.get("coupon") or refs["certificate"]


def _by_coupon(call: ReverseCall) -> list[list[Named]]:
    groups: dict[tuple[str, str], list[Named]] = {}
    for redemption_id, refs in call.refs.items():
        groups.setdefault((refs["order_id"], coupon_of(refs)), []).append((redemption_id, refs))
    return list(groups.values())
