"""Pairs of an access and a refresh token: how a client gets one, renews it, and loses it."""

from dataclasses import dataclass, replace

from sync.sandbox.credentials import ACCESS_LIFE_MS, REFRESH_LIFE_MS, hand_out
from sync.sandbox.rows import Token
from sync.sandbox.truth import Truth


@dataclass(frozen=True, slots=True)
class Pair:
    """What a client is told; `left_s` is the life of the access token."""

    access: str
    refresh: str
    left_s: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of one family of tokens at one platform."""

    platform: str
    family: str

    def bought(self, truth: Truth, code: str) -> Pair | None:
        """For the code of a merchant's authorisation, once; None if it is not good."""
        token = self._live(truth, code, f"{self.family}.code")
        if token is None:
            return None
        truth.tokens.drop(token.text)
        return self._fresh(truth)

    def renewed(self, truth: Truth, refresh: str) -> Pair | None:
        """For a refresh token, which is spent by it; the pair before is dead from now on. None if it is not good.

        A repeat with the spent token brings the same pair until that pair is first used, so that a lost answer does
        not cost the authorisation [a guess: no source says what becomes of it].
        """
        spent, *again = truth.setting(self._open, "-").split()
        if again and refresh == spent:
            return self._pair(truth, *again)
        token = self._live(truth, refresh, f"{self.family}.refresh")
        if token is None:
            return None
        truth.tokens.drop(token.text)
        self.end(truth, truth.setting(f"{self.platform}.token.{self.family}"))
        pair = self._fresh(truth)
        truth.set(self._open, f"{refresh} {pair.access} {pair.refresh}")
        return pair

    def arrived(self, truth: Truth, access: str) -> None:
        """A call has come with this token: the pair that it belongs to was heard."""
        if access in truth.setting(self._open).split()[1:]:
            truth.set(self._open, "-")

    def found(self, truth: Truth, access: str) -> Token | None:
        """The access token of that text, dead or alive."""
        token = truth.tokens.get(access)
        return token if token and (token.platform, token.family) == (self.platform, self.family) else None

    def end(self, truth: Truth, access: str) -> None:
        """This access token is good no longer, whatever its age."""
        token = self.found(truth, access)
        if token is not None:
            truth.tokens.put(replace(token, expires_at_ms=min(token.expires_at_ms, truth.now_ms())))

    @property
    def _open(self) -> str:
        """The last renewal, for as long as nobody has used what it brought: the spent token, then the new pair."""
        return f"{self.platform}.open_refresh"

    def _live(self, truth: Truth, text: str, family: str) -> Token | None:
        token = truth.tokens.get(text)
        if token is None or (token.platform, token.family) != (self.platform, family):
            return None
        return token if truth.now_ms() < token.expires_at_ms else None

    def _fresh(self, truth: Truth) -> Pair:
        access = hand_out(truth, self.platform, self.family, ACCESS_LIFE_MS)
        return self._pair(truth, access, hand_out(truth, self.platform, f"{self.family}.refresh", REFRESH_LIFE_MS))

    def _pair(self, truth: Truth, access: str, refresh: str) -> Pair:
        token = truth.tokens.get(access)
        left_ms = token.expires_at_ms - truth.now_ms() if token else 0
        return Pair(access, refresh, max(0, left_ms // 1000))
