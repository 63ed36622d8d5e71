"""A kept token: fetched once for all, renewed early, replaced once for all who were rejected."""

import threading

import pytest

from sync.clock import FalseClock
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.token import KeptToken


class Issuer:
    """Gives numbered tokens that live two hours."""

    def __init__(self) -> None:
        self.given = 0

    def __call__(self, deadline_ms: int) -> tuple[str, int]:
        self.given += 1
        return f"t{self.given}", 7200


def test_a_token_is_fetched_once_and_renewed_five_minutes_early() -> None:
    clock, issuer = FalseClock(), Issuer()
    token = KeptToken(clock, issuer)
    soon = clock.monotonic_ms() + 10**9
    assert {token.current(soon) for _ in range(5)} == {"t1"}
    clock.advance_ms(6_899_000)
    assert token.current(soon) == "t1"
    clock.advance_ms(1000)
    assert token.current(soon) == "t2"


def test_a_rejected_token_is_replaced_once_for_all() -> None:
    clock, issuer = FalseClock(), Issuer()
    token = KeptToken(clock, issuer)
    soon = clock.monotonic_ms() + 2000
    first = token.current(soon)
    assert [token.renewed(first, soon) for _ in range(3)] == ["t2", "t2", "t2"]


def test_threads_fetch_one_token_between_them() -> None:
    clock, issuer = FalseClock(), Issuer()
    token = KeptToken(clock, issuer)
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.append(token.current(clock.monotonic_ms() + 2000)), name=f"asks-{number}")
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["t1"] * 8


def test_without_a_token_the_request_was_never_sent() -> None:
    clock = FalseClock()

    def unanswered(deadline_ms: int) -> tuple[str, int]:
        raise OutcomeUnknown(because(Code.NO_ANSWER))

    token = KeptToken(clock, unanswered)
    with pytest.raises(NeverSent) as caught:
        token.current(clock.monotonic_ms() + 2000)
    assert caught.value.reason.code is Code.NO_ANSWER
    with pytest.raises(NeverSent):
        token.current(clock.monotonic_ms())


def test_a_refusal_is_passed_on_and_the_next_call_asks_again() -> None:
    clock, issuer = FalseClock(), Issuer()
    noes = [Refused(because(Code.CREDENTIALS_WRONG))]

    def fetch(deadline_ms: int) -> tuple[str, int]:
        if noes:
            raise noes.pop()
        return issuer(deadline_ms)

    token = KeptToken(clock, fetch)
    with pytest.raises(Refused):
        token.current(clock.monotonic_ms() + 2000)
    assert token.current(clock.monotonic_ms() + 2000) == "t1"
