"""Who the false shop is at each platform: credentials made once for a state, and kept in it."""

from dataclasses import asdict, dataclass

from sync.sandbox.catalogue import PRODUCTS, TIMES_CARD
from sync.sandbox.rows import Token
from sync.sandbox.truth import Truth


@dataclass(frozen=True, slots=True)
class DouyinCredentials:
    """The shop at Douyin."""

    client_key: str
    client_secret: str
    account_id: str
    poi_id: str


@dataclass(frozen=True, slots=True)
class MeituanCredentials:
    """The shop at Meituan's retail services (businessId 58); the two tokens are renewed by the client."""

    developer_id: str
    sign_key: str
    business_id: str
    app_auth_token: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class DiningCredentials:
    """The same shop at Meituan's dining line (businessId 1), whose token lives long and is never refreshed."""

    developer_id: str
    sign_key: str
    business_id: str
    app_auth_token: str


@dataclass(frozen=True, slots=True)
class DianpingCredentials:
    """The shop at Dianping under an old contract."""

    app_key: str
    app_secret: str
    open_shop_uuid: str
    session: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class WechatShopCredentials:
    """The shop at WeChat Shop; `out_store_id` is the merchant's own number of the store, `sku_ids` what it sells, with
    commas between."""

    app_id: str
    app_secret: str
    store_name: str
    out_store_id: str
    sku_ids: str


@dataclass(frozen=True, slots=True)
class MiniprogramCredentials:
    """The shop at its own platform; `root_key` is the offline root's public key in hex."""

    client_id: str
    client_secret: str
    store: str
    root_key: str
    base_url: str


OWN_HOST = "mini.example.com"
STORE_NAME = "河畔小馆"

# Meituan's two lines, by businessId.
RETAIL, DINING = "58", "1"
_DAY_MS = 86_400_000
ACCESS_LIFE_MS, REFRESH_LIFE_MS = 30 * _DAY_MS, 35 * _DAY_MS
_LONG_LIFE_MS, _CODE_LIFE_MS = 3_650 * _DAY_MS, 600_000

# Where a merchant authorises a developer, and the family of tokens that comes of it.
SESSION = "session"
AUTHORISED = {"meituan": RETAIL, "dianping": SESSION}


def _kept(truth: Truth, name: str, made: str) -> str:
    return truth.setting(name) or truth.set(name, made)


def hand_out(truth: Truth, platform: str, family: str, life_ms: int) -> str:
    """A fresh token; from now on it is the one that the credentials tell."""
    made = Token(truth.hex(32), platform, family, truth.now_ms() + life_ms, truth.next("token"))
    return truth.set(f"{platform}.token.{family}", truth.tokens.put(made).text)


def _kept_token(truth: Truth, platform: str, family: str, life_ms: int) -> str:
    return truth.setting(f"{platform}.token.{family}") or hand_out(truth, platform, family, life_ms)


def douyin_credentials(truth: Truth) -> DouyinCredentials:
    """Made at the first call."""
    return DouyinCredentials(
        client_key=_kept(truth, "douyin.client_key", f"aw{truth.hex(7)}"),
        client_secret=_kept(truth, "douyin.client_secret", truth.hex(16)),
        account_id=_kept(truth, "douyin.account_id", truth.digits(19)),
        poi_id=_kept(truth, "douyin.poi_id", truth.digits(19)),
    )


def meituan_credentials(truth: Truth) -> MeituanCredentials:
    """Made at the first call; the tokens are those that were handed out last."""
    return MeituanCredentials(
        developer_id=_kept(truth, "meituan.developer_id", truth.digits(6)),
        sign_key=_kept(truth, "meituan.sign_key", truth.hex(8)),
        business_id=RETAIL,
        app_auth_token=_kept_token(truth, "meituan", RETAIL, ACCESS_LIFE_MS),
        refresh_token=_kept_token(truth, "meituan", f"{RETAIL}.refresh", REFRESH_LIFE_MS),
    )


def dining_credentials(truth: Truth) -> DiningCredentials:
    """Made at the first call: the developer of the other line, with a token of this one."""
    developer = meituan_credentials(truth)
    return DiningCredentials(
        developer_id=developer.developer_id,
        sign_key=developer.sign_key,
        business_id=DINING,
        app_auth_token=_kept_token(truth, "meituan", DINING, _LONG_LIFE_MS),
    )


def dianping_credentials(truth: Truth) -> DianpingCredentials:
    """Made at the first call; the tokens are those that were handed out last."""
    return DianpingCredentials(
        app_key=_kept(truth, "dianping.app_key", truth.digits(10)),
        app_secret=_kept(truth, "dianping.app_secret", truth.hex(20)),
        open_shop_uuid=_kept(truth, "dianping.open_shop_uuid", truth.hex(16)),
        session=_kept_token(truth, "dianping", SESSION, ACCESS_LIFE_MS),
        refresh_token=_kept_token(truth, "dianping", f"{SESSION}.refresh", REFRESH_LIFE_MS),
    )


def wechat_shop_credentials(truth: Truth) -> WechatShopCredentials:
    """Made at the first call."""
    return WechatShopCredentials(
        app_id=_kept(truth, "wechat_shop.app_id", f"wx{truth.hex(8)}"),
        app_secret=_kept(truth, "wechat_shop.app_secret", truth.hex(16)),
        store_name=STORE_NAME,
        out_store_id=_kept(truth, "wechat_shop.out_store_id", truth.digits(8)),
        sku_ids=",".join(product.sku_id for product in (*PRODUCTS, TIMES_CARD)),
    )


def miniprogram_credentials(truth: Truth, root_key: str) -> MiniprogramCredentials:
    """Made at the first call. A store id is never 0: that means "any"."""
    return MiniprogramCredentials(
        client_id=_kept(truth, "miniprogram.client_id", f"till-{truth.hex(6)}"),
        client_secret=_kept(truth, "miniprogram.client_secret", truth.hex(24)),
        store=_kept(truth, "miniprogram.store", f"c0{truth.hex(3)}"),
        root_key=root_key,
        base_url=f"https://{OWN_HOST}",
    )


def permit_authorisation(truth: Truth, platform: str) -> str:
    """A code that buys one pair of tokens within ten minutes."""
    family = AUTHORISED[platform]
    made = Token(truth.hex(16), platform, f"{family}.code", truth.now_ms() + _CODE_LIFE_MS, truth.next("token"))
    return truth.tokens.put(made).text


@dataclass(frozen=True, slots=True)
class Credentials:
    """The shop at all platforms."""

    douyin: DouyinCredentials
    meituan: MeituanCredentials
    meituan_dining: DiningCredentials
    dianping: DianpingCredentials
    miniprogram: MiniprogramCredentials
    wechat_shop: WechatShopCredentials

    def described(self) -> dict[str, dict[str, str]]:
        """Platform to its credentials, as `hexiao sandbox` prints them."""
        return asdict(self)
