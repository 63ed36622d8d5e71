"""Reading the fields of an untrusted object one by one, each with its type and bounds."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from sync.sandbox.wire import BadInput

_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


class Fields:
    """A JSON object or a query string, read field by field; every miss is a BadInput that names the field.

    `textual` says that numbers come as digits (a query string).
    """

    def __init__(self, values: Mapping[str, Any], *, textual: bool = False) -> None:
        self._values = values
        self._textual = textual

    def raw(self) -> dict[str, Any]:
        """All of it, unread."""
        return dict(self._values)

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._values.get(name) is not None

    def text(self, name: str, pattern: re.Pattern[str] | None = None, *, longest: int = 4096) -> str:
        """A non-empty string, matching `pattern` as a whole where one is given."""
        value = self._values.get(name)
        if not isinstance(value, str) or not value:
            raise BadInput(f"{name} must be a non-empty string")
        if len(value) > longest:
            raise BadInput(f"{name} is longer than {longest} characters")
        if pattern is not None and pattern.fullmatch(value) is None:
            raise BadInput(f"{name} must match {pattern.pattern}")
        return value

    def optional_text(self, name: str, pattern: re.Pattern[str] | None = None) -> str | None:
        """The same, or None when absent, null or (in a query) empty."""
        if not self.has(name) or (self._textual and self._values[name] == ""):
            return None
        return self.text(name, pattern)

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """An integer within `low`…`high`; `default` when absent and one is given."""
        value = self._values.get(name)
        if value is None and default is not None:
            return default
        if self._textual and isinstance(value, str) and _NUMBER.fullmatch(value):
            value = int(value)
        elif isinstance(value, float) and value.is_integer():
            # JSON knows numbers only: 100.0 is as whole as 100.
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadInput(f"{name} must be a whole number")
        if not low <= value <= high:
            raise BadInput(f"{name} must lie within {low} and {high}")
        return value

    def choice(self, name: str, allowed: Collection[str], default: str | None = None) -> str:
        """One of the allowed words."""
        value = self._values.get(name, default)
        if not isinstance(value, str) or value not in allowed:
            raise BadInput(f"{name} must be one of: {', '.join(sorted(allowed))}")
        return value

    def share(self, name: str) -> float | None:
        """A number within 0…1, or None when absent."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise BadInput(f"{name} must be a number within 0 and 1")
        return float(value)

    def texts(self, name: str, low: int, high: int) -> list[str]:
        """A list of `low`…`high` non-empty strings."""
        values = self._list(name, low, high)
        if not all(isinstance(value, str) and value for value in values):
            raise BadInput(f"{name} must hold non-empty strings")
        return values

    def objects(self, name: str, low: int, high: int) -> "list[Fields]":
        """A list of `low`…`high` objects."""
        values = self._list(name, low, high)
        if not all(isinstance(value, dict) for value in values):
            raise BadInput(f"{name} must hold objects")
        return [Fields(value) for value in values]

    def object(self, name: str) -> "Fields":
        """One object."""
        value = self._values.get(name)
        if not isinstance(value, dict):
            raise BadInput(f"{name} must be an object")
        return Fields(value)

    def _list(self, name: str, low: int, high: int) -> list[Any]:
        value = self._values.get(name)
        if not isinstance(value, list):
            raise BadInput(f"{name} must be a list")
        if not low <= len(value) <= high:
            raise BadInput(f"{name} must hold {low} to {high} entries")
        return value
