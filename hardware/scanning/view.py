"""Which codes have just come into a camera's view: one that is held there is one scan, not one a frame."""

from hardware.decoding.symbol import Reading

AWAY_MS = 1500


class View:
    """Remembers what was seen when, by the camera's own clock. A code is new again after 1.5 s out of view."""

    __slots__ = ("_away_ms", "_seen")

    def __init__(self, away_ms: int = AWAY_MS) -> None:
        self._away_ms = away_ms
        self._seen: dict[tuple[str, bytes], int] = {}

    def new(self, readings: list[Reading], at_ms: int) -> list[Reading]:
        """Those of one frame's codes that came into view with it, QR codes first."""
        # A film may begin anew with an earlier time.
        self._seen = {code: seen for code, seen in self._seen.items() if 0 <= at_ms - seen < self._away_ms}
        fresh: dict[tuple[str, bytes], Reading] = {}
        for reading in readings:
            code = (reading.symbology, reading.raw)
            if code not in self._seen:
                fresh.setdefault(code, reading)
        self._seen.update(dict.fromkeys(((reading.symbology, reading.raw) for reading in readings), at_ms))
        return sorted(fresh.values(), key=lambda reading: reading.symbology != "QR Code")
