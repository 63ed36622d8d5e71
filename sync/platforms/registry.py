"""Which platforms there are: the only file that names the adapters."""

from collections.abc import Iterable

from sync.clock import Clock
from sync.domain.codes import DOUYIN, MINIPROGRAM, WECHAT_SHOP
from sync.domain.reasons import Code, because
from sync.errors import SettingsError
from sync.platforms.douyin.adapter import Douyin
from sync.platforms.http import Door
from sync.platforms.miniprogram.adapter import MiniProgram
from sync.platforms.port import Binding, Platform, StatementSource, TimeLearnt, TrustSource
from sync.platforms.wechat_shop.adapter import WechatShop

PLATFORMS = (DOUYIN, MINIPROGRAM, WECHAT_SHOP)


def connect(binding: Binding, door: Door, clock: Clock, on_time: TimeLearnt) -> Platform:
    """The platform that a binding names; SettingsError when there is none or a setting is missing."""
    try:
        match binding.platform:
            case "douyin":
                return Douyin(binding, door, clock)
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
    """All platforms of a store, by name."""
    return {binding.platform: connect(binding, door, clock, on_time) for binding in bindings}


def trust_source(platform: Platform) -> TrustSource | None:
    """What the platform publishes for deciding without it; None where it publishes nothing."""
    return platform if isinstance(platform, MiniProgram) else None


def statement_source(platform: Platform) -> StatementSource | None:
    """What the platform tells of what it will pay for; None where it tells nothing."""
    return platform if isinstance(platform, MiniProgram) else None
