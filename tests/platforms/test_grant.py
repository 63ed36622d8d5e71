"""An authorisation that renews itself: early while the old one works, once when it is rejected, and never lost."""

import threading

import pytest

from sync.clock import FalseClock
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, Refused, SecretsError
from sync.platforms.grant import RETRY_MS, Grant, Tokens

LIFE_S = 30 * 86_400
DAY_MS = 86_400_000


class Platform:
    """Renews with the one refresh token that it gave last, and ends that one with the answer."""

    def __init__(self, refresh: str = "r0") -> None:
        self.refresh = refresh
        self.renewals = 0
        self.fails: list[Exception] = []
        self.lost = False

    def __call__(self, refresh: str, deadline_ms: int) -> Tokens:
        if self.fails:
            raise self.fails.pop(0)
        if refresh != self.refresh:
            raise Refused(because(Code.PLATFORM_REFUSED, words="refresh token unknown"))
        self.renewals += 1
        self.refresh = f"r{self.renewals}"
        if self.lost:
            raise OutcomeUnknown(because(Code.NO_ANSWER))
        return Tokens(f"a{self.renewals}", self.refresh, LIFE_S)


class Till:
    """The secrets of a terminal, through restarts; the power can be cut at each write."""

    def __init__(self, clock: FalseClock, platform: Platform, **secrets: str) -> None:
        self.clock, self.platform = clock, platform
        self.secrets = {"access": "a0", "refresh": "r0"} | secrets
        self.kept: list[str] = []
        self.cut_after: int | None = None
        self.locked = False

    def keep(self, name: str, value: str) -> None:
        if self.locked:
            raise SecretsError(because(Code.SECRETS_UNAVAILABLE, detail="locked"))
        if self.cut_after is not None and len(self.kept) >= self.cut_after:
            raise PowerCut
        self.kept.append(name)
        self.secrets[name] = value

    def started(self) -> Grant:
        return Grant(self.clock, dict(self.secrets), self.keep, self.platform, "access", "refresh")

    def soon(self) -> int:
        return self.clock.monotonic_ms() + 2000


class PowerCut(Exception):
    """The till is off."""


class RenewedMeanwhile:
    """A lock in front of which another thread has renewed the tokens."""

    def __init__(self, grant: Grant, deadline_ms: int) -> None:
        self._grant, self._deadline_ms, self._lock, self._first = grant, deadline_ms, threading.Lock(), True

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._first:
            self._first = False
            self._grant.current(self._deadline_ms)
        return self._lock.acquire(blocking, timeout)

    def release(self) -> None:
        self._lock.release()


@pytest.fixture
def till() -> Till:
    return Till(FalseClock(), Platform())


def test_what_was_given_is_used_as_it_is(till: Till) -> None:
    assert till.started().current(till.soon()) == "a0"
    assert till.kept == []


def test_a_rejected_token_is_renewed_once_for_all(till: Till) -> None:
    grant = till.started()
    assert [grant.renewed("a0", till.soon()) for _ in range(3)] == ["a1"] * 3
    assert till.platform.renewals == 1


