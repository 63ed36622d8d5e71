"""What a keyboard does to a scanner's text is named, and what is whole is never called damaged."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.scanning.keyboards import LAYOUTS, typed
from hardware.scanning.layout import PROBE_TEXT, Damage, Difference, compare, damage_of

ROOT = Path(__file__).resolve().parents[3]
PLACES = (Path("tests/domain"), Path("../shared/spec"))
LINK = "https://v.douyin.com/eHHc1ft/"
DIGITS = "8812345678901234"
# Layouts on whose digit row the plain key gives something else, or another digit.
DIGITLESS = {"French", "Belgian", "Czech", "Hungarian"}


def vectors(name: str) -> str:
    for place in PLACES:
        if (ROOT / place / name).exists():
            return (ROOT / place / name).read_text(encoding="utf-8")
    pytest.skip(f"{name} is neither beside the tests of the domain nor beside the checkout")


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isalnum() else char for char in text)


@pytest.mark.parametrize(
    ("text", "damage"),
    [
        (full_width(DIGITS), Damage.FULL_WIDTH),
        ("88123４5678901234", Damage.FULL_WIDTH),
        ("https：//v。douyin。com/eHHc1ft/", Damage.FULL_WIDTH),
        ("https://v。douyin.com/eHHc1ft/", Damage.FULL_WIDTH),
        (full_width(LINK), Damage.FULL_WIDTH),
        ("123哦4567", Damage.INPUT_METHOD),
        ("后台图片上：//v.douyin.com/eHHc1ft", Damage.INPUT_METHOD),
        ("12'ab'3456", Damage.INPUT_METHOD),
        ("h't't'p's://v.douyin.com/eHHc1ft", Damage.INPUT_METHOD),
        ("https>&&v.douyin.com&eHHc1ft&", Damage.LAYOUT),
        ("https:--v.douyin.com-eHHc1ft-", Damage.LAYOUT),
        ("httpsÖ--v.douzin.com-eHHc1ft-", Damage.LAYOUT),
        ("&é\"'(-è_çà&é", Damage.LAYOUT),
        ("!@#$%^&*()", Damage.LAYOUT),
        ("88123456789ö1234", Damage.LAYOUT),
        ("HTTPS://V.DOUYIN.COM/AbC", Damage.CASE),
        ("  HTTPS://V.DOUYIN.COM/EhhC1FT/\r\n", Damage.CASE),
    ],
)
def test_each_damage_is_named(text: str, damage: Damage) -> None:
    assert damage_of(text) is damage


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_link_and_digits_through_each_layout(layout: str) -> None:
    assert damage_of(typed(LINK, layout)) is Damage.LAYOUT
    assert damage_of(typed(DIGITS, layout)) is (Damage.LAYOUT if layout in DIGITLESS else None)
    assert compare(PROBE_TEXT, typed(PROBE_TEXT, layout)).damage is Damage.LAYOUT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        DIGITS,
        "6901234567892",
        "138 0013 8000",
        "1234-5678-9012",
        "+8613800138000",
        LINK,
        "http://v.douyin.com/AbCdEf",
        "HTTPS://V.DOUYIN.COM/EHHC1FT/",
        "HTTP://EXAMPLE.COM",
        "https://developer.toutiao.com/api/apps/trade/v2/share?encrypted_data=aB%2B_&app_id=tt1&out_order_no=7",
        "https://www.iesdouyin.com/share/commerce/coupon/tok/?schema_type=13&object_id=CgYIASAHKAE.&x=1",
        "http:\\\\www.example.com\\coupon",
        "https - a text about links",
        "WIFI:T:WPA;S:咖啡厅2楼;P:l'eau123;;",
        "WIFI:S:Joe's;T:WPA;P:12345678;;",
        "BEGIN:VCARD\nFN:王芳\nEND:VCARD",
        "MECARD:N:王芳;TEL:13800138000;;",
        "weixin://wxpay/bizpayurl?pr=abc123",
        "wxp://f2f0AbCdEf_-123",
        "]Q18812345678901234",
        "Joe's 2nd bar",
        "AB-12_cd.34",
        "d'aujourd'hui",
    ],
)
def test_what_is_whole_is_not_called_damaged(text: str) -> None:
    assert damage_of(text) is None


def test_dynamic_codes_are_whole_and_their_damage_is_seen() -> None:
    texts = [vector["text"] for vector in json.loads(vectors("dq1-vectors.json"))["vectors"]]
    whole = [text for text in texts if text.isascii() and text.isdecimal()]
    assert len(whole) > 40
    assert [text for text in whole if damage_of(text) is not None] == []
    assert {damage_of(full_width(text)) for text in whole} == {Damage.FULL_WIDTH}
    assert {damage_of(typed(text, "French")) for text in whole} == {Damage.LAYOUT}


def test_texts_of_platforms_are_whole() -> None:
    told = json.loads(vectors("platform-vectors.json"))
    codes = [json.loads(rule["params"]["biz"])["receiptCode"] for rule in told if "biz" in rule.get("params", {})]
    signs = [rule["sign"] for rule in told]
    assert codes
    assert [text for text in (*codes, *signs) if damage_of(text) is not None] == []


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=400))
def test_ascii_letters_and_digits_are_whole(text: str) -> None:
    assert damage_of(text) is None


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    damage_of(text)
    assert bool(compare(PROBE_TEXT, text).differences) == (text.strip() != PROBE_TEXT)


def test_a_long_text_is_answered_at_once() -> None:
    for text in ("https:--" + "a" * 8000 + " ", "https://" + "a." * 4000 + "!", "'1" * 4000):
        damage_of(text)


def test_the_probe_arrives_whole() -> None:
    assert compare(PROBE_TEXT, f"{PROBE_TEXT}\r\n").differences == ()
    assert compare(PROBE_TEXT, PROBE_TEXT).damage is None
    assert damage_of(PROBE_TEXT) is None


@pytest.mark.parametrize(
    ("got", "damage"),
    [
        (PROBE_TEXT.swapcase(), Damage.CASE),
        (PROBE_TEXT.upper(), Damage.CASE),
        (full_width(PROBE_TEXT), Damage.FULL_WIDTH),
        (PROBE_TEXT.replace(":", "："), Damage.FULL_WIDTH),
        (PROBE_TEXT.replace("abc", "啊不错"), Damage.INPUT_METHOD),
        (PROBE_TEXT.replace("y", "\0").replace("z", "y").replace("\0", "z"), Damage.LAYOUT),
        (PROBE_TEXT[:20], None),
        ("", None),
    ],
)
def test_the_probe_damaged(got: str, damage: Damage | None) -> None:
    compared = compare(PROBE_TEXT, got)
    assert compared.damage is damage
    assert compared.differences


def test_differences_say_where() -> None:
    assert compare("abc", "abd").differences == (Difference(2, "c", "d"),)
    assert compare("abcd", "acd").differences == (Difference(1, "b", ""),)
    assert compare("abcd", "abxcd").differences == (Difference(2, "", "x"),)
