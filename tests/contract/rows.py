"""The shops that every contract case runs against: what each is called where, and what its platform does otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sync.domain.codes import CredentialKind
from sync.domain.reasons import Code


@dataclass(frozen=True, slots=True)
class Row:
    """One shop. A case knows these data and no name; a default is what most platforms do.

    `name`: of the row, and in `Sandbox.describe()`; `platform`: in the registry; `bound`: the platform whose settings
    bind it; `sold_as`: of its coupons in the sandbox; `dialect`: of its faults there; `qr`: what its picture is;
    `secrets`: which of the described values are; `wrong`: a value that makes them so; `strange`: a code nobody sold.
    """

    name: str
    platform: str
    bound: str
    sold_as: str
    dialect: str
    qr: CredentialKind
    secrets: tuple[str, ...]
    wrong: Mapping[str, str]
    strange: str
    # Under which name the sandbox describes it, where that is not the row's.
    described: str = ""
    # Settings besides those described.
    more: Mapping[str, str] = field(default_factory=dict)
    # Where one call of the platform serves several questions: under which name the sandbox knows each.
    asks: Mapping[str, str] = field(default_factory=dict)
    # Look-up
    tells_order: bool = True
    phone: bool = False
    # What is told of a frozen coupon; None where nobody sees that before it is redeemed.
    frozen: Code | None = Code.FROZEN
    # How several coupons of one order are redeemed: the look-up lists them, it counts them, or each is shown.
    basket: Literal["listed", "counted", "shown"] = "listed"
    most: int = 100
    one_request: bool = True
    # What stands of three coupons of which one was refunded, and why the rest does not.
    left_of_three: int = 2
    spoilt: Code = Code.REFUNDED
    cards: bool = True
    serials: bool = True
    # How often a redemption made on trust keeps something before it is sent.
    checkpoints: int = 0
    # The book: whether a record has a number of its own (the platform's, or one of ours), names the request, and stays
    # when taken back.
    numbers_records: bool = True
    our_numbers: bool = False
    names_requests: bool = True
    keeps_reversed: bool = True
    # The reason once the window for a reversal has passed; None where nothing ends with the clock.
    too_late: Code | None = Code.WINDOW_PASSED
    # The token: asked for first, asked for when the one that was given ends, or given for good.
    token: Literal["asked", "renewed", "given"] = "asked"
    token_life_s: int = 7200
    ended: Mapping[str, str] = field(default_factory=dict)
    rejected: Code = Code.CREDENTIALS_WRONG
    # Whether requests bear the till's time, which then has to be the platform's.
    timed: bool = False


ROWS = (
    Row(
        name="douyin",
        platform="douyin",
        bound="douyin",
        sold_as="douyin",
        dialect="douyin",
        qr=CredentialKind.SHORT_LINK,
        secrets=("client_secret",),
        wrong={"client_secret": "wrong"},
        strange="104686126200130",
        frozen=Code.REFUND_ASKED,
        checkpoints=1,
        names_requests=False,
    ),
    Row(
        name="meituan",
        platform="meituan",
        bound="meituan",
        sold_as="meituan",
        dialect="meituan",
        qr=CredentialKind.CODE,
        secrets=("sign_key", "app_auth_token", "refresh_token"),
        wrong={"sign_key": "wrong"},
        strange="999999999999",
        phone=True,
        one_request=False,
        serials=False,
        checkpoints=1,
        names_requests=False,
        token="renewed",
        token_life_s=30 * 86_400,
        ended={"app_auth_token": "ended"},
        rejected=Code.AUTHORISATION_ENDED,
        timed=True,
    ),
    Row(
        name="meituan_dining",
        platform="meituan",
        bound="meituan",
        sold_as="meituan",
        dialect="meituan",
        qr=CredentialKind.CODE,
        secrets=("sign_key", "app_auth_token"),
        wrong={"sign_key": "wrong"},
        strange="999999999999",
        tells_order=False,
        basket="counted",
        left_of_three=0,
        spoilt=Code.UNITS_TOO_MANY,
        cards=False,
        checkpoints=1,
        numbers_records=False,
        names_requests=False,
        keeps_reversed=False,
        token="given",
        token_life_s=300 * 86_400,
        rejected=Code.AUTHORISATION_ENDED,
        timed=True,
    ),
    Row(
        name="dianping",
        platform="dianping",
        bound="meituan",
        sold_as="dianping",
        dialect="meituan",
        described="meituan",
        qr=CredentialKind.CODE,
        secrets=("sign_key", "app_auth_token", "refresh_token"),
        wrong={"sign_key": "wrong"},
        strange="9999999999",
        phone=True,
        one_request=False,
        serials=False,
        checkpoints=1,
        names_requests=False,
        token="renewed",
        token_life_s=30 * 86_400,
        ended={"app_auth_token": "ended"},
        rejected=Code.AUTHORISATION_ENDED,
        timed=True,
    ),
    Row(
        name="miniprogram",
        platform="miniprogram",
        bound="miniprogram",
        sold_as="miniprogram",
        dialect="miniprogram",
        qr=CredentialKind.DYNAMIC,
        secrets=("client_secret",),
        wrong={"client_secret": "wrong"},
        strange="8800000000000005",
        phone=True,
    ),
    Row(
        name="wechat_shop",
        platform="wechat_shop",
        bound="wechat_shop",
        sold_as="wechat_shop",
        dialect="wechat_shop",
        qr=CredentialKind.SEALED,
        secrets=("app_secret",),
        wrong={"app_secret": "wrong"},
        strange="1700000000000000001",
        more={"sku_ids": "1720001100000000001,1720001100000000002,1720001100000000003,1720001100000000009"},
        asks={"prepare": "read", "history": "read"},
        frozen=None,
        basket="shown",
        one_request=False,
        checkpoints=1,
        our_numbers=True,
        too_late=None,
    ),
    Row(
        name="dianping_legacy",
        platform="dianping",
        bound="dianping",
        sold_as="dianping",
        dialect="dianping",
        qr=CredentialKind.CODE,
        secrets=("app_secret", "session", "refresh_token"),
        wrong={"app_secret": "wrong"},
        strange="0000000001",
        described="dianping",
        basket="counted",
        spoilt=Code.UNITS_TOO_MANY,
        serials=False,
        checkpoints=1,
        numbers_records=False,
        names_requests=False,
        keeps_reversed=False,
        token="renewed",
        token_life_s=2_592_000,
        ended={"session": "ended"},
        rejected=Code.AUTHORISATION_ENDED,
        timed=True,
    ),
)
BY_NAME = {row.name: row for row in ROWS}
