"""Which platforms a text may be from: the table of samples, the connected platforms, the cashier's pick."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.codes import (
    DIANPING,
    DOUYIN,
    MEITUAN,
    MINIPROGRAM,
    RECOGNISED,
    WECHAT_SHOP,
    Basis,
    Credential,
    CredentialKind,
    Recognised,
    clean,
)
from sync.domain.reasons import Code, Reason
from sync.domain.recognisers import RECOGNISERS, fitting, recognise
from tests.domain.samples import CIPHER, CODE, DQ1, FITS, LINK, OWN, PHONE, QUOTED, SHORT, STRANGERS

BOTH = frozenset({DOUYIN, MINIPROGRAM})


def refusal(text: str, connected: frozenset[str] = RECOGNISED, platform: str | None = None) -> Reason:
    found = recognise(text, connected, platform)
    assert isinstance(found, Reason), found
    return found


@pytest.mark.parametrize(
    ("text", "platforms", "kind", "meant"), FITS, ids=[f"{n} {ascii(row[0])[:40]}" for n, row in enumerate(FITS)]
)
def test_all_that_fit_are_gathered(text: str, platforms: tuple[str, ...], kind: CredentialKind, meant: str) -> None:
    found = fitting(clean(text))
    assert found == tuple(Recognised(platform, Credential(kind, meant)) for platform in platforms)
    if len(platforms) == 1:
        assert recognise(text, RECOGNISED) == found[0]
    else:
        asked = refusal(text)
        assert asked.code is Code.WHICH_PLATFORM
        assert asked.facts["choices"] == ",".join(platforms)
        assert asked.facts["shape"] == found[0].credential.shape
        assert asked.facts["usual"] == asked.facts["asked"] == ""


@pytest.mark.parametrize(
    ("text", "code", "kind"), STRANGERS, ids=[f"{n} {ascii(row[0])[:40]}" for n, row in enumerate(STRANGERS)]
)
def test_what_is_no_coupon(text: str, code: Code, kind: str) -> None:
    found = refusal(text)
    assert (found.code, found.facts.get("kind", "")) == (code, kind)


def test_the_table_is_long_enough_to_be_worth_its_name() -> None:
    texts = {text for text, *_ in FITS} | {text for text, *_ in STRANGERS}
    assert len(texts) == len(FITS) + len(STRANGERS) >= 120
    fitting_ones = [found for text, *_ in FITS for found in fitting(clean(text))]
    assert {found.platform for found in fitting_ones} == set(RECOGNISED)
    assert {found.basis for found in fitting_ones} == set(Basis)
    assert {found.credential.kind for found in fitting_ones} == set(CredentialKind)


def test_every_recogniser_has_its_samples() -> None:
    for recogniser in RECOGNISERS:
        assert any(recogniser(clean(text)) is not None for text, *_ in FITS), recogniser


@pytest.mark.parametrize("platform", [DOUYIN, MEITUAN])
def test_twelve_digits_are_those_of_the_one_that_is_connected(platform: str) -> None:
    found = recognise("104686126200", frozenset({platform, MINIPROGRAM, DIANPING}))
    assert found == Recognised(platform, Credential(CODE, "104686126200"))


@pytest.mark.parametrize("platform", [MINIPROGRAM, MEITUAN, DIANPING])
def test_a_phone_is_for_the_one_that_is_connected(platform: str) -> None:
    assert recognise("13800138000", frozenset({platform, DOUYIN})) == Recognised(
        platform, Credential(PHONE, "13800138000")
    )


@pytest.mark.parametrize(
    ("text", "connected", "platform"),
    [
        ("104686126200", frozenset({MINIPROGRAM}), DOUYIN),
        (OWN, frozenset({DOUYIN}), MINIPROGRAM),
        ("0332808512", frozenset({DOUYIN, MINIPROGRAM}), DIANPING),
        ("1750465040647263902", BOTH, WECHAT_SHOP),
        ("13800138000", frozenset({DOUYIN}), MINIPROGRAM),
        (SHORT, frozenset({MEITUAN}), DOUYIN),
        ("104686126200", frozenset[str](), DOUYIN),
    ],
)
def test_a_coupon_of_nobody_here(text: str, connected: frozenset[str], platform: str) -> None:
    found = refusal(text, connected)
    assert found.code is Code.NOT_CONNECTED
    assert found.facts["platform"] == platform


@pytest.mark.parametrize(
    ("text", "platform", "meant"),
    [
        ("104686126200", MEITUAN, Credential(CODE, "104686126200")),
        ("104686126200", DOUYIN, Credential(CODE, "104686126200")),
        ("13800138000", DIANPING, Credential(PHONE, "13800138000")),
        ("13800138000", MINIPROGRAM, Credential(PHONE, "13800138000")),
        ("6901234567892", DOUYIN, Credential(CODE, "6901234567892")),
        ("12345678901234567890", DOUYIN, Credential(CODE, "12345678901234567890")),
        ("134650973158243567", DOUYIN, Credential(CODE, "134650973158243567")),
        ("8812345678901233", DOUYIN, Credential(CODE, "8812345678901233")),
        ("shop-AB12cd34", WECHAT_SHOP, Credential(CODE, "shopAB12cd34")),
        (OWN, MINIPROGRAM, Credential(CODE, OWN)),
        (SHORT, DOUYIN, Credential(LINK, SHORT)),
    ],
)
def test_the_cashiers_pick(text: str, platform: str, meant: Credential) -> None:
    assert recognise(text, RECOGNISED, platform) == Recognised(platform, meant)


@pytest.mark.parametrize(
    ("text", "platform", "connected", "code"),
    [
        ("104686126200", MINIPROGRAM, RECOGNISED, Code.NOT_A_COUPON),
        ("0332808512", MEITUAN, RECOGNISED, Code.NOT_A_COUPON),
        ("104686126200", DIANPING, RECOGNISED, Code.NOT_A_COUPON),
        (SHORT, MINIPROGRAM, RECOGNISED, Code.NOT_A_COUPON),
        (OWN, DOUYIN, RECOGNISED, Code.NOT_A_COUPON),
        (DQ1, DOUYIN, RECOGNISED, Code.NOT_A_COUPON),
        ("13800138000", DOUYIN, RECOGNISED, Code.NOT_A_COUPON),
        (QUOTED, DOUYIN, RECOGNISED, Code.NOT_A_COUPON),
        ("https://evil.cn/x", WECHAT_SHOP, RECOGNISED, Code.FOREIGN_LINK),
        ("134650973158243567", MEITUAN, RECOGNISED, Code.PAYMENT_CODE),
        ("104686126200", MEITUAN, BOTH, Code.NOT_CONNECTED),
        ("104686126200", "taobao", RECOGNISED, Code.NOT_CONNECTED),
        ("", DOUYIN, RECOGNISED, Code.NOTHING_READ),
    ],
)
def test_a_pick_that_does_not_fit(text: str, platform: str, connected: frozenset[str], code: Code) -> None:
    assert refusal(text, connected, platform).code is code


@given(st.text() | st.text("0123456789 -\\]Q:/.@%+=htpsvdouyincomABC\ufeff１２", max_size=80))
@settings(max_examples=500, deadline=None)
def test_never_raises_and_never_guesses_a_host(text: str) -> None:
    for platform in (None, *sorted(RECOGNISED)):
        found = recognise(text, RECOGNISED, platform)
        assert isinstance(found, Recognised | Reason)
        if isinstance(found, Recognised) and found.credential.kind is LINK:
            assert found.credential.text.startswith("https://v.douyin.com/")
        if isinstance(found, Recognised) and platform is not None:
            assert found.platform == platform


@given(
    st.sampled_from([10, 11, 12, 13, 15, 16, 18, 19, 24]).flatmap(
        lambda n: st.text("0123456789", min_size=n, max_size=n)
    )
)
def test_what_is_asked_can_be_answered(digits: str) -> None:
    found = recognise(digits, RECOGNISED)
    if isinstance(found, Reason) and found.code is Code.WHICH_PLATFORM:
        choices = str(found.facts["choices"]).split(",")
        assert len(choices) > 1
        for platform in choices:
            picked = recognise(digits, RECOGNISED, platform)
            assert isinstance(picked, Recognised)
            assert picked.credential.shape == found.facts["shape"]


@pytest.mark.parametrize(
    "text",
    ["WIFI:T:WPA;S:shop;P:secret;;", "104686126200x", "secret", "1" * 33, "13800138000", "104686126200", CIPHER, OWN],
)
def test_reasons_keep_no_text(text: str) -> None:
    found = refusal(text, frozenset({DOUYIN, MEITUAN}) if text == "104686126200" else frozenset({"nobody"}))
    assert not any(str(fact) in ("secret", text) or "secret" in str(fact) for fact in found.facts.values())
