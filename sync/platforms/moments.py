"""The times of Meituan and Dianping: text in the time of Shanghai, or numbers, in ms UTC."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

ZONE: Final = ZoneInfo("Asia/Shanghai")
_FORMS: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y.%m.%d %H:%M:%S", "%Y-%m-%d")


def ms_of(value: object) -> int | None:
    """A moment on the wire in ms UTC: seconds, milliseconds or text; None where nothing is told. ValueError for what is
    no moment."""
    if value is None or value == "" or value == 0 or value == "0":
        return None
    text = str(value).strip()
    if text.isdecimal() and len(text) in {10, 13}:
        return int(text) * (1000 if len(text) == 10 else 1)
    for form in _FORMS:
        try:
            return round(datetime.strptime(text, form).replace(tzinfo=ZONE).timestamp() * 1000)
        except ValueError:
            continue
    raise ValueError("is no moment")


MomentIfTold = Annotated[int | None, BeforeValidator(ms_of)]


def days(from_ms: int, to_ms: int) -> list[str]:
    """The days (YYYY-MM-DD, Shanghai) that a span touches, `from_ms` ≤ time < `to_ms`."""
    day, last = _day(from_ms), _day(max(from_ms, to_ms - 1))
    return [(day + timedelta(count)).strftime("%Y-%m-%d") for count in range((last - day).days + 1)]


def _day(ms: int) -> datetime:
    moment = datetime.fromtimestamp(ms / 1000, UTC).astimezone(ZONE)
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
