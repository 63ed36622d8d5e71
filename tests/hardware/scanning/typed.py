"""Keys typed into a wedge, and what comes of them in order."""

from hardware.scanning.burst import Kind, Stroke
from hardware.scanning.wedge import Rules, Ruling, Wedge

Event = str | tuple[str] | list[str]
"""A replayed stroke's payload, a scan's text in a tuple, or what is no whole code in a list."""


class Till:
    """Feeds a wedge and writes down what comes of it, in order."""

    def __init__(self, rules: Rules | None = None, at_ms: int = 1000) -> None:
        self.wedge: Wedge[str] = Wedge(rules or Rules())
        self.at_ms = at_ms
        self.events: list[Event] = []
        self.last: Ruling[str] = Ruling()

    def note(self, ruling: Ruling[str]) -> None:
        self.last = ruling
        if ruling.scan is not None:
            self.events.append((ruling.scan,))
        if ruling.short is not None:
            self.events.append([ruling.short])
        self.events.extend(ruling.replay)
        assert ruling.holding == (ruling.decide_at_ms is not None)

    def key(self, text: str, gap_ms: int = 5, kind: Kind = "printable", repeat: bool = False, name: str = "") -> None:
        self.at_ms += gap_ms
        self.note(self.wedge.key(Stroke(name or text or kind, text, self.at_ms, kind, repeat)))

    def type(self, text: str, gap_ms: int = 5) -> None:
        for char in text:
            self.key(char, gap_ms)

    def enter(self, gap_ms: int = 5, kind: Kind = "enter") -> None:
        self.key("\r", gap_ms, kind, name=kind)

    def silence(self) -> None:
        if self.last.decide_at_ms is not None:
            self.note(self.wedge.silence(self.last.decide_at_ms))
