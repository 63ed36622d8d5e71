"""The pages of the window: their order on the rail, their icons, and who sees them."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.domain.staff import Role
from terminal.ui.bridges import differences, equipment, history, lines, owed, redeem, settings, shift
from terminal.ui.desk import Desk, Page

_EVERYBODY = frozenset(Role)
_COUNTER = frozenset({Role.CASHIER, Role.MANAGER})
_MANAGER = frozenset({Role.MANAGER})
_MACHINE = frozenset({Role.MANAGER, Role.TECHNICIAN})
_TECHNICIAN = frozenset({Role.TECHNICIAN})
_CASHIER = frozenset({Role.CASHIER})


@dataclass(frozen=True, slots=True)
class Entry:
    """One page. `on_rail`: has an entry there; others are reached from the top line."""

    name: str
    icon: str
    roles: frozenset[Role]
    build: Callable[[Desk], Page]
    on_rail: bool = True


PAGES: tuple[Entry, ...] = (
    Entry("redeem", "scan", _COUNTER, redeem.build),
    Entry("history", "history", _COUNTER, history.build),
    Entry("owed", "hourglass", _COUNTER, owed.build),
    Entry("shift", "shift", _COUNTER, shift.build),
    Entry("differences", "difference", _MANAGER, differences.build),
    # At the counter the chips of the top line lead here.
    Entry("lines", "line-up", _COUNTER, lines.build, on_rail=False),
    Entry("lines", "line-up", _TECHNICIAN, lines.build),
    Entry("devices", "device", _MACHINE, equipment.build),
    # A cashier comes here from a refusal, and finds the scanner's set-up alone.
    Entry("devices", "device", _CASHIER, equipment.build, on_rail=False),
    Entry("settings", "settings", _MACHINE, settings.build),
)


def pages_for(role: Role) -> tuple[Entry, ...]:
    """What a role may open, in the order of the rail."""
    return tuple(entry for entry in PAGES if role in entry.roles)
