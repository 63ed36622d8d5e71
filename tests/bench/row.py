"""One line of the table of numbers: ours against the bare thing, taken in one run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio` is ours over bare, in the sense that smaller is better; `limit` is the most it may be."""

    name: str
    ours: float
    bare: float
    unit: str
    ratio: float
    limit: float

    @property
    def ok(self) -> bool:
        """Whether the ratio keeps its limit."""
        return self.ratio <= self.limit
