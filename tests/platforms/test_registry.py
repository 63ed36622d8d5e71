"""Which bindings connect, and what is said of those that don't."""

import pytest

from sync.clock import FalseClock
from sync.domain.reasons import Code
from sync.errors import SettingsError
from sync.platforms.dianping.adapter import Dianping
from sync.platforms.http import Door
from sync.platforms.port import Binding, Platform
from sync.platforms.registry import PLATFORMS, authorisation, connect, connect_all, trust_source

SETTINGS = {
    "dianping": {"app_key": "9001", "open_shop_uuid": "uuid-1"},
    "douyin": {"client_key": "aw1", "account_id": "7000", "poi_id": "6000"},
    "meituan": {"developer_id": "112274"},
    "miniprogram": {"base_url": "https://mini.example.com", "client_id": "till", "store": "c0ffee00"},
    "wechat_shop": {"app_id": "wx1", "store_name": "河畔小馆", "out_store_id": "s1"},
}
# The secret without which nothing can be asked.
SECRET = {
    "dianping": "app_secret",
    "douyin": "client_secret",
    "meituan": "sign_key",
    "miniprogram": "client_secret",
    "wechat_shop": "app_secret",
}
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


def bound(*names: str) -> list[Binding]:
    return [Binding(name, SETTINGS[name], {SECRET[name]: "hush-hush"}) for name in names]


@pytest.mark.parametrize("business", ["58", "1"])
def test_dianping_is_a_label_on_what_meituan_redeems(business: str) -> None:
    clock = FalseClock()
    (meituan,) = bound("meituan")
    one = Binding("meituan", {**meituan.settings, "business_id": business}, meituan.secrets)
    platforms = connect_all([*bound("douyin"), one], Door(clock, {}), clock, lambda *_: None)
    assert set(platforms) == {"douyin", "meituan", "dianping"}
    assert {name: platform.name for name, platform in platforms.items()} == {name: name for name in platforms}
    label, meituan_itself = platforms["dianping"], platforms["meituan"]
    assert label.reversal_window_ms == meituan_itself.reversal_window_ms


def test_under_an_old_contract_dianping_is_itself() -> None:
    clock = FalseClock()
    platforms = connect_all(bound("meituan", "dianping"), Door(clock, {}), clock, lambda *_: None)
    assert isinstance(platforms["dianping"], Dianping)
    assert set(platforms) == {"meituan", "dianping"}


def test_without_meituan_nobody_redeems_dianping() -> None:
    clock = FalseClock()
    assert "dianping" not in connect_all(bound("douyin"), Door(clock, {}), clock, lambda *_: None)


@pytest.mark.parametrize("name", PLATFORMS)
def test_who_is_authorised_by_the_manager_has_a_page_for_it(name: str) -> None:
    clock = FalseClock()
    (binding,) = bound(name)
    found = authorisation(binding, Door(clock, {}), clock)
    if found is None:
        return
    assert found.page().startswith("https://")
    assert "hush-hush" not in found.page()
    with pytest.raises(SettingsError, match=SECRET[name]):
        authorisation(Binding(name, SETTINGS[name], {}), Door(clock, {}), clock)
