"""Yuan to fen: every cent exact, whichever way it is written, and nothing that is no amount."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from sync.platforms.yuan import Yuan, YuanIfTold, fen_of

FEN = st.integers(0, 9_999_999)


class Priced(BaseModel):
    """An answer with prices."""

    price: Yuan
    told: YuanIfTold = None


@given(FEN)
def test_every_cent_survives_the_wire(fen: int) -> None:
    number, text = fen / 100, f"{fen // 100}.{fen % 100:02d}"
    wire = json.dumps({"price": number, "told": text})
    assert Priced.model_validate_json(wire) == Priced.model_validate({"price": text, "told": number})
    assert Priced.model_validate_json(wire).model_dump() == {"price": fen, "told": fen}
    assert fen_of(Decimal(text)) == fen


@given(FEN, st.integers(1, 20))
def test_the_noise_of_arithmetic_is_no_fen(fen: int, times: int) -> None:
    assert fen_of(sum([fen / 100] * times)) == fen * times


@pytest.mark.parametrize(
    ("value", "fen"), [(0, 0), (-1, -100), ("19.9", 1990), (" 7 ", 700), (1.005, 101), ("1e2", 10_000)]
)
def test_odd_ways_to_write_an_amount(value: object, fen: int) -> None:
    assert fen_of(value) == fen


@pytest.mark.parametrize("value", ["", "a", "NaN", "Infinity", float("inf"), True, None, [], "1,000", 1e12])
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="no amount"):
        fen_of(value)
    with pytest.raises(ValidationError):
        Priced.model_validate({"price": value})


@pytest.mark.parametrize("value", [None, ""])
def test_an_amount_may_be_wanting_where_it_may(value: object) -> None:
    assert Priced.model_validate({"price": 1, "told": value}).told is None