def test_threads_renew_once_between_them(till: Till) -> None:
    grant, got = till.started(), list[str]()
    threads = [
        threading.Thread(target=lambda: got.append(grant.renewed("a0", till.soon())), name=f"asks-{number}")
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["a1"] * 8


def test_the_refresh_token_is_kept_first(till: Till) -> None:
    till.started().renewed("a0", till.soon())
    assert till.kept == ["refresh", "access"]
    assert till.secrets["access"] == "a1"
    assert till.secrets["refresh"].split()[0] == "r1"


@pytest.mark.parametrize("cut_after", [0, 1])
def test_a_power_cut_while_keeping_loses_no_more_than_it_must(till: Till, cut_after: int) -> None:
    till.cut_after = cut_after
    with pytest.raises(PowerCut):
        till.started().renewed("a0", till.soon())
    till.cut_after = None
    again = till.started()
    assert again.current(till.soon()) == "a0"
    if cut_after == 0:
        # The one moment that nothing can mend: the platform has answered, and nothing was kept yet.
        with pytest.raises(Refused) as caught:
            again.renewed("a0", till.soon())
        assert caught.value.reason.code is Code.AUTHORISATION_ENDED
    else:
        assert again.renewed("a0", till.soon()) == "a2"


def test_what_cannot_be_kept_is_not_used_and_not_lost(till: Till) -> None:
    grant, till.locked = till.started(), True
    for _ in range(2):
        with pytest.raises(NeverSent) as caught:
            grant.renewed("a0", till.soon())
        assert caught.value.reason.code is Code.SECRETS_UNAVAILABLE
    with pytest.raises(NeverSent):
        grant.current(till.soon())
    till.locked = False
    assert grant.current(till.soon()) == "a1"
    assert till.platform.renewals == 1
    assert till.secrets["access"] == "a1"


def test_it_is_renewed_days_before_it_ends_also_after_a_restart(till: Till) -> None:
    till.started().renewed("a0", till.soon())
    grant = till.started()
    till.clock.advance_ms(24 * DAY_MS)
    assert grant.current(till.soon()) == "a1"
    till.clock.advance_ms(2 * DAY_MS)
    assert till.started().current(till.soon()) == "a2"
    assert till.secrets["access"] == "a2"


@pytest.mark.parametrize(
    "wrong",
    [OutcomeUnknown(because(Code.NO_ANSWER)), NeverSent(because(Code.UNREACHABLE)), Refused(because(Code.BUSY))],
)
def test_a_renewal_before_its_time_that_fails_stops_nobody_and_is_tried_again(till: Till, wrong: Exception) -> None:
    till.started().renewed("a0", till.soon())
    grant = till.started()
    till.clock.advance_ms(26 * DAY_MS)
    till.platform.fails = [wrong]
    assert [grant.current(till.soon()) for _ in range(3)] == ["a1"] * 3
    assert till.platform.renewals == 1
    till.clock.advance_ms(RETRY_MS + 1)
    assert grant.current(till.soon()) == "a2"


def test_a_renewal_whose_answer_is_lost_leaves_the_old_token_in_use_until_it_ends(till: Till) -> None:
    till.started().renewed("a0", till.soon())
    grant = till.started()
    till.clock.advance_ms(26 * DAY_MS)
    till.platform.lost = True
    assert grant.current(till.soon()) == "a1"
    till.platform.lost = False
    till.clock.advance_ms(RETRY_MS + 1)
    assert grant.current(till.soon()) == "a1"
    with pytest.raises(Refused) as caught:
        grant.renewed("a1", till.soon())
    assert caught.value.reason.code is Code.AUTHORISATION_ENDED
    assert caught.value.reason.about_us


def test_without_a_refresh_token_an_ended_one_is_said_to_have_ended(till: Till) -> None:
    till.secrets["refresh"] = ""
    grant = till.started()
    assert grant.current(till.soon()) == "a0"
    with pytest.raises(Refused) as caught:
        grant.renewed("a0", till.soon())
    assert caught.value.reason.code is Code.AUTHORISATION_ENDED


def test_nothing_given_at_all_is_no_authorisation() -> None:
    clock = FalseClock()
    grant = Grant(clock, {}, lambda *_: None, Platform(), "access", "refresh")
    with pytest.raises(Refused) as caught:
        grant.current(clock.monotonic_ms() + 2000)
    assert caught.value.reason.code is Code.AUTHORISATION_ENDED


def test_an_unanswered_renewal_says_that_nothing_was_sent(till: Till) -> None:
    till.platform.fails = [OutcomeUnknown(because(Code.NO_ANSWER))]
    grant = till.started()
    with pytest.raises(NeverSent) as caught:
        grant.renewed("a0", till.soon())
    assert caught.value.reason.code is Code.NO_ANSWER
    with pytest.raises(NeverSent):
        grant.renewed("a0", till.clock.monotonic_ms())
    assert grant.renewed("a0", till.soon()) == "a1"


def test_a_fresh_authorisation_takes_the_place_of_all(till: Till) -> None:
    grant = till.started()
    grant.take(Tokens("new", "newer", LIFE_S))
    assert grant.current(till.soon()) == "new"
    assert till.started().current(till.soon()) == "new"
    grant.take(Tokens("for good", "", 0))
    assert till.started().current(till.soon()) == "for good"


def test_an_older_refresh_token_does_not_bring_an_older_authorisation_back(till: Till) -> None:
    till.started().renewed("a0", till.soon())
    till.started().take(Tokens("of another shop", "", 0))
    till.clock.advance_ms(40 * DAY_MS)
    again = till.started()
    assert again.current(till.soon()) == "of another shop"
    with pytest.raises(Refused) as caught:
        again.renewed("of another shop", till.soon())
    assert caught.value.reason.code is Code.AUTHORISATION_ENDED
    assert till.platform.renewals == 1


def test_a_life_that_nobody_tells_is_not_over_at_once(till: Till) -> None:
    grant = till.started()
    grant.take(Tokens("new", "r0", 0))
    assert [grant.current(till.soon()), till.started().current(till.soon())] == ["new", "new"]
    assert till.platform.renewals == 0
    assert till.started().renewed("new", till.soon()) == "a1"


def test_a_renewal_that_another_thread_has_just_made_is_not_made_again(till: Till) -> None:
    till.started().renewed("a0", till.soon())
    grant = till.started()
    till.clock.advance_ms(26 * DAY_MS)
    lock = RenewedMeanwhile(grant, till.soon())
    grant._lock = lock  # type: ignore[assignment]
    assert grant.current(till.soon()) == "a2"
    assert till.platform.renewals == 2


def test_a_note_that_makes_no_sense_is_no_note(till: Till) -> None:
    till.secrets["refresh"] = "r0 soon"
    assert till.started().current(till.soon()) == "a0"
    assert till.started().renewed("a0", till.soon()) == "a1"
