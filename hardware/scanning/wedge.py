"""Which key strokes come from a scanner that poses as a keyboard, and which from a person."""

from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

from hardware.scanning.burst import ENDS, Burst, Stroke

K = TypeVar("K")
Suffix = Literal["enter", "tab", "none"]

# A phrase from an input method comes as one stroke, and the full stop that ended it as a second one.
_FEWEST_STROKES = 3
# X takes two equal keys within one millisecond for a held one; no keyboard repeats a held key as fast as this.
_FASTEST_REPEAT_MS = 10
# Nobody types several keys as fast as this; a tick of Windows' clock, whose key times stand on ticks, fits in.
_PACE_MS = 16
_FEWEST_TO_END, _FEWEST_TO_WAIT = 2, 4
# How long a scanner that is said to end with a key may stop within a code, and how long after that its rest may come.
_PAUSE_MS, _AFTERMATH_MS = 150, 500
_WRAP_MS = 2**32


@dataclass(frozen=True, slots=True)
class Rules:
    """How a scanner types: at most `gap_ms` between strokes, at least `fewest` characters.

    `prefix` is taken off where it is there. The `suffix` key ends a scan at once; with another key or none, silence
    ends it: after `gap_ms`, or after 150 ms where a `suffix` was to be expected of strokes as fast as these.
    """

    gap_ms: int = 35
    fewest: int = 6
    prefix: str = ""
    suffix: Suffix = "enter"


@dataclass(frozen=True, slots=True)
class Ruling(Generic[K]):
    """What becomes of the strokes so far. Where both are given, `scan` came before the strokes of `replay`.

    `replay` go to the focused field, in this order. `short` is what no person typed and yet is no whole code: it goes
    nowhere. While `holding`, call `silence(decide_at_ms)` once the strokes' clock has reached that time without
    another stroke.
    """

    replay: tuple[K, ...] = ()
    scan: str | None = None
    holding: bool = False
    decide_at_ms: int | None = None
    short: str | None = None


