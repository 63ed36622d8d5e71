"""An access token kept for all callers: fetched once, renewed before it ends and once when a platform rejects it."""

import threading
from collections.abc import Callable

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown

# Renewed while the old one still works; a tenth of its life where it lives shortly.
EARLY_LIMIT_MS = 300_000

Fetch = Callable[[int], tuple[str, int]]
"""Asks the platform, by a deadline (monotonic ms), for a token; answers with it and its life in seconds."""


class KeptToken:
    """The token of one binding, shared by all threads. Every call raises NeverSent or Refused: asking for a token is
    never the request itself."""

    def __init__(self, clock: Clock, fetch: Fetch) -> None:
        self._clock = clock
        self._fetch = fetch
        self._lock = threading.Lock()
        self._token = ""
        self._renew_at_ms = 0

    def current(self, deadline_ms: int) -> str:
        """A token that should work."""
        token = self._token
        if token and self._clock.monotonic_ms() < self._renew_at_ms:
            return token
        return self.renewed(token, deadline_ms)

    def renewed(self, rejected: str, deadline_ms: int) -> str:
        """Another token than `rejected`, fetched unless another thread has done so meanwhile."""
        left_s = (deadline_ms - self._clock.monotonic_ms()) / 1000
        if left_s <= 0 or not self._lock.acquire(timeout=left_s):
            raise NeverSent(because(Code.UNREACHABLE, what="token", wrong="deadline"))
        try:
            if self._token == rejected or not self._token:
                self._replace(deadline_ms)
            return self._token
        finally:
            self._lock.release()

    def _replace(self, deadline_ms: int) -> None:
        self._token = ""
        try:
            token, life_s = self._fetch(deadline_ms)
        except OutcomeUnknown as error:
            reason = error.reason
        else:
            life_ms = life_s * 1000
            self._renew_at_ms = self._clock.monotonic_ms() + life_ms - min(EARLY_LIMIT_MS, life_ms // 10)
            self._token = token
            return
        raise NeverSent(reason)
