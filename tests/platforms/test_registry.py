"""Which bindings connect, and what is said of those that don't."""

import pytest

from sync.clock import FalseClock
from sync.domain.reasons import Code
from sync.errors import SettingsError
from sync.platforms.http import Door
from sync.platforms.port import Binding, Platform
from sync.platforms.registry import PLATFORMS, connect, trust_source

SETTINGS = {
    "douyin": {"client_key": "aw1", "account_id": "7000", "poi_id": "6000"},
    "miniprogram": {"base_url": "https://mini.example.com", "client_id": "till", "store": "c0ffee00"},
    "wechat_shop": {"app_id": "wx1", "store_name": "河畔小馆", "out_store_id": "s1"},
}
# The secret without which nothing can be asked.
SECRET = {"douyin": "client_secret", "miniprogram": "client_secret", "wechat_shop": "app_secret"}
PUBLISHES = {"miniprogram"}


def connected(binding: Binding) -> Platform:
    clock = FalseClock()
    return connect(binding, Door(clock, {}), clock, lambda *_: None)


@pytest.mark.parametrize("name", PLATFORMS)
def test_each_platform_connects_without_asking_anybody(name: str) -> None:
    platform = connected(Binding(name, SETTINGS[name], {SECRET[name]: "hush-hush"}))
    assert platform.name == name
    assert (trust_source(platform) is not None) == (name in PUBLISHES)


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_missing_setting_is_named(name: str) -> None:
    for key in SETTINGS[name]:
        settings = {each: value for each, value in SETTINGS[name].items() if each != key}
        with pytest.raises(SettingsError) as caught:
            connected(Binding(name, settings, {SECRET[name]: "hush-hush"}))
        assert key in caught.value.detail
        assert "hush-hush" not in str(caught.value)
    with pytest.raises(SettingsError, match=SECRET[name]):
        connected(Binding(name, SETTINGS[name], {}))


def test_an_unknown_platform_is_named_with_those_there_are() -> None:
    with pytest.raises(SettingsError) as caught:
        connected(Binding("eleme", {}, {}))
    assert caught.value.reason.code is Code.SETTINGS_BROKEN
    assert "eleme" in caught.value.detail
    assert "douyin" in caught.value.detail
