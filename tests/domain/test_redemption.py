"""The life of a redemption, and who may do what to it."""

import pytest

from sync.domain.redemption import LIVE, OWED, State, may_become
from sync.domain.staff import Deed, Role, Staff

_ALLOWED = {
    ("claimed", "sent"),
    ("claimed", "withdrawn"),
    ("sent", "claimed"),
    ("sent", "confirmed"),
    ("sent", "refused"),
    ("sent", "unknown"),
    ("unknown", "sent"),
    ("unknown", "confirmed"),
    ("unknown", "refused"),
    ("confirmed", "reversed"),
}


@pytest.mark.parametrize("old", State)
@pytest.mark.parametrize("new", State)
def test_moves(old: State, new: State) -> None:
    assert may_become(old, new) is ((old.value, new.value) in _ALLOWED)


def test_what_was_asked_and_not_answered_is_never_withdrawn() -> None:
    assert not may_become(State.SENT, State.WITHDRAWN)
    assert not may_become(State.UNKNOWN, State.WITHDRAWN)
    assert not may_become(State.UNKNOWN, State.CLAIMED)


def test_every_state_is_owed_settled_or_gone() -> None:
    assert set(OWED) == {State.CLAIMED, State.SENT, State.UNKNOWN}
    assert set(LIVE) - set(OWED) == {State.CONFIRMED}
    for state in set(State) - set(LIVE):
        assert not any(may_become(state, other) for other in State)


@pytest.mark.parametrize(
    ("role", "deeds"),
    [
        (Role.CASHIER, {Deed.REDEEM, Deed.REVERSE, Deed.CLOSE_SHIFT}),
        (Role.MANAGER, set(Deed)),
        (Role.TECHNICIAN, {Deed.CLOSE_TILL}),
    ],
)
def test_roles(role: Role, deeds: set[Deed]) -> None:
    assert {deed for deed in Deed if Staff("a", "Anna", role, None).may(deed)} == deeds
    assert not any(Staff("a", "Anna", role, None, active=False).may(deed) for deed in Deed)
