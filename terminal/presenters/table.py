"""A table as presenters give it: columns, and rows of cells that carry their own icon, tone and countdown."""

from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """`stretch`: takes what room is left, in that proportion, and is cut off with an ellipsis; 0: as wide as what it
    holds. `right`: for amounts and counts. `spare`: left out where the table is too narrow, the highest first."""

    title: str
    stretch: int = 0
    right: bool = False
    spare: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One text. `icon`: a name in resources/icons; `tone`: a verdict, "accent", or "quiet". With `until_ms` (UTC) the
    text names `{time}`, which counts down; from then on it is `then`."""

    said: str = ""
    icon: str = ""
    tone: str = ""
    strong: bool = False
    until_ms: int | None = None
    then: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `id` tells it from all others over every refresh. `heading`: its first cell names the rows below it; it
    spans all columns and can't be chosen."""

    id: Hashable
    cells: tuple[Cell, ...]
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty table says, and how."""

    said: str = ""
    icon: str = ""
    tone: str = "quiet"
