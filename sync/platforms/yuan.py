"""Yuan on the wire, whole fen inside."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated

from pydantic import BeforeValidator

_MOST_YUAN = Decimal(10_000_000)


def fen_of(value: object) -> int:
    """Yuan as a number or its text, in fen, exact: a number is taken by its shortest text, so that 19.99 is 1999 and
    the noise of arithmetic (19.990000000000002) is rounded away. ValueError for what is no amount."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError("is no amount")
    try:
        yuan = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ValueError("is no amount") from error
    if not yuan.is_finite() or abs(yuan) > _MOST_YUAN:
        raise ValueError("is no amount")
    return int((yuan * 100).to_integral_value(ROUND_HALF_UP))


def _fen_if_told(value: object) -> int | None:
    return None if value is None or value == "" else fen_of(value)


Yuan = Annotated[int, BeforeValidator(fen_of)]
"""A field in yuan on the wire, in fen once read."""

YuanIfTold = Annotated[int | None, BeforeValidator(_fen_if_told)]
"""The same where it may be wanting, null or empty."""
