"""What any platform can be asked, and the shapes of question and answer; wire formats stay inside the adapters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from sync.domain.codes import Credential
from sync.domain.notice import Pushed, Reply
from sync.domain.reasons import Reason
from sync.domain.voucher import Coupon
from sync.errors import PlatformError


@dataclass(frozen=True, slots=True)
class Prepared:
    """What must be kept before a redemption is sent, where the platform has no request id (Douyin: verify_token,
    encrypted codes and certificate ids, order id). `values` is plain text, opaque outside the adapter; the ledger
    keeps it sealed.
    """

    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The answer to a look-up: the coupons of the order, and what a redemption right after it may use."""

    order_ref: str | None
    coupons: tuple[Coupon, ...]
    prepared: Prepared | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One unit of one coupon to be redeemed. `ref` and `handle` are those of the Coupon; None when only the
    credential is known (accepted on trust)."""

    redemption_id: str
    ref: str | None
    handle: str | None
    code: str | None
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RedeemCall:
    """One platform call for 1…N units of one order. `credential` lets an entry made on trust be prepared later."""

    request_id: str
    credential: Credential
    uses: tuple[Use, ...]
    tier: str
    accepted_at_ms: int
    prepared: Prepared | None = None


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The platform has it. `refs` are its handles for reversal and reconciliation, opaque outside the adapter except
    `record` (the id under which its history lists this unit) and `coupon` (its stable id of the coupon). Never a code:
    they are kept in clear, so where a platform knows a coupon by its code alone they hold no `coupon`, and where it
    numbers its records by nothing else no `record`. `code`: the coupon's plain code, where it may be another than the
    one shown, or the platform tells it only now; kept sealed."""

    redemption_id: str
    at_ms: int
    amount_fen: int | None
    refs: Mapping[str, str]
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Denied:
    """The platform will not redeem this unit."""

    redemption_id: str
    reason: Reason


UseResult = Redeemed | Denied


@dataclass(frozen=True, slots=True)
class ReverseCall:
    """Take back units that one call redeemed. By redemption id: `refs` as `Redeemed.refs` gave them, and in `codes` the
    coupon's plain code, `Redeemed.code` or else the credential's text."""

    request_id: str
    redeem_request_id: str
    refs: Mapping[str, Mapping[str, str]]
    codes: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Reversed:
    """The platform took it back."""

    redemption_id: str
    at_ms: int


ReverseResult = Reversed | Denied


@dataclass(frozen=True, slots=True)
class HistoryRecord:
    """One redemption in the platform's book. `record` names it within the book for good and holds no code; it is that
    of `Redeemed.refs` where those have one. `coupon` as in `Redeemed.refs`, empty where `code` alone names the coupon;
    `amount_fen` None where the platform does not say; `by`: who redeemed it, in the platform's words."""

    record: str
    coupon: str
    request_id: str | None
    code_tail: str
    amount_fen: int | None
    at_ms: int
    reversed_at_ms: int | None
    code: str | None = field(default=None, repr=False)
    by: str = ""


@dataclass(frozen=True, slots=True)
class KnownUse:
    """A redemption of ours, for a book that can only be asked coupon by coupon: what `ReverseCall` holds of it, whether
    we took it back, and when it was settled (ms UTC). A coupon that does not tell its uses apart is told of by them."""

    redemption_id: str
    refs: Mapping[str, str]
    code: str | None = field(default=None, repr=False)
    reversed: bool = False
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of the platform's book; `cursor` asks for the next one, None at the end. `whole`: the book was listed, so
    what it has and we have not would be in it."""

    records: tuple[HistoryRecord, ...]
    cursor: str | None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of a platform's statement (结算). `record` as in `HistoryRecord`, empty where the line names no single
    redemption; amounts in fen: `goods_fen` what was sold, `payout_fen` what the store is paid, None where it is not
    told; `state`: "pending", "done", "failed" or "void"."""

    record: str
    coupon: str
    code_tail: str
    at_ms: int
    goods_fen: int
    payout_fen: int | None
    state: str


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A page of a statement; `cursor` asks for the next one, None at the end."""

    lines: tuple[StatementLine, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text and the signature over it, as they came."""

    text: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class VoucherPage:
    """A page of the voucher delta."""

    coupons: tuple[Coupon, ...]
    cursor: str
    has_more: bool


@dataclass(frozen=True, slots=True)
class TrustNote:
    """One redemption that was accepted on trust; `voucher` None where only its code is known."""

    request_id: str
    voucher: str | None
    code_tail: str
    tier: str
    accepted_at_ms: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Head:
    """The head of this terminal's journal, signed. `head`, `public_key`, `signature` as raw bytes."""

    terminal: str
    seq: int
    head: bytes
    signed_at_ms: int
    public_key: bytes
    signature: bytes


