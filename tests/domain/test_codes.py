"""Texts as they were meant, and what of a credential may be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.codes import Credential, CredentialKind, clean, digits_of, is_link, link_of, luhn_ok

DQ1 = "0131258537244246218659" + "7" * 299


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("104686126200", "104686126200"),
        ("  104686126200\r\n", "104686126200"),
        ("１０４６８６１２６２００", "104686126200"),
        ("\ufeff104686126200", "104686126200"),
        ("1046\u200b8612\u200d6200", "104686126200"),
        ("\u202a104686126200\u202c", "104686126200"),
        ("\x02104686126200\x03", "104686126200"),
        ("104686126200\x00", "104686126200"),
        ("]C1104686126200", "104686126200"),
        ("\\000026https://v.douyin.com/eHHc1ft/", "https://v.douyin.com/eHHc1ft/"),
        ("\\000026\\000003https://v.douyin.com/eHHc1ft/", "https://v.douyin.com/eHHc1ft/"),
        ("]Q1\\000026https://v.douyin.com/eHHc1ft/", "https://v.douyin.com/eHHc1ft/"),
        ("\x02]Q1https://v.douyin.com/eHHc1ft/\x03", "https://v.douyin.com/eHHc1ft/"),
        ("ｈｔｔｐｓ：／／ｖ．ｄｏｕｙｉｎ．ｃｏｍ／eHHc1ft／", "https://v.douyin.com/eHHc1ft/"),
        ("\\000026", ""),
        ("\ud800\udfff", ""),
        ("a\ud800b", "ab"),
    ],
)
def test_cleaning(text: str, meant: str) -> None:
    assert clean(text) == meant


@given(st.text(max_size=50))
def test_cleaning_leaves_nothing_that_a_person_cannot_see(text: str) -> None:
    assert not set(clean(text)) & set("\x00\x1b\x1d\u200b\ufeff\u202e\ud800")


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1046 8612-6200", "104686126200"),
        ("1046\u20138612\u22126200", "104686126200"),
        ("0332808512", "0332808512"),
        ("1046.8612.6200", ""),
        ("١٠٤٦٨٦١٢٦٢٠٠", ""),
        ("104686126200x", ""),
        ("", ""),
    ],
)
def test_numbers_as_people_write_them(text: str, digits: str) -> None:
    assert digits_of(text) == digits


@pytest.mark.parametrize(
    "text", ["https://[::1/eHHc1ft/", "https://v.douyin.com:ab/", "https://v.douyin.com:99999999/"]
)
def test_a_broken_address_is_a_link_with_no_parts(text: str) -> None:
    assert is_link(text)
    assert link_of(text) is None


@given(st.integers(0, 10**15 - 1), st.integers(1, 9))
def test_luhn_finds_every_single_wrong_digit(number: int, slip: int) -> None:
    digits = f"{number:015d}"
    good = next(digits + last for last in "0123456789" if luhn_ok(digits + last))
    place = number % 16
    wrong = good[:place] + str((int(good[place]) + slip) % 10) + good[place + 1 :]
    assert not luhn_ok(wrong)


@pytest.mark.parametrize(
    ("kind", "text", "tail", "shape"),
    [
        (CredentialKind.CODE, "104686126200", "6200", "digits_12"),
        (CredentialKind.CODE, "0332808512", "8512", "digits_10"),
        (CredentialKind.PHONE, "13800138000", "8000", "phone"),
        (CredentialKind.SHORT_LINK, "https://v.douyin.com/eHHc1ft/", "", "short_link"),
        (CredentialKind.DYNAMIC, DQ1, "", "dynamic"),
        (CredentialKind.SEALED, "QmFzZTY0IG9mIGEgY29kZQ==", "", "sealed"),
    ],
)
def test_what_of_a_credential_may_be_seen(kind: CredentialKind, text: str, tail: str, shape: str) -> None:
    assert Credential(kind, text).tail == tail
    assert Credential(kind, text).shape == shape
