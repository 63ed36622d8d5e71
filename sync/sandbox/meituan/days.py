"""What was redeemed on one day in Beijing, as Meituan and Dianping list it."""

import re
from datetime import date, datetime

from sync.sandbox.fields import Fields
from sync.sandbox.meituan.shapes import BEIJING
from sync.sandbox.receipts import BOTH
from sync.sandbox.rows import Redemption
from sync.sandbox.truth import Truth
from sync.sandbox.wire import BadInput

_DAY_MS = 86_400_000
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def day_of(fields: Fields) -> date:
    """The field `date`, written YYYY-MM-DD; BadInput otherwise."""
    text = fields.text("date", _DATE)
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadInput(f"there is no day {text}") from problem


def uses_of(truth: Truth, day: date, platforms: tuple[str, ...] = BOTH) -> list[Redemption]:
    """Every use of that day, taken back or not, oldest first."""
    begin_ms = int(datetime(day.year, day.month, day.day, tzinfo=BEIJING).timestamp()) * 1000
    uses = [use for platform in platforms for use in truth.redemptions_by_platform(platform)]
    return sorted((use for use in uses if 0 <= use.at_ms - begin_ms < _DAY_MS), key=lambda use: use.seq)