class Wedge(Generic[K]):
    """Holds back strokes until it is clear who typed them. Feed it every key going down, in order.

    A single character is held no longer than `gap_ms`; a modifier or a key that could not begin a scan, not at all.
    """

    __slots__ = ("_broke_off", "_held", "_just_ended", "_last_ms", "_rules")

    def __init__(self, rules: Rules = Rules()) -> None:
        self._rules = rules
        self._held: Burst[K] = Burst()
        self._last_ms: int | None = None
        self._just_ended = self._broke_off = False

    def key(self, stroke: Stroke[K]) -> Ruling[K]:
        """Rule on one more stroke."""
        since_ms = self._since(stroke.at_ms)
        near = since_ms is not None and since_ms <= self._patience_ms
        ruled: Ruling[K] = Ruling() if near else self._silent()
        self._just_ended = self._just_ended and near
        held = self._held.strokes
        fast = bool(held) and since_ms is not None and since_ms < _FASTEST_REPEAT_MS
        match stroke.kind:
            case "modifier":
                return self._modifier(stroke, since_ms, ruled)
            case "enter" | "tab" if self._just_ended:
                self._just_ended = False
            case _ if stroke.auto_repeat and not fast:
                ruled = self._passed(stroke, ruled)
            case "printable":
                ruled = self._printed(stroke, since_ms, ruled)
            case "enter" | "tab" if held:
                ruled = self._ended(stroke)
            case _:
                ruled = self._passed(stroke, ruled)
        self._broke_off = False
        self._note(stroke.at_ms, since_ms)
        if self._held.strokes:
            self._just_ended = False
        return self._holding(ruled)

    def silence(self, now_ms: int) -> Ruling[K]:
        """Rule that nothing was typed up to `now_ms`, on the strokes' clock.

        To be asked only when no stroke is waiting in the queue: let the event loop turn once more after the timer.
        """
        since_ms = self._since(now_ms)
        if since_ms is not None and since_ms <= self._patience_ms:
            return self._holding(Ruling())
        return self._holding(self._silent())

    @property
    def _patience_ms(self) -> int:
        """How long after the last stroke another one may still belong to it."""
        held, gap_ms = self._held, self._rules.gap_ms
        if self._rules.suffix == "none" or held.doubt is not None or held.ended:
            return gap_ms
        return max(gap_ms, _PAUSE_MS) if held.typed >= _FEWEST_TO_WAIT and held.paced else gap_ms

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

    def _modifier(self, stroke: Stroke[K], since_ms: int | None, ruled: Ruling[K]) -> Ruling[K]:
        held = self._held
        if not held.strokes:
            return self._holding(_both(ruled, Ruling((stroke.payload,))))
        if since_ms is not None and since_ms > self._rules.gap_ms:
            held.doubt = len(held.strokes)
        held.add(stroke)
        # A Shift that is kept down repeats too, and would make slow typing look fast.
        if not stroke.auto_repeat:
            self._note(stroke.at_ms, since_ms)
        return self._holding(ruled)

    def _printed(self, stroke: Stroke[K], since_ms: int | None, ruled: Ruling[K]) -> Ruling[K]:
        held = self._held
        if since_ms is None or not held.strokes:
            late = self._broke_off and since_ms is not None and since_ms <= _AFTERMATH_MS
            held = self._held = Burst(late=late)
        elif since_ms > self._rules.gap_ms:
            held.doubt = len(held.strokes)
        elif since_ms <= _PACE_MS:
            held.doubt = None
        elif held.doubt is None:
            held.slow += 1
        else:
            # It goes on as no scanner does: what came before the pause was all.
            first, held = held.parted()
            ruled = self._ruled(first)
            self._held, held.late, held.slow = held, ruled.scan is not None, 1
        held.add(stroke)
        return ruled

    def _ended(self, stroke: Stroke[K]) -> Ruling[K]:
        held = self._held
        held.doubt = None
        if stroke.kind != self._rules.suffix:
            held.add(stroke)
            return Ruling()
        self._held = Burst()
        ruled = self._ruled(held, ended=True)
        self._just_ended = not ruled.replay
        return ruled if self._just_ended else _both(ruled, Ruling((stroke.payload,)))

    def _passed(self, stroke: Stroke[K], ruled: Ruling[K]) -> Ruling[K]:
        return _both(_both(ruled, self._decided()), Ruling((stroke.payload,)))

    def _silent(self) -> Ruling[K]:
        held, ruled = self._held, self._decided()
        if held.strokes:
            cut = self._rules.suffix != "none" and held.paced and not held.ended
            self._broke_off = cut and (ruled.scan is not None or ruled.short is not None)
        return ruled

    def _decided(self) -> Ruling[K]:
        held, self._held = self._held, Burst()
        if held.doubt is None:
            return self._ruled(held)
        first, rest = held.parted()
        return _both(self._ruled(first), Ruling(tuple(stroke.payload for stroke in rest.strokes)))

    def _ruled(self, burst: Burst[K], *, ended: bool = False) -> Ruling[K]:
        ended = ended or any(stroke.kind in ENDS for stroke in burst.strokes)
        scan, texts = self._scan(burst), burst.texts
        # What ends with a key and follows what did not is the rest of it.
        if scan is not None and not (burst.late and ended):
            return Ruling(scan=scan)
        unlike_a_person = burst.paced and len(texts) >= _FEWEST_TO_END and (ended or burst.late)
        if texts and (unlike_a_person or (burst.late and ended)):
            return Ruling(short="".join(texts))
        return Ruling(tuple(stroke.payload for stroke in burst.strokes))

    def _scan(self, burst: Burst[K]) -> str | None:
        typed = burst.texts
        characters = "".join(typed)
        if len(characters) < self._rules.fewest or len(typed) < _FEWEST_STROKES:
            return None
        # A held key whose repeats do not say so.
        if len(set(characters)) == 1:
            return None
        text = burst.content.rstrip("\n\t").removeprefix(self._rules.prefix)
        return text or None

    def _holding(self, ruled: Ruling[K]) -> Ruling[K]:
        if not self._held.strokes or self._last_ms is None:
            return ruled
        return replace(ruled, holding=True, decide_at_ms=self._last_ms + self._patience_ms + 1)


def _both(first: Ruling[K], then: Ruling[K]) -> Ruling[K]:
    """Of two rulings one after the other at most the first has a scan."""
    return Ruling((*first.replay, *then.replay), first.scan or then.scan, short=first.short or then.short)
