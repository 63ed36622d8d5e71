"""Which key strokes come from a scanner that poses as a keyboard, and which from a person."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

K = TypeVar("K")
Kind = Literal["printable", "enter", "tab", "modifier", "other"]
"""other: function and editing keys, Esc, and anything pressed together with Ctrl, Alt or Meta."""
Suffix = Literal["enter", "tab", "none"]

# A phrase from an input method comes as one stroke, and the full stop that ended it as a second one.
_FEWEST_STROKES = 3
# X takes two equal keys within one millisecond for a held one; no keyboard repeats a held key as fast as this.
_FASTEST_REPEAT_MS = 10
_WRAP_MS = 2**32


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


@dataclass(frozen=True, slots=True)
class Rules:
    """How a scanner types: at most `gap_ms` between strokes, at least `fewest` characters.

    `prefix` is taken off where it is there. The `suffix` key ends a scan at once; with another key or none, silence
    ends it.
    """

    gap_ms: int = 35
    fewest: int = 6
    prefix: str = ""
    suffix: Suffix = "enter"


@dataclass(frozen=True, slots=True)
class Ruling(Generic[K]):
    """What becomes of the strokes so far. Where both are given, `scan` came before the strokes of `replay`.

    `replay` go to the focused field, in this order. While `holding`, call `silence(decide_at_ms)` once the strokes'
    clock has reached that time without another stroke.
    """

    replay: tuple[K, ...] = ()
    scan: str | None = None
    holding: bool = False
    decide_at_ms: int | None = None


class Wedge(Generic[K]):
    """Holds back strokes until it is clear who typed them. Feed it every key going down, in order.

    A single character is held no longer than `gap_ms`; a modifier or a key that could not begin a scan, not at all.
    """

    __slots__ = ("_held", "_just_ended", "_last_ms", "_rules")

    def __init__(self, rules: Rules = Rules()) -> None:
        self._rules = rules
        self._held: list[Stroke[K]] = []
        self._last_ms: int | None = None
        self._just_ended = False

    def key(self, stroke: Stroke[K]) -> Ruling[K]:
        """Rule on one more stroke."""
        since_ms = self._since(stroke.at_ms)
        near = since_ms is not None and since_ms <= self._rules.gap_ms
        scan, replay = (None, ()) if near else self._decided()
        self._just_ended = self._just_ended and near
        fast = bool(self._held) and since_ms is not None and since_ms < _FASTEST_REPEAT_MS
        match stroke.kind:
            case "modifier":
                return self._modifier(stroke, scan, replay)
            case "enter" | "tab" if self._just_ended:
                self._just_ended = False
            case _ if stroke.auto_repeat and not fast:
                scan, replay = self._passed(stroke, scan, replay)
            case "printable":
                self._held.append(stroke)
            case ("enter" | "tab") as kind if self._held and kind == self._rules.suffix:
                scan, replay = self._terminated(stroke)
            case "enter" | "tab" if self._held:
                self._held.append(stroke)
            case _:
                scan, replay = self._passed(stroke, scan, replay)
        self._note(stroke.at_ms, since_ms)
        if self._held:
            self._just_ended = False
        return self._ruling(scan, replay)

    def silence(self, now_ms: int) -> Ruling[K]:
        """Rule that nothing was typed up to `now_ms`, on the strokes' clock.

        To be asked only when no stroke is waiting in the queue: let the event loop turn once more after the timer.
        """
        since_ms = self._since(now_ms)
        if since_ms is not None and since_ms <= self._rules.gap_ms:
            return self._ruling(None, ())
        return self._ruling(*self._decided())

    def _since(self, at_ms: int) -> int | None:
        """Milliseconds since the last stroke; None before the first and where the clock was set back."""
        if self._last_ms is None:
            return None
        since_ms = at_ms - self._last_ms
        if since_ms <= -_WRAP_MS // 2:
            since_ms += _WRAP_MS
        # Events of one moment may overtake each other.
        if -self._rules.gap_ms <= since_ms < 0:
            return 0
        return since_ms if since_ms >= 0 else None

    def _note(self, at_ms: int, since_ms: int | None) -> None:
        if since_ms != 0 or self._last_ms is None:
            self._last_ms = at_ms

    def _modifier(self, stroke: Stroke[K], scan: str | None, replay: tuple[K, ...]) -> Ruling[K]:
        if not self._held:
            return self._ruling(scan, (*replay, stroke.payload))
        self._held.append(stroke)
        # A Shift that is kept down repeats too, and would make slow typing look fast.
        if not stroke.auto_repeat:
            self._note(stroke.at_ms, self._since(stroke.at_ms))
        return self._ruling(scan, replay)

    def _terminated(self, stroke: Stroke[K]) -> tuple[str | None, tuple[K, ...]]:
        scan, replay = self._decided()
        self._just_ended = scan is not None
        return scan, replay if scan is not None else (*replay, stroke.payload)

    def _passed(self, stroke: Stroke[K], scan: str | None, replay: tuple[K, ...]) -> tuple[str | None, tuple[K, ...]]:
        decided, before = self._decided()
        return decided if decided is not None else scan, (*replay, *before, stroke.payload)

    def _decided(self) -> tuple[str | None, tuple[K, ...]]:
        held, self._held = self._held, []
        scan = self._scan(held)
        return scan, () if scan is not None else tuple(stroke.payload for stroke in held)

    def _scan(self, held: list[Stroke[K]]) -> str | None:
        typed = [stroke.text for stroke in held if stroke.kind == "printable"]
        characters = "".join(typed)
        if len(characters) < self._rules.fewest or len(typed) < _FEWEST_STROKES:
            return None
        # A held key whose repeats do not say so.
        if len(set(characters)) == 1:
            return None
        text = "".join(map(_content, held)).rstrip("\n\t").removeprefix(self._rules.prefix)
        return text or None

    def _ruling(self, scan: str | None, replay: tuple[K, ...]) -> Ruling[K]:
        if not self._held or self._last_ms is None:
            return Ruling(replay, scan)
        return Ruling(replay, scan, True, self._last_ms + self._rules.gap_ms + 1)


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
