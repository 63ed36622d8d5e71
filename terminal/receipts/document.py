"""A printable document: titles, facts, tables and notes in order, whatever it is printed on."""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Where a column's text stands."""

    LEFT = "left"
    RIGHT = "right"


class Tone(StrEnum):
    """How a sentence is meant: PLAIN is small print, the others are summed up in a box."""

    PLAIN = "plain"
    GOOD = "good"
    NOTE = "note"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, two pairs beside each other where the paper is wide enough."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The title of what follows."""

    title: str


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence."""

    said: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its name, its share of the width, and where its text stands."""

    name: str
    share: int
    side: Side = Side.LEFT


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `strong`: a total, or what must not be overlooked."""

    cells: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the columns' names stand at the head of every page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on: who, and what stands above the line already."""

    lines: tuple[tuple[str, str], ...]


Block = Facts | Section | Note | Table | Signatures


@dataclass(frozen=True, slots=True)
class Document:
    """One document. `subtitle` stands under the title, `foot` at the end of each page beside its number; `page`: how
    a page is numbered, with {page} and {pages}."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    foot: str
    page: str = "{page}/{pages}"
