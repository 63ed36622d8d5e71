"""What a text is: a table of what people, scanners and attackers put in front of the counter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.codes import (
    DOUYIN,
    MINIPROGRAM,
    Credential,
    CredentialKind,
    Recognised,
    clean,
    luhn_ok,
)
from sync.domain.reasons import Code, Reason
from sync.domain.recognisers import recognise

BOTH = frozenset({DOUYIN, MINIPROGRAM})
LINK, CODE, PHONE, DYNAMIC = (
    CredentialKind.SHORT_LINK,
    CredentialKind.CODE,
    CredentialKind.PHONE,
    CredentialKind.DYNAMIC,
)
OWN = "8812345678901234"[:15]
OWN_GOOD = next(OWN + digit for digit in "0123456789" if luhn_ok(OWN + digit))
OWN_BAD = OWN + str((int(OWN_GOOD[-1]) + 1) % 10)
DQ1 = "0131258537244246218659" + "7" * 299

COUPONS = [
    ("104686126200", DOUYIN, CODE, "104686126200"),
    ("1046861262001", DOUYIN, CODE, "1046861262001"),
    ("10468612620013", DOUYIN, CODE, "10468612620013"),
    ("104686126200130", DOUYIN, CODE, "104686126200130"),
    ("000000000000", DOUYIN, CODE, "000000000000"),
    ("1046 8612 6200 130", DOUYIN, CODE, "104686126200130"),
    ("1046-8612-6200-130", DOUYIN, CODE, "104686126200130"),
    ("  104686126200\r\n", DOUYIN, CODE, "104686126200"),
    ("１０４６８６１２６２００", DOUYIN, CODE, "104686126200"),
    ("1046\u30008612\u00a06200", DOUYIN, CODE, "104686126200"),
    ("\ufeff104686126200", DOUYIN, CODE, "104686126200"),
    ("1046\u200b8612\u200d6200", DOUYIN, CODE, "104686126200"),
    ("\u202a104686126200\u202c", DOUYIN, CODE, "104686126200"),
    ("\x02104686126200\x03", DOUYIN, CODE, "104686126200"),
    ("104686126200\x00", DOUYIN, CODE, "104686126200"),
    ("]C1104686126200", DOUYIN, CODE, "104686126200"),
    ("https://v.douyin.com/eHHc1ft/", DOUYIN, LINK, "https://v.douyin.com/eHHc1ft/"),
    ("https://v.douyin.com/eHHc1ft", DOUYIN, LINK, "https://v.douyin.com/eHHc1ft"),
    ("http://v.douyin.com/eHHc1ft/", DOUYIN, LINK, "https://v.douyin.com/eHHc1ft/"),
    ("HTTPS://V.DOUYIN.COM/eHHc1ft/", DOUYIN, LINK, "https://v.douyin.com/eHHc1ft/"),
    ("https://v.douyin.com/a-_Z9/", DOUYIN, LINK, "https://v.douyin.com/a-_Z9/"),
    ("\\000026https://v.douyin.com/eHHc1ft/", DOUYIN, LINK, "https://v.douyin.com/eHHc1ft/"),
    ("\\000026\\000003https://v.douyin.com/eHHc1ft/", DOUYIN, LINK, "https://v.douyin.com/eHHc1ft/"),
    ("]Q1\\000026https://v.douyin.com/eHHc1ft/", DOUYIN, LINK, "https://v.douyin.com/eHHc1ft/"),
    ("\ufeff\\000026https://v.douyin.com/eHHc1ft/", DOUYIN, LINK, "https://v.douyin.com/eHHc1ft/"),
    ("\x02]Q1https://v.douyin.com/eHHc1ft/\x03", DOUYIN, LINK, "https://v.douyin.com/eHHc1ft/"),
    ("ｈｔｔｐｓ：／／ｖ．ｄｏｕｙｉｎ．ｃｏｍ／eHHc1ft／", DOUYIN, LINK, "https://v.douyin.com/eHHc1ft/"),
    (OWN_GOOD, MINIPROGRAM, CODE, OWN_GOOD),
    (f"{OWN_GOOD[:4]} {OWN_GOOD[4:8]}-{OWN_GOOD[8:]}", MINIPROGRAM, CODE, OWN_GOOD),
    ("13800138000", MINIPROGRAM, PHONE, "13800138000"),
    ("138-0013-8000", MINIPROGRAM, PHONE, "13800138000"),
    ("19912345678", MINIPROGRAM, PHONE, "19912345678"),
    (DQ1, MINIPROGRAM, DYNAMIC, DQ1),
    (DQ1[:268], MINIPROGRAM, DYNAMIC, DQ1[:268]),
    (DQ1[:320], MINIPROGRAM, DYNAMIC, DQ1[:320]),
    (DQ1 + "1", MINIPROGRAM, DYNAMIC, DQ1 + "1"),
    ("\\000026" + DQ1, MINIPROGRAM, DYNAMIC, DQ1),
]

OTHERS = [
    ("", Code.NOTHING_READ),
    (" \t\r\n", Code.NOTHING_READ),
    ("\u200b\ufeff", Code.NOTHING_READ),
    ("\x00\x1b\x1d", Code.NOTHING_READ),
    ("\\000026", Code.NOTHING_READ),
    ("\ud800\udfff", Code.NOTHING_READ),
    (OWN_BAD, Code.NOT_A_COUPON),
    ("1234567890", Code.NOT_CONNECTED),
    ("123456789", Code.NOT_A_COUPON),
    ("12345678901", Code.NOT_A_COUPON),
    ("20812345678", Code.NOT_A_COUPON),
    ("7812345678901234", Code.NOT_A_COUPON),
    ("12345678901234567890123456789012", Code.NOT_A_COUPON),
    ("١٠٤٦٨٦١٢٦٢٠٠", Code.NOT_A_COUPON),
    ("134650973158243567", Code.PAYMENT_CODE),
    ("100000000000000000", Code.PAYMENT_CODE),
    ("158888888888888888", Code.PAYMENT_CODE),
    ("168888888888888888", Code.NOT_A_COUPON),
    ("2865 1234 5678 9012", Code.PAYMENT_CODE),
    ("283345678901234567", Code.PAYMENT_CODE),
    ("302345678901234567890123", Code.PAYMENT_CODE),
    ("https://v.douyin.com.evil.cn/eHHc1ft/", Code.FOREIGN_LINK),
    ("https://evil.cn/v.douyin.com/eHHc1ft/", Code.FOREIGN_LINK),
    ("https://v.douyin.com@evil.cn/eHHc1ft/", Code.FOREIGN_LINK),
    ("https://evil.cn@v.douyin.com/eHHc1ft/", Code.FOREIGN_LINK),
    ("https://v.douyin.com\\@evil.cn/eHHc1ft/", Code.FOREIGN_LINK),
    ("https://v.douyin.com:8443/eHHc1ft/", Code.FOREIGN_LINK),
    ("https://v.douyin.com:99999999/eHHc1ft/", Code.NOT_A_COUPON),
    ("https://v.douyin.com:ab/eHHc1ft/", Code.NOT_A_COUPON),
    ("https://v.douyin.com./eHHc1ft/", Code.FOREIGN_LINK),
    ("https://xv.douyin.com/eHHc1ft/", Code.FOREIGN_LINK),
    ("https://v-douyin.com/eHHc1ft/", Code.FOREIGN_LINK),
    ("https://v.d\u03bfuyin.com/eHHc1ft/", Code.FOREIGN_LINK),
    ("https://v.douyin.com/", Code.FOREIGN_LINK),
    ("https://v.douyin.com/abc", Code.FOREIGN_LINK),
    ("https://v.douyin.com/" + "a" * 65, Code.FOREIGN_LINK),
    ("https://v.douyin.com/../admin/", Code.FOREIGN_LINK),
    ("https://v.douyin.com/eHHc1ft/?x=1", Code.FOREIGN_LINK),
    ("https://v.douyin.com/eHHc1ft/more", Code.FOREIGN_LINK),
    ("https://[::1/eHHc1ft/", Code.NOT_A_COUPON),
    ("http://", Code.FOREIGN_LINK),
    ("http://127.0.0.1/eHHc1ft/", Code.FOREIGN_LINK),
    ("https://qr.alipay.com/fkx1234", Code.FOREIGN_LINK),
    ("https://u.wechat.com/abc", Code.FOREIGN_LINK),
    ("https://developer.toutiao.com/api/apps/trade/v2/share?encrypted_data=x", Code.NOT_CONNECTED),
    ("ftp://v.douyin.com/eHHc1ft/", Code.NOT_A_COUPON),
    ("javascript:alert(1)", Code.NOT_A_COUPON),
    ("WIFI:T:WPA;S:shop;P:secret;;", Code.NOT_A_COUPON),
    ("BEGIN:VCARD\nVERSION:3.0\nTEL:13800138000\nEND:VCARD", Code.NOT_A_COUPON),
    ("weixin://wxpay/bizpayurl?pr=abc", Code.NOT_A_COUPON),
    ("wxp://f2f0abc", Code.NOT_A_COUPON),
    ("tel:13800138000", Code.NOT_A_COUPON),
    ("mailto:a@b.cn", Code.NOT_A_COUPON),
    ("🎫🎟️", Code.NOT_A_COUPON),
    ("您好", Code.NOT_A_COUPON),
    ("ABC123456789", Code.NOT_A_COUPON),
    ("1046a6126200", Code.NOT_A_COUPON),
    ("-104686126200.5", Code.NOT_A_COUPON),
    ("a\ud800b", Code.NOT_A_COUPON),
    ("\x89PNG\r\n\x1a\n\x00\x00", Code.NOT_A_COUPON),
    ("x" * 10_240, Code.NOT_A_COUPON),
    ("1" * 10_240, Code.NOT_A_COUPON),
    ("\ufdfa" * 10_240, Code.NOT_A_COUPON),
    ("'; DROP TABLE redemptions;--", Code.NOT_A_COUPON),
    ("{}%s%n", Code.NOT_A_COUPON),
]


@pytest.mark.parametrize(
    ("text", "platform", "kind", "meant"), COUPONS, ids=[f"{n} {ascii(row[0])[:40]}" for n, row in enumerate(COUPONS)]
)
def test_coupons(text: str, platform: str, kind: CredentialKind, meant: str) -> None:
    assert recognise(text, BOTH) == Recognised(platform, Credential(kind, meant))


@pytest.mark.parametrize(("text", "code"), OTHERS, ids=[f"{n} {ascii(row[0])[:40]}" for n, row in enumerate(OTHERS)])
def test_other_texts(text: str, code: Code) -> None:
    found = recognise(text, BOTH)
    assert isinstance(found, Reason)
    assert found.code is code


def test_the_table_is_long_enough_to_be_worth_its_name() -> None:
    assert len({text for text, *_ in COUPONS} | {text for text, _ in OTHERS}) >= 90


@pytest.mark.parametrize(
    ("text", "platform", "kind"),
    [
        ("1234567890", DOUYIN, CODE),
        ("12345678901234567890", DOUYIN, CODE),
        (OWN_BAD, DOUYIN, CODE),
        (OWN_GOOD, MINIPROGRAM, CODE),
        ("13800138000", MINIPROGRAM, PHONE),
    ],
)
def test_the_cashiers_choice(text: str, platform: str, kind: CredentialKind) -> None:
    assert recognise(text, BOTH, platform) == Recognised(platform, Credential(kind, text))


@pytest.mark.parametrize(
    ("text", "platform", "connected", "code"),
    [
        ("104686126200", MINIPROGRAM, BOTH, Code.NOT_A_COUPON),
        ("https://v.douyin.com/eHHc1ft/", MINIPROGRAM, BOTH, Code.NOT_A_COUPON),
        (DQ1, DOUYIN, BOTH, Code.NOT_A_COUPON),
        ("104686126200", None, frozenset({MINIPROGRAM}), Code.NOT_CONNECTED),
        (OWN_GOOD, None, frozenset({DOUYIN}), Code.NOT_CONNECTED),
        ("104686126200", None, frozenset[str](), Code.NOT_CONNECTED),
    ],
)
def test_choice_and_connection_that_do_not_fit(
    text: str, platform: str | None, connected: frozenset[str], code: Code
) -> None:
    found = recognise(text, connected, platform)
    assert isinstance(found, Reason)
    assert found.code is code


@given(st.text() | st.text("0123456789 -\\]Q:/.@htpsvdouyincom\ufeff１２", max_size=60))
@settings(max_examples=500, deadline=None)
def test_never_raises_and_never_guesses_a_host(text: str) -> None:
    found = recognise(text, BOTH)
    assert isinstance(found, Recognised | Reason)
    if isinstance(found, Recognised) and found.credential.kind is LINK:
        assert found.credential.text.startswith("https://v.douyin.com/")


@given(st.integers(0, 10**15 - 1), st.integers(1, 9))
def test_luhn_finds_every_single_wrong_digit(number: int, slip: int) -> None:
    digits = f"{number:015d}"
    good = next(digits + last for last in "0123456789" if luhn_ok(digits + last))
    place = number % 16
    wrong = good[:place] + str((int(good[place]) + slip) % 10) + good[place + 1 :]
    assert not luhn_ok(wrong)


@given(st.text(max_size=50))
def test_cleaning_leaves_nothing_that_a_person_cannot_see(text: str) -> None:
    assert not set(clean(text)) & set("\x00\x1b\x1d\u200b\ufeff\u202e\ud800")


def test_only_codes_and_phones_show_their_tail() -> None:
    assert Credential(CODE, "104686126200").tail == "6200"
    assert Credential(PHONE, "13800138000").tail == "8000"
    assert Credential(LINK, "https://v.douyin.com/eHHc1ft/").tail == ""
    assert Credential(DYNAMIC, DQ1).tail == ""


@pytest.mark.parametrize("text", ["WIFI:T:WPA;S:shop;P:secret;;", "104686126200x", "secret", "1" * 33])
def test_reasons_keep_no_text(text: str) -> None:
    found = recognise(text, BOTH)
    assert isinstance(found, Reason)
    assert not any(str(fact) in ("secret", text) or "secret" in str(fact) for fact in found.facts.values())
