"""The rows of the sandbox's truth: what the platforms believe, in one flat dataclass each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """A named value: credentials, secrets, the clock's offset, counters."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Coupon:
    """One coupon or times card. `price_fen` was paid for the whole of it; its units share that sum.

    `serial` is the platform's own id of it (Douyin: certificate id; own platform: voucher, 18 hex digits).
    `sealed` is the encrypted code of Douyin and WeChat Shop. `state` is what somebody decided; used and expired
    follow from redemptions and time. `changed_seq` orders the changes of all coupons. `third_sku_id` is set where
    the merchant issued the code itself; `cancellable` is False where no use of it can be taken back.
    """

    platform: str
    code: str
    order_id: str
    kind: str
    product: int
    units: int
    price_fen: int
    valid_from_ms: int
    valid_until_ms: int
    phone: str
    serial: str
    sealed: str
    account: str
    store: str
    state: str = "usable"
    reserved_until_ms: int = 0
    changed_seq: int = 0
    third_sku_id: str = ""
    cancellable: bool = True


@dataclass(frozen=True, slots=True)
class Redemption:
    """One use of one unit (1 is the first). A reversal keeps the row and frees the unit."""

    platform: str
    redemption_id: str
    code: str
    unit: int
    request_id: str
    amount_fen: int
    at_ms: int
    accepted_at_ms: int
    tier: str
    terminal: str
    seq: int
    reversed_at_ms: int | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """An access token that was handed out; `family` separates the ways of getting one."""

    text: str
    platform: str
    family: str
    expires_at_ms: int
    seq: int


@dataclass(frozen=True, slots=True)
class Link:
    """A Douyin short link: what it leads to, and whether the picture it stands for is spent."""

    token: str
    object_id: str
    code: str
    dead: bool = False


@dataclass(frozen=True, slots=True)
class VerifyToken:
    """Douyin's one-time permission to verify coupons of one order."""

    text: str
    order_id: str
    object_id: str
    expires_at_ms: int
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """The answer once given to a request id, so that a repeat hears the same. `digest` is of the contents."""

    call: str
    request_id: str
    digest: str
    body: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A signing key of the own platform; secrets are raw Ed25519 seeds in hex."""

    kid: int
    secret: str
    public_key: str
    not_before_ms: int
    not_after_ms: int
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """A time hash chain that a customer's phone carries; `head` is all bytes before the anchor, in hex."""

    voucher: str
    seed: str
    head: str
    anchor: str
    signature: str
    t0_s: int
    step_s: int
    steps: int


@dataclass(frozen=True, slots=True)
class Revocation:
    """One entry of the revocation list."""

    seq: int
    voucher: str
    state: str


@dataclass(frozen=True, slots=True)
class TrustRecord:
    """What a terminal says it accepted on trust, before it is redeemed."""

    request_id: str
    voucher: str
    code_tail: str
    terminal: str
    tier: str
    accepted_at_ms: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class JournalHead:
    """A terminal's journal head as witnessed."""

    terminal: str
    seq: int
    head: str
    public_key: str
    witnessed_at_ms: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a platform is told to say to its next calls; with `acted` it does what they ask before it says so."""

    seq: int
    platform: str
    endpoint: str
    code: int
    words: str
    sub_code: int
    left: int
    acted: bool
