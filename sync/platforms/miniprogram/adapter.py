"""The merchant's own platform behind the port: every call is idempotent by the request id."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote, urlencode

from sync.clock import Clock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code, Reason, because
from sync.domain.trust import Tier
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.http import Door, unanswered
from sync.platforms.miniprogram.results import grouped, results_of, reversal_of
from sync.platforms.miniprogram.signing import Access
from sync.platforms.miniprogram.wire import (
    Accepted,
    Book,
    Looked,
    Results,
    Returns,
    Signed,
    Statement,
    Vouchers,
    Witnessed,
    coupon_of,
    line_of,
)
from sync.platforms.port import (
    Binding,
    Checkpoint,
    Denied,
    Head,
    HistoryPage,
    HistoryRecord,
    KnownUse,
    LookedUp,
    RedeemCall,
    ReverseCall,
    ReverseResult,
    SignedText,
    StatementPage,
    TimeLearnt,
    TrustNote,
    UseResult,
    VoucherPage,
)

PAGE_SIZE: Final = 500
_BY: Final = {CredentialKind.CODE: "code", CredentialKind.DYNAMIC: "dynamic", CredentialKind.PHONE: "phone"}


class MiniProgram:
    """Platform, TrustSource and StatementSource in one: what a till needs without the platform, only this one tells."""

    def __init__(self, binding: Binding, door: Door, clock: Clock, on_time: TimeLearnt) -> None:
        settings = binding.settings
        self._store = settings["store"]
        self._terminal = settings.get("terminal") or "unnamed"
        self._access = Access(
            door, clock, settings["base_url"], settings["client_id"], binding.secrets["client_secret"], on_time
        )

    @property
    def name(self) -> str:
        """ "miniprogram"."""
        return "miniprogram"

    @property
    def reversal_window_ms(self) -> int | None:
        """24 hours from the redemption (docs/own-platform.md, reverse)."""
        return 24 * 3_600_000

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        """The vouchers of the order; see Platform."""
        by = _BY.get(credential.kind)
        if by is None:
            raise Refused(because(Code.NOT_A_COUPON, kind=credential.kind.value))
        body = {"store": self._store, "by": by, "text": credential.text}
        answer = self._access.ask(Looked, "lookup", "POST", "lookup", deadline_ms, body)
        # A number names a person: which coupons are meant is for the customer to say, whatever the platform thinks.
        meant = frozenset() if credential.kind is CredentialKind.PHONE else frozenset(answer.selected)
        coupons = [coupon_of(voucher, self._store, voucher.voucher in meant) for voucher in answer.vouchers]
        if credential.kind is CredentialKind.PHONE:
            coupons = [coupon for coupon in coupons if coupon.state is None and coupon.units_left > 0]
        return LookedUp(answer.order_id, tuple(coupons))

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:  # noqa: ARG002
        """Redeem under the call's request id, by which the platform answers a repeat the same. `checkpoint` has nothing
        to keep here. After an unknown outcome `settle` asks first."""
        if call.tier == Tier.RECORDED and all(use.ref is None for use in call.uses):
            spent = self._spent(call, deadline_ms)
            if spent is not None:
                return tuple(Denied(use.redemption_id, spent) for use in call.uses)
        groups = grouped(call)
        body = {
            "request_id": call.request_id,
            "store": self._store,
            "terminal": self._terminal,
            "tier": call.tier,
            "accepted_at": call.accepted_at_ms,
            "uses": [{**dict([name]), "units": len(uses)} for name, uses in groups.items()],
            "dynamic": call.credential.text if call.credential.kind is CredentialKind.DYNAMIC else None,
        }
        answer = self._access.ask(Results, "redeem", "POST", "redeem", deadline_ms, body)
        return results_of(call, groups, answer)

    def _spent(self, call: RedeemCall, deadline_ms: int) -> Reason | None:
        """Why a coupon that was recorded by its bare code is not even asked to be redeemed: it is used up, perhaps by
        this till under another of its names, and nothing is sent twice."""
        try:
            coupons = self.look_up(call.credential, deadline_ms).coupons
        except Refused as no:
            if no.reason.about_us:
                raise
            # Any other no to the question says nothing of the coupon: the redemption itself will.
            return no.reason if no.reason.code is Code.NOT_FOUND else None
        except OutcomeUnknown as error:
            reason = error.reason
        else:
            shown = [coupon for coupon in coupons if coupon.selected]
            return shown[0].state if shown and shown[0].units_left == 0 else None
        raise NeverSent(reason)

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Read what became of the request id; the same redeem again if it never arrived."""
        path = f"redemptions/{quote(call.request_id, safe='')}"
        try:
            answer = self._access.ask(Results, "redemptions", "GET", path, deadline_ms)
        except Refused as refused:
            if refused.reason.code is Code.NOT_FOUND:
                return self.redeem(call, checkpoint, deadline_ms)
            if refused.reason.about_us:
                raise
            # A refused question says nothing of the redemption it asked about.
            reason = refused.reason
        else:
            return results_of(call, grouped(call), answer)
        raise OutcomeUnknown(reason)

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """Take back in one call; one result for each redemption, in order."""
        ours = {refs["record"]: redemption_id for redemption_id, refs in call.refs.items()}
        body = {
            "request_id": call.request_id,
            "store": self._store,
            "redeem_request_id": call.redeem_request_id,
            "redemption_ids": list(ours),
        }
        answer = self._access.ask(Returns, "reverse", "POST", "reverse", deadline_ms, body)
        returned = {result.redemption_id: result for result in answer.results}
        if answer.request_id != call.request_id or returned.keys() != ours.keys():
            raise unanswered("reverse", "other_question")
        return tuple(reversal_of(redemption_id, returned[record]) for record, redemption_id in ours.items())

    @property
    def book_delay_ms(self) -> int:
        """Its book is written with the redemption."""
        return 0

    def history(
        self,
        from_ms: int,
        to_ms: int,
        cursor: str | None,
        deadline_ms: int,
        known: Sequence[KnownUse] = (),  # noqa: ARG002
    ) -> HistoryPage:
        """This store's redemptions in the order they were booked."""
        query: dict[str, str | int] = {"from_at": from_ms, "to_at": to_ms, "cursor": cursor or "", "limit": PAGE_SIZE}
        answer = self._access.ask(Book, "history", "GET", self._path("history", query), deadline_ms)
        if answer.has_more and answer.cursor == (cursor or ""):
            raise unanswered("history", "cursor_stands_still")
        records = tuple(
            HistoryRecord(
                record=booked.redemption_id,
                coupon=booked.voucher,
                request_id=booked.request_id,
                code_tail=booked.code_tail,
                amount_fen=booked.amount_fen,
                at_ms=booked.redeemed_at,
                reversed_at_ms=booked.reversed_at,
                by=booked.terminal,
            )
            for booked in answer.records
        )
        return HistoryPage(records, answer.cursor if answer.has_more else None)

    def statement(self, day: str, cursor: str | None, deadline_ms: int) -> StatementPage:
        """A line for each redemption of a day of China, in the order they were booked."""
        path = self._path("statements", {"day": day, "cursor": cursor or "", "limit": PAGE_SIZE})
        answer = self._access.ask(Statement, "statement", "GET", path, deadline_ms)
        if answer.has_more and answer.cursor == (cursor or ""):
            raise unanswered("statement", "cursor_stands_still")
        lines = tuple(map(line_of, answer.lines))
        return StatementPage(lines, answer.cursor if answer.has_more else None)

    def probe(self, deadline_ms: int) -> None:
        """Ask for the key set, the smallest answer behind a token."""
        self._access.ask(Signed, "keys", "GET", "keys", deadline_ms)

    def keys(self, deadline_ms: int) -> SignedText:
        """The signed key set."""
        return _signed(self._access.ask(Signed, "keys", "GET", "keys", deadline_ms))

    def revocations(self, after: int, deadline_ms: int) -> SignedText:
        """The signed revocations behind sequence number `after`."""
        path = self._path("revocations", {"after": after, "limit": PAGE_SIZE})
        return _signed(self._access.ask(Signed, "revocations", "GET", path, deadline_ms))

    def vouchers(self, cursor: str, deadline_ms: int) -> VoucherPage:
        """The vouchers that changed since `cursor`."""
        path = self._path("vouchers", {"cursor": cursor, "limit": PAGE_SIZE})
        answer = self._access.ask(Vouchers, "vouchers", "GET", path, deadline_ms)
        if answer.has_more and answer.cursor == cursor:
            raise unanswered("vouchers", "cursor_stands_still")
        coupons = tuple(coupon_of(voucher, self._store, True) for voucher in answer.vouchers)
        return VoucherPage(coupons, answer.cursor, answer.has_more)

    def witness(self, head: Head, deadline_ms: int) -> int:
        """Leave the journal's head with the platform; Refused(ledger_broken) when it contradicts one seen before."""
        body = {
            "terminal": head.terminal,
            "seq": head.seq,
            "head": head.head.hex(),
            "signed_at": head.signed_at_ms,
            "public_key": head.public_key.hex(),
            "signature": head.signature.hex(),
        }
        return self._access.ask(Witnessed, "journal_heads", "POST", "journal-heads", deadline_ms, body).witnessed_at

    def report(self, notes: Sequence[TrustNote], deadline_ms: int) -> None:
        """Leave trust records with the platform; one that came before is taken again."""
        records = [
            {
                "request_id": note.request_id,
                "voucher": note.voucher,
                "code_tail": note.code_tail,
                "tier": note.tier,
                "accepted_at": note.accepted_at_ms,
                "amount_fen": note.amount_fen,
            }
            for note in notes
        ]
        body = {"store": self._store, "terminal": self._terminal, "records": records}
        self._access.ask(Accepted, "trust_records", "POST", "trust-records", deadline_ms, body)

    def _path(self, path: str, query: Mapping[str, str | int]) -> str:
        return f"{path}?{urlencode({'store': self._store, **query})}"


def _signed(answer: Signed) -> SignedText:
    return SignedText(answer.signed, bytes.fromhex(answer.signature))
