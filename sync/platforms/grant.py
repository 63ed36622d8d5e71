"""A store's authorisation: an access token and the refresh token that renews it, kept before either is used.

The platform ends the old refresh token as it gives the new one, so that the new one must not be lost. It is kept at
once, before the access token: whoever dies between the two finds a refresh token that works, and has the access token
renewed again. If the keeping fails, both stay in memory, and nothing is asked under them until they are kept. Only an
answer that never came (the platform has renewed, and we do not know it) can't be mended here: the store then goes on
with its old access token for as long as that works, which is why it is renewed days early, and is authorised anew.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, PlatformError, Refused, SecretsError
from sync.platforms.port import KeepSecret

# Renewed in the last sixth of its life (of 30 days: five before the end), and tried again each hour while that fails.
EARLY_SHARE = 6
RETRY_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an authorisation gave; `life_s` is that of the access token, in seconds; 0 where nobody tells."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    life_s: int


class Authorisation(Protocol):
    """How a store's manager authorises a terminal on the platform's own page."""

    def page(self) -> str:
        """The address of that page; it is signed with the time and soon stale."""

    def take(self, code: str, deadline_ms: int) -> None:
        """Turn the code that the page gives into tokens and keep them. Raises PlatformError, SecretsError."""

    def take_token(self, token: str) -> None:
        """Keep a token that the platform gives for good, without a code. Raises SecretsError."""


Renew = Callable[[str, int], Tokens]
"""Asks the platform, with the refresh token and by a deadline (monotonic ms), for new tokens."""


class Grant:
    """The tokens of one binding, shared by all threads and labels. Every call raises NeverSent or Refused: renewing is
    never the request itself. `access` and `refresh` name the secrets under which they are kept."""

    def __init__(
        self, clock: Clock, secrets: Mapping[str, str], keep: KeepSecret, renew: Renew, access: str, refresh: str
    ) -> None:
        self._clock = clock
        self._keep = keep
        self._renew = renew
        self._names = (access, refresh)
        self._lock = threading.Lock()
        self._access = secrets.get(access, "")
        self._refresh, renew_s = _parted(secrets.get(refresh, ""))
        self._renew_at_ms = renew_s * 1000
        self._unkept: Tokens | None = None

    def current(self, deadline_ms: int) -> str:
        """The access token; renewed first where its end is near, if the platform answers to that."""
        token = self._access
        if self._unkept is not None or not token:
            return self.renewed(token, deadline_ms)
        if self._is_due and self._lock.acquire(blocking=False):
            try:
                # Another thread may have renewed it in between.
                if self._is_due:
                    now_ms = self._clock.monotonic_ms()
                    self._replace(now_ms + max(0, deadline_ms - now_ms) // 2)
            except PlatformError:
                # The old one still works: whatever is asked now need not wait.
                self._renew_at_ms = self._clock.wall_ms() + RETRY_MS
            finally:
                self._lock.release()
        return self._access

    @property
    def _is_due(self) -> bool:
        return bool(self._refresh) and 0 < self._renew_at_ms <= self._clock.wall_ms()

    def renewed(self, rejected: str, deadline_ms: int) -> str:
        """Another access token than `rejected`, renewed unless another thread has done so meanwhile.
        Refused(AUTHORISATION_ENDED) where nothing renews it."""
        left_s = (deadline_ms - self._clock.monotonic_ms()) / 1000
        if left_s <= 0 or not self._lock.acquire(timeout=left_s):
            raise NeverSent(because(Code.UNREACHABLE, what="token", wrong="deadline"))
        try:
            if self._access == rejected or not self._access or self._unkept is not None:
                self._replace(deadline_ms)
            return self._access
        finally:
            self._lock.release()

    def take(self, tokens: Tokens) -> None:
        """Keep the tokens of a fresh authorisation. Raises SecretsError."""
        access, refresh = self._names
        renew_at_s = self._clock.wall_ms() // 1000 + tokens.life_s - tokens.life_s // EARLY_SHARE
        if tokens.life_s <= 0:
            renew_at_s = 0
        if tokens.refresh or self._refresh:
            # Also where there is none: an older one would bring the older authorisation back.
            self._keep(refresh, f"{tokens.refresh} {renew_at_s}")
        self._keep(access, tokens.access)
        self._access, self._refresh = tokens.access, tokens.refresh
        self._renew_at_ms = renew_at_s * 1000

    def _replace(self, deadline_ms: int) -> None:
        try:
            if self._unkept is None:
                self._unkept = self._asked(deadline_ms)
            self.take(self._unkept)
            self._unkept = None
            return
        except OutcomeUnknown as error:
            reason = error.reason
        except SecretsError as error:
            reason = error.reason
        raise NeverSent(reason)

    def _asked(self, deadline_ms: int) -> Tokens:
        if not self._refresh:
            raise Refused(because(Code.AUTHORISATION_ENDED, what="token"))
        try:
            return self._renew(self._refresh, deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            facts = no.reason.facts
        raise Refused(because(Code.AUTHORISATION_ENDED, **facts))


def _parted(kept: str) -> tuple[str, int]:
    """A refresh token, and from when on to renew (s UTC); 0 where nobody has noted it."""
    token, _, renew_at_s = kept.partition(" ")
    return token, int(renew_at_s) if renew_at_s.isdecimal() else 0
