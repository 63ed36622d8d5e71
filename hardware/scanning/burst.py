"""Key strokes that came close together, and whether a person could have typed them."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

K = TypeVar("K")
Kind = Literal["printable", "enter", "tab", "modifier", "other"]
"""other: function and editing keys, Esc, and anything pressed together with Ctrl, Alt or Meta."""

ENDS = ("enter", "tab")
# A busy machine or a radio link may hold up one key in so many, and it is a scanner all the same.
_FORGIVEN_EVERY = 6


@dataclass(frozen=True, slots=True)
class Stroke(Generic[K]):
    """One key going down. `payload` is what is given back for replay; `at_ms` is the key event's own time.

    Where a platform gives no time, the caller passes monotonic milliseconds, for all strokes alike. `text` may hold
    several characters: what an input method commits is one printable stroke.
    """

    payload: K
    text: str
    at_ms: int
    kind: Kind = "printable"
    auto_repeat: bool = False


class Burst(Generic[K]):
    """`slow` counts the gaps that no scanner makes when all is well; `late` says that a scan broke off right before.
    `doubt` is where what follows a pause begins, until its pace tells whose it is."""

    __slots__ = ("_composed", "doubt", "late", "slow", "strokes", "typed")

    def __init__(self, *, late: bool = False) -> None:
        self.strokes: list[Stroke[K]] = []
        self.late = late
        self.slow = self.typed = 0
        self.doubt: int | None = None
        self._composed = False

    @property
    def paced(self) -> bool:
        """No person is as fast. A phrase of an input method tells nothing about that."""
        return self.slow <= self.typed // _FORGIVEN_EVERY and not self._composed

    @property
    def ended(self) -> bool:
        """Enter or Tab came last."""
        return bool(self.strokes) and self.strokes[-1].kind in ENDS

    @property
    def texts(self) -> list[str]:
        """What each key typed."""
        return [stroke.text for stroke in self.strokes if stroke.kind == "printable"]

    @property
    def content(self) -> str:
        """All of it, with line ends and tabs."""
        return "".join(map(_content, self.strokes))

    def add(self, stroke: Stroke[K]) -> None:
        """One more."""
        self.strokes.append(stroke)
        if stroke.kind == "printable":
            self.typed += 1
            self._composed = self._composed or len(stroke.text) > 1

    def parted(self) -> tuple["Burst[K]", "Burst[K]"]:
        """What came before the pause, and after."""
        first: Burst[K] = Burst(late=self.late)
        first.slow = self.slow
        rest: Burst[K] = Burst()
        for place, stroke in enumerate(self.strokes):
            (first if self.doubt is None or place < self.doubt else rest).add(stroke)
        return first, rest


def _content(stroke: Stroke[K]) -> str:
    match stroke.kind:
        case "printable":
            return stroke.text
        case "enter":
            return "\n"
        case "tab":
            return "\t"
        case _:
            return ""
