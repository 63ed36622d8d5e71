"""Amounts as people read them, and reasons as the ledger keeps them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.money import yuan
from sync.domain.reasons import ABOUT_US, Code, Reason, because, from_json, to_json


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "¥0.00"),
        (1, "¥0.01"),
        (99, "¥0.99"),
        (100, "¥1.00"),
        (123_450, "¥1,234.50"),
        (-5, "-¥0.05"),
        (-123_456_789, "-¥1,234,567.89"),
        (10**18, "¥10,000,000,000,000,000.00"),
    ],
)
def test_yuan(fen: int, text: str) -> None:
    assert yuan(fen) == text


@given(st.integers())
def test_yuan_says_every_fen(fen: int) -> None:
    digits = re.sub(r"[¥,.]", "", yuan(fen))
    assert int(digits) == fen


@given(
    st.sampled_from(Code),
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(st.characters(exclude_categories=["Cs"])), max_size=4),
)
def test_a_reason_comes_back_as_it_was_kept(code: Code, facts: dict[str, int | str]) -> None:
    found = from_json(to_json(Reason(code, facts)))
    assert found.code is code
    assert dict(found.facts) == facts


def test_facts_are_fixed() -> None:
    with pytest.raises(TypeError):
        because(Code.EXPIRED, until_ms=1).facts["until_ms"] = 2  # type: ignore[index]


@pytest.mark.parametrize("code", Code)
def test_what_is_about_us(code: Code) -> None:
    assert because(code).about_us is (code in ABOUT_US)


@pytest.mark.parametrize("code", [Code.FORGED, Code.USED_HERE, Code.REFUNDED, Code.PLATFORM_REFUSED, Code.NOT_FOUND])
def test_a_no_about_the_coupon_is_not_about_us(code: Code) -> None:
    assert not because(code).about_us
