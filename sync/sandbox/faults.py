"""Which faults are switched on, and whether one strikes this call."""

import hashlib
import threading
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "latency",
    "drop_before",
    "drop_after",
    "http_500",
    "http_429",
    "bad_json",
    "empty",
    "cut_headers",
    "cut_body",
    "portal",
    "expired_token",
    "refuse",
]
KINDS: tuple[str, ...] = get_args(Kind)
# These keep the platform from acting; the others spoil an answer to something that was done.
BEFORE_ACTING = frozenset({"drop_before", "http_500", "http_429", "portal", "expired_token", "refuse"})
PLATFORMS = ("douyin", "meituan", "dianping", "miniprogram", "wechat_shop", "*")
ENDPOINTS = (
    "token",
    "short_link",
    "prepare",
    "verify",
    "read",
    "cancel",
    "history",
    "keys",
    "delta",
    "upload",
    "permit",
    "*",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. Without `count` it stays until it is deleted; without `probability` it always strikes."""

    platform: str
    endpoint: str
    kind: str
    ms: int = 0
    count: int | None = None
    probability: float | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Struck:
    """What happens to one call: it waits, and it may break in one way."""

    wait_ms: int = 0
    kind: str | None = None


@dataclass(slots=True)
class _Armed:
    fault: Fault
    seen: int = 0
    struck: int = 0

    def fits(self, platform: str, endpoint: str) -> bool:
        fault = self.fault
        if fault.kind == "expired_token" and endpoint in ("token", "short_link", "document"):
            return False
        return fault.platform in (platform, "*") and fault.endpoint in (endpoint, "*")

    def strikes(self) -> bool:
        fault = self.fault
        if fault.count is not None and self.struck >= fault.count:
            return False
        self.seen += 1
        if fault.probability is not None and _chance(fault.seed, self.seen) >= fault.probability:
            return False
        self.struck += 1
        return True


def _chance(seed: int, turn: int) -> float:
    """A number in [0, 1) that depends on seed and turn alone, so that a bad day can be played again."""
    digest = hashlib.sha256(f"{seed}/{turn}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


class Faults:
    """The faults that are on. Latencies add up; of the rest the first that strikes decides."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[_Armed] = []

    def add(self, fault: Fault) -> None:
        """Switch one on."""
        with self._lock:
            self._armed.append(_Armed(fault))

    def clear(self) -> int:
        """Switch all off; how many there were."""
        with self._lock:
            count = len(self._armed)
            self._armed.clear()
        return count

    def strike(self, platform: str, endpoint: str) -> Struck:
        """What befalls one call now."""
        if not self._armed:
            return Struck()
        wait_ms, kind = 0, None
        with self._lock:
            for armed in self._armed:
                if not armed.fits(platform, endpoint) or (kind and armed.fault.kind != "latency"):
                    continue
                if armed.strikes():
                    if armed.fault.kind == "latency":
                        wait_ms += armed.fault.ms
                    else:
                        kind = armed.fault.kind
        return Struck(wait_ms, kind)

    def listing(self) -> list[tuple[Fault, int]]:
        """Each fault with how often it struck."""
        with self._lock:
            return [(armed.fault, armed.struck) for armed in self._armed]
