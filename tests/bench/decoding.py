"""Frame to text against bare zxing-cpp: time with and without a code in view, and how many codes are read."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
import zxingcpp
from rich.console import Console
from rich.table import Table

from hardware.decoding.frame import GreyFrame
from hardware.decoding.pipeline import Effort, Step, decode, elapsed_ms, look
from hardware.decoding.source import read_picture
from hardware.decoding.transform import Gamma, Resize, Sharpen
from terminal.demo.phone_screen import Difficulty, phone_screen
from tests.bench.row import Row

PHOTOGRAPHS = Path(__file__).parents[3] / "shared" / "data" / "qr-photos"
FRAMES = 40
SCREENS = 60
ROUNDS = 6
CHAIN_DIGITS = "".join(str(place * place % 97 % 10) for place in range(321))
TEXTS = (CHAIN_DIGITS, "https://v.douyin.com/iRNBho5p/", CHAIN_DIGITS[20:288])

MEASURED_A = (
    Step("zx", "zx"),
    Step("zx gamma 0.45", "zx", (Gamma(0.45),)),
    Step("zx half sharp", "zx", (Resize(0.5), Sharpen(1, 1))),
    Step("gh gamma 2.2", "gh", (Gamma(2.2),)),
)
"""Pipeline A as decoding.md measured it, the yardstick for how much is read."""

Look = Callable[[GreyFrame], Any]


def rows() -> list[Row]:
    """The table, about half a minute of work; rows about photographs only where these lie beside the repository."""
    screens = [phone_screen(TEXTS[seed % 3], seed=seed, difficulty="easy") for seed in range(FRAMES)]
    counters = [_counter(seed) for seed in range(FRAMES)]
    table = [
        _time_row("frame → text, code in view", screens, 1.3),
        _time_row("frame → text, no code in view", counters, 4.0),
    ]
    for difficulty in ("medium", "hard"):
        shown = _shown(difficulty)
        table += [_count_row(f"{difficulty} phone screens read", effort, shown) for effort in _EFFORTS]
    if photographs := _photographs():
        table += [_count_row("photographs read", effort, photographs) for effort in _EFFORTS]
        worn = [(_worn(frame, seed), text) for seed, (frame, text) in enumerate(photographs)]
        table += [_count_row("photographs, small and dim, read", effort, worn) for effort in _EFFORTS]
    return table


_EFFORTS: tuple[Effort, ...] = ("A", "C")


def _bare(frame: GreyFrame) -> list[zxingcpp.Barcode]:
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])
    return list(zxingcpp.read_barcodes(frame, formats=formats))


def _time_row(name: str, frames: list[GreyFrame], limit: float) -> Row:
    """The median over the frames; of each frame the best of some rounds, since other programs share the machine."""
    ours_ms = [float("inf")] * len(frames)
    bare_ms = list(ours_ms)
    turns: list[tuple[Look, list[float]]] = [(_bare, bare_ms), (lambda seen: decode(seen, "A"), ours_ms)]
    for _ in range(ROUNDS):
        for number, frame in enumerate(frames):
            for look_at, best_ms in turns:
                best_ms[number] = min(best_ms[number], _ms(look_at, frame))
        # Whoever comes second finds the frame in the processor's cache.
        turns.reverse()
    ours, bare = median(ours_ms), median(bare_ms)
    return Row(f"{name}, median", ours, bare, "ms", ours / bare, limit)


def _ms(look_at: Look, frame: GreyFrame) -> float:
    started_ms = elapsed_ms()
    look_at(frame)
    return elapsed_ms() - started_ms


def _count_row(name: str, effort: Effort, pictures: list[tuple[GreyFrame, str]]) -> Row:
    """How many are read, beside pipeline A as measured; the ratio is the yardstick's count over ours."""
    ours = sum(text in [symbol.text for symbol in decode(frame, effort)] for frame, text in pictures)
    yardstick = sum(text in _measured_a(frame) for frame, text in pictures)
    ratio = yardstick / ours if ours else float("inf")
    return Row(f"{name}, effort {effort}", ours, yardstick, f"of {len(pictures)}", ratio, 1.0)


def _measured_a(frame: GreyFrame) -> list[str]:
    for step in MEASURED_A:
        if readings := look(frame, step):
            return [reading.text for reading in readings]
    return []


def _shown(difficulty: Difficulty) -> list[tuple[GreyFrame, str]]:
    texts = [TEXTS[seed % 3] for seed in range(SCREENS)]
    return [(phone_screen(text, seed=9000 + seed, difficulty=difficulty), text) for seed, text in enumerate(texts)]


def _photographs() -> list[tuple[GreyFrame, str]]:
    pictures = sorted(PHOTOGRAPHS.glob("qrcode-*/*.png"))
    return [(read_picture(path), path.with_suffix(".txt").read_bytes().decode("utf-8")) for path in pictures]


def _worn(frame: GreyFrame, seed: int) -> GreyFrame:
    """A photograph taken from further away, in less light: each folder's codes leave room for only so much."""
    chance = np.random.default_rng(seed)
    smaller = cv2.resize(frame, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(smaller, (0, 0), 0.3 + 0.4 * chance.random())
    dim = blurred * (0.25 + 0.5 * chance.random()) + chance.normal(0, 3, blurred.shape)
    return np.asarray(np.clip(dim, 0, 255), dtype=np.uint8)


def _counter(seed: int) -> GreyFrame:
    """A counter with nobody at it: uneven light, edges, a sensor's noise."""
    chance = np.random.default_rng(seed)
    scene = cv2.resize(chance.uniform(40, 150, (5, 8)), (1280, 720), interpolation=cv2.INTER_LINEAR)
    for _ in range(int(chance.integers(4, 10))):
        corner = (int(chance.integers(0, 1280)), int(chance.integers(0, 720)))
        opposite = (corner[0] + int(chance.integers(30, 350)), corner[1] + int(chance.integers(30, 350)))
        cv2.rectangle(scene, corner, opposite, float(chance.uniform(20, 220)), -1)
    soft = cv2.GaussianBlur(scene, (0, 0), 0.8) + chance.normal(0, 3, scene.shape)
    return np.asarray(np.clip(soft, 0, 255), dtype=np.uint8)


def main() -> None:
    """Print the table; exit 1 when a row misses its limit."""
    table = Table("what", "ours", "bare", "unit", "ratio", "at most", "")
    taken = rows()
    for row in taken:
        figures = (f"{row.ours:.2f}", f"{row.bare:.2f}", row.unit, f"{row.ratio:.2f}", f"{row.limit:.2f}")
        table.add_row(row.name, *figures, "ok" if row.ok else "MISSED")
    Console(width=110).print(table)
    raise SystemExit(0 if all(row.ok for row in taken) else 1)


if __name__ == "__main__":
    main()
