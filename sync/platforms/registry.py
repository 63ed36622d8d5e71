"""Which platforms there are: the only file that names the adapters."""

from collections.abc import Iterable

from sync.clock import Clock
from sync.domain.codes import DIANPING, DOUYIN, MEITUAN, MINIPROGRAM, WECHAT_SHOP
from sync.domain.reasons import Code, because
from sync.errors import SettingsError
from sync.platforms.dianping.adapter import Dianping
from sync.platforms.dianping.oauth import DianpingAuthorisation
from sync.platforms.douyin.adapter import Douyin
from sync.platforms.grant import Authorisation
from sync.platforms.http import Door
from sync.platforms.meituan.adapter import Meituan
from sync.platforms.meituan.oauth import ShopAuthorisation
from sync.platforms.miniprogram.adapter import MiniProgram
from sync.platforms.port import Binding, Platform, StatementSource, TimeLearnt, TrustSource
from sync.platforms.wechat_shop.adapter import WechatShop

PLATFORMS = (DOUYIN, MEITUAN, DIANPING, MINIPROGRAM, WECHAT_SHOP)


def connect(binding: Binding, door: Door, clock: Clock, on_time: TimeLearnt) -> Platform:
    """The platform that a binding names; SettingsError when there is none or a setting is missing."""
    try:
        match binding.platform:
            case "dianping":
                return Dianping(binding, door, clock)
            case "douyin":
                return Douyin(binding, door, clock)
            case "meituan":
                return Meituan.of(binding, door, clock)
            case "miniprogram":
                return MiniProgram(binding, door, clock, on_time)
            case "wechat_shop":
                return WechatShop(binding, door, clock)
            case unknown:
                missing = f"no such platform: {unknown[:40]!r}; there are {', '.join(PLATFORMS)}"
    except KeyError as key:
        missing = f"{binding.platform}: setting {key.args[0]} is missing"
    raise SettingsError(because(Code.SETTINGS_BROKEN, path=binding.platform[:40], detail=missing[:200]), missing)


def connect_all(bindings: Iterable[Binding], door: Door, clock: Clock, on_time: TimeLearnt) -> dict[str, Platform]:
    """All platforms of a store by name, in the order in which people know them. Bound to Meituan and under no old
    contract with Dianping, a store redeems Dianping's coupons as Meituan's, under a name of their own."""
    connected = {binding.platform: connect(binding, door, clock, on_time) for binding in bindings}
    meituan = connected.get(MEITUAN)
    if isinstance(meituan, Meituan) and DIANPING not in connected:
        connected[DIANPING] = meituan.as_dianping()
    return {name: connected[name] for name in PLATFORMS if name in connected}


def authorisation(binding: Binding, door: Door, clock: Clock) -> Authorisation | None:
    """How the store's manager authorises this terminal at a platform; None where its secrets are all there is to it.
    SettingsError when a setting is missing."""
    try:
        match binding.platform:
            case "dianping":
                return DianpingAuthorisation(binding, door, clock)
            case "meituan":
                return ShopAuthorisation(binding, door, clock)
            case _:
                return None
    except KeyError as key:
        missing = f"{binding.platform}: setting {key.args[0]} is missing"
    raise SettingsError(because(Code.SETTINGS_BROKEN, path=binding.platform[:40], detail=missing[:200]), missing)


def trust_source(platform: Platform) -> TrustSource | None:
    """What the platform publishes for deciding without it; None where it publishes nothing."""
    return platform if isinstance(platform, MiniProgram) else None


def statement_source(platform: Platform) -> StatementSource | None:
    """What the platform tells of what it will pay for; None where it tells nothing."""
    return platform if isinstance(platform, Douyin | MiniProgram) else None
