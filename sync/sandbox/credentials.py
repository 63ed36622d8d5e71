"""Who the false shop is at each platform: credentials made once for a state, and kept in it."""

from dataclasses import asdict, dataclass

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
    """The shop at Meituan."""

    developer_id: str
    sign_key: str
    business_id: str
    app_auth_token: str


@dataclass(frozen=True, slots=True)
class MiniprogramCredentials:
    """The shop at its own platform; `root_key` is the offline root's public key in hex."""

    client_id: str
    client_secret: str
    store: str
    root_key: str
    base_url: str


OWN_HOST = "mini.example.com"


def _kept(truth: Truth, name: str, made: str) -> str:
    return truth.setting(name) or truth.set(name, made)


def douyin_credentials(truth: Truth) -> DouyinCredentials:
    """Made at the first call."""
    return DouyinCredentials(
        client_key=_kept(truth, "douyin.client_key", f"aw{truth.hex(7)}"),
        client_secret=_kept(truth, "douyin.client_secret", truth.hex(16)),
        account_id=_kept(truth, "douyin.account_id", truth.digits(19)),
        poi_id=_kept(truth, "douyin.poi_id", truth.digits(19)),
    )


def meituan_credentials(truth: Truth) -> MeituanCredentials:
    """Made at the first call."""
    return MeituanCredentials(
        developer_id=_kept(truth, "meituan.developer_id", truth.digits(6)),
        sign_key=_kept(truth, "meituan.sign_key", truth.hex(8)),
        business_id="58",
        app_auth_token=_kept(truth, "meituan.app_auth_token", truth.hex(32)),
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


@dataclass(frozen=True, slots=True)
class Credentials:
    """The shop at all platforms."""

    douyin: DouyinCredentials
    meituan: MeituanCredentials
    miniprogram: MiniprogramCredentials

    def described(self) -> dict[str, dict[str, str]]:
        """Platform to its credentials, as `hexiao sandbox` prints them."""
        return asdict(self)