Checkpoint = Callable[[Prepared], None]


def keep_nothing(_: Prepared) -> None:
    """A checkpoint for callers that hold the preparation already."""


class Platform(Protocol):
    """A platform. Every call raises NeverSent, OutcomeUnknown or Refused (sync/errors.py) and nothing else;
    `deadline_ms` is monotonic time (clock.monotonic_ms) by which an answer is worth having."""

    @property
    def name(self) -> str:
        """Its short name: "douyin", "miniprogram"."""

    @property
    def reversal_window_ms(self) -> int | None:
        """How long after a redemption the platform takes it back, in ms; None: no limit by the clock is known. A hint:
        the platform alone decides."""

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        """What the shown text stands for. Changes nothing at the platform."""

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Redeem; one result for each use, in order. `checkpoint` is called before anything binding is sent."""

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """After an unknown outcome: ask what the platform knows, then repeat with the same id only if it is safe."""

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """Take back; a repeat of the same call answers the same."""

    @property
    def book_delay_ms(self) -> int:
        """How long after a redemption its book may not list it yet, in ms: nothing is missing before that."""

    def history(
        self, from_ms: int, to_ms: int, cursor: str | None, deadline_ms: int, known: Sequence[KnownUse] = ()
    ) -> HistoryPage:
        """The platform's book for this store, `from_ms` ≤ time < `to_ms`. `known`: our own uses of that time, which a
        book that can't be listed is asked about one by one; the same for every page."""

    def probe(self, deadline_ms: int) -> None:
        """The cheapest authenticated question; returns when the platform answered it."""


Outcome = tuple[UseResult, ...] | PlatformError
"""What came of one call among several."""


@runtime_checkable
class Batches(Protocol):
    """A platform that redeems several orders in one call, all or none of them in the end."""

    @property
    def most_orders(self) -> int:
        """How many calls it takes at once."""

    def redeem_many(
        self,
        calls: Sequence[RedeemCall],
        checkpoint: Callable[[str, Prepared], None],
        budget_ms: int,
        stop: Callable[[], bool] = lambda: False,
    ) -> tuple[Outcome, ...]:
        """As `Platform.redeem` for each call that was never sent before, in order; raises nothing. `checkpoint` is told
        the request id; `budget_ms`: for each question to the platform. After one without an answer, and once `stop`
        says so before the next, the rest is NeverSent. An unknown outcome is settled call by call."""


class TrustSource(Protocol):
    """What a platform publishes so that a till can decide without it."""

    def keys(self, deadline_ms: int) -> SignedText:
        """The signed key set."""

    def revocations(self, after: int, deadline_ms: int) -> SignedText:
        """The signed revocations behind sequence number `after`."""

    def vouchers(self, cursor: str, deadline_ms: int) -> VoucherPage:
        """The vouchers that changed since `cursor` ("" at first)."""

    def witness(self, head: Head, deadline_ms: int) -> int:
        """Leave the journal's head with the platform; answers when it was witnessed (ms UTC)."""

    def report(self, notes: Sequence[TrustNote], deadline_ms: int) -> None:
        """Tell the platform what was accepted on trust, before it is redeemed; a repeat does no harm."""


@runtime_checkable
class NoticeSource(Protocol):
    """A platform that tells by itself what happens to coupons."""

    def receive(self, pushed: Pushed, now_ms: Callable[[], int]) -> Reply:
        """Answer what was sent to this terminal, whoever sent it; raises nothing. `now_ms`: asks for the time, UTC."""

    def stands(self, use: KnownUse, deadline_ms: int) -> bool | None:
        """Whether a redemption of ours stands there; None where it does not tell. Raises as `Platform` does."""


class StatementSource(Protocol):
    """A platform that tells what it will pay for."""

    def statement(self, day: str, cursor: str | None, deadline_ms: int) -> StatementPage:
        """The statement of a day (YYYY-MM-DD, the platform's own), page by page."""


TimeLearnt = Callable[[int, int, int], None]
"""Called on an authenticated answer that carries the platform's time, with
(server_ms, sent_monotonic_ms, received_monotonic_ms)."""


KeepSecret = Callable[[str, str], None]
"""Keeps a secret that a platform has renewed, by its name in the binding; durable on return. Raises SecretsError."""


def forget(_name: str, _value: str) -> None:
    """For bindings whose secrets nobody renews."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What binds this store to one platform; `settings` and `secrets` by the names in docs/settings.md."""

    platform: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    keep: KeepSecret = field(default=forget, repr=False)
