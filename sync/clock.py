"""What time it is, fresh ids and randomness: the only file that asks the machine for them."""

import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """The machine's time and chance, as an argument, so that a test can hold them still."""

    def wall_ms(self) -> int:
        """Milliseconds since the epoch, UTC, as this machine believes; may jump."""

    def monotonic_ms(self) -> int:
        """Milliseconds since some fixed moment of this boot; never runs backwards."""

    def boot_id(self) -> str:
        """Names this boot: monotonic times of two processes compare only within one boot."""

    def new_id(self) -> str:
        """A fresh id of 32 hex digits."""

    def random_bytes(self, count: int) -> bytes:
        """`count` bytes nobody can guess."""

    def jitter(self) -> float:
        """A number in [0, 1) to spread retries; not for secrets."""

    def sleep_s(self, seconds: float) -> None:
        """Wait that long."""


def _boot_id() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        # Elsewhere the moment of boot itself, to the minute, is the best name there is.
        return f"boot-{round((time.time() - time.monotonic()) / 60)}"


class SystemClock:
    """The real thing. Monotonic time counts suspend where the system can (Linux CLOCK_BOOTTIME)."""

    def __init__(self) -> None:
        self._boot = _boot_id()
        self._suspend_aware: int | None = getattr(time, "CLOCK_BOOTTIME", None)

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        if self._suspend_aware is not None:
            return time.clock_gettime_ns(self._suspend_aware) // 1_000_000
        return time.monotonic_ns() // 1_000_000

    def boot_id(self) -> str:
        return self._boot

    def new_id(self) -> str:
        return os.urandom(16).hex()

    def random_bytes(self, count: int) -> bytes:
        return os.urandom(count)

    def jitter(self) -> float:
        return random.random()

    def sleep_s(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(slots=True)
class FalseClock:
    """A clock for tests and rehearsals: stands still until told to move, and repeats itself by its seed."""

    wall: int = 1_795_000_000_000
    monotonic: int = 1_000_000
    boot: str = "boot-1"
    seed: int = 1
    slept_s: list[float] = field(default_factory=list)
    _random: random.Random | None = None

    def _source(self) -> random.Random:
        if self._random is None:
            self._random = random.Random(self.seed)
        return self._random

    def advance_ms(self, ms: int) -> None:
        """Let both clocks run on by `ms`."""
        self.wall += ms
        self.monotonic += ms

    def wall_ms(self) -> int:
        return self.wall

    def monotonic_ms(self) -> int:
        return self.monotonic

    def boot_id(self) -> str:
        return self.boot

    def new_id(self) -> str:
        return self.random_bytes(16).hex()

    def random_bytes(self, count: int) -> bytes:
        return self._source().randbytes(count)

    def jitter(self) -> float:
        return self._source().random()

    def sleep_s(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.advance_ms(round(seconds * 1000))
