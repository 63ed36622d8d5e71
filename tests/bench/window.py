"""The window against an empty one: start to first paint, memory, scan to verdict, the longest hold of its thread."""

import time
from itertools import pairwise
from statistics import median

from tests.bench.row import Row
from tests.bench.window_shop import Place, keep_codes, place, process, told_by

ROUNDS = 15
MEMORY_ROUNDS = 3
WARM, SCANS = 40, 500
FRAME_MS = 1000 / 60
OWED = 2_500
LATENCY_MS = 10
BEAT_MS = 10
BARE_S = 20
LONGEST_MS = 100.0
DRAIN_MS = 30_000
NEVER_LOADED = {"cv2", "numpy"}


def rows() -> list[Row]:
    """The lines; about four minutes of work."""
    with place() as found:
        table = [first_paint(found), memory(found), *holds(found)]
    with place() as found:
        return [*table, verdict(found)]


def first_paint(found: Place) -> Row:
    """From the start of a fresh process to the end of the first painting of the first face; both in turns, the first
    of each not counted."""
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS + 1):
        bare.append(_painted("window_bare", "paint"))
        ours.append(_painted("window_ours", "paint", found.data))
    mine, theirs = median(ours[1:]), median(bare[1:])
    return Row("start → first paint, median", mine, theirs, "ms", mine / theirs, 2.0)


def _painted(script: str, *arguments: object) -> float:
    start_ns = time.perf_counter_ns()
    return (int(process(script, *arguments)) - start_ns) / 1e6


def memory(found: Place) -> Row:
    """What stays resident three seconds after the counter came to the front, and after an empty window was shown. RSS:
    PSS falls with every other program that has Qt or Python open."""
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(MEMORY_ROUNDS):
        bare.append(int(process("window_bare", "memory")) / 1024)
        told = told_by("window_ours", "memory", found.data)
        assert not NEVER_LOADED & set(told["loaded"]), told["loaded"]
        ours.append(told["rss"] / 1024)
    mine, theirs = median(ours), median(bare)
    return Row("memory at rest, RSS", mine, theirs, "MB", mine / theirs, 2.0)


def verdict(found: Place) -> Row:
    """From a scan to its painted verdict with the line down, p99, nobody hesitating; against a durable write of the
    same rows, taken after each, and one frame."""
    keep_codes(found, found.sell(WARM + SCANS))
    found.stop()
    told = told_by("window_ours", "scan", found.data)
    taken, written = told["taken"][WARM:], told["written"][WARM:]
    ours, bare = share(taken, 99), median(written) + FRAME_MS
    return Row("scan → verdict painted, offline, p99", ours, bare, "ms", ours / bare, 3.0)


def holds(found: Place) -> list[Row]:
    """How late a beat of 10 ms comes while the loop pays off what is owed, and how late in an empty window before and
    after; and the longest time for which our window's thread did nothing for anybody, of 100 ms that it may be."""
    ours, bare = beats(found)
    late, bare_late = share(_late(ours), 99), share(_late(bare), 99)
    return [
        Row("beat late while draining, p99", late, bare_late, "ms", late / bare_late, 3.0),
        Row("longest hold while draining", max(ours), LONGEST_MS, "ms", max(ours) / LONGEST_MS, 1.0),
    ]


def beats(found: Place) -> tuple[list[float], list[float]]:
    """The intervals between beats, ours and the empty window's, in ms."""
    found.owe(OWED)
    found.fault("latency", ms=LATENCY_MS)
    before = _intervals(process("window_bare", "beat", BARE_S).split())
    ours = _intervals(told_by("window_ours", "drain", found.data)["beats"])
    after = _intervals(process("window_bare", "beat", BARE_S).split())
    assert sum(ours) >= DRAIN_MS, sum(ours)
    return ours, before + after


def share(values: list[float], percent: int) -> float:
    """The value that so many percent stay below; 100: the largest."""
    return sorted(values)[min(len(values) * percent // 100, len(values) - 1)]


def _intervals(stamps: list[str] | list[int]) -> list[float]:
    found = [int(stamp) for stamp in stamps]
    return [(later - one) / 1e6 for one, later in pairwise(found)]


def _late(intervals: list[float]) -> list[float]:
    return [max(0.0, interval - BEAT_MS) for interval in intervals]


def main() -> None:
    """What is behind the lines about beats: p50, p99 and the longest."""
    with place() as found:
        for name, intervals in zip(("ours, draining", "empty window"), beats(found), strict=True):
            said = "  ".join(f"{share(intervals, percent):.2f}" for percent in (50, 99, 100))
            print(f"{name}: {len(intervals)} beats of {BEAT_MS} ms, p50 p99 max: {said} ms")


if __name__ == "__main__":
    main()
