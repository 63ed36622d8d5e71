"""The store: its services, wired once, for the window and the command line alike."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sync.clock import Clock
from sync.ledger.ledger import Ledger
from sync.platforms.port import Platform, StatementSource, TrustSource
from sync.services.asking import Asking
from sync.services.choices import Choices
from sync.services.courier import Courier
from sync.services.delivering import Delivering
from sync.services.differences import Differences
from sync.services.history import History
from sync.services.lines import Lines
from sync.services.looking import Looking
from sync.services.noticing import Noticing
from sync.services.outages import Outages
from sync.services.people import People
from sync.services.permits import Permits
from sync.services.profile import Profile
from sync.services.pulling import Pulling
from sync.services.reconciliation import Reconciliation
from sync.services.redeeming import Redeeming
from sync.services.reporting import Reporting
from sync.services.reversing import Reversing
from sync.services.searching import Searching
from sync.services.settled import Settled
from sync.services.shifts import Shifts
from sync.services.statements import Statements
from sync.services.stories import Stories
from sync.services.timekeeping import Timekeeper
from sync.services.trust_lists import TrustLists
from sync.services.witnessing import Witnessing


class Store:
    """Everything a store can do. `source`: the platform that publishes what a till needs to decide alone, if any;
    `hang_up` closes the lines to the platforms; `statements`: the platforms that tell what they pay for."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        profile: Profile,
        platforms: Mapping[str, Platform],
        keeper: Timekeeper,
        source: TrustSource | None,
        terminal_key: bytes,
        hang_up: Callable[[], None] = lambda: None,
        statements: Mapping[str, StatementSource] = MappingProxyType({}),
    ) -> None:
        self.ledger = ledger
        self._hang_up = hang_up
        self.profile = profile
        self.keeper = keeper
        self.lines = Lines(tuple(platforms), clock)
        self.asking = Asking(platforms, self.lines, clock)
        self.trust = TrustLists(ledger, profile.root_key, profile.own_store)
        settled = Settled()
        self.courier = Courier(ledger, self.asking, keeper, clock, settled, profile.limits)
        self.choices = Choices(ledger, keeper, frozenset(platforms))
        self.looking = Looking(ledger, self.asking, self.trust, keeper, profile, clock, settled)
        self.redeeming = Redeeming(ledger, self.looking, self.courier, keeper, profile, clock, settled)
        self.delivering = Delivering(ledger, self.courier, keeper, profile)
        self.reversing = Reversing(ledger, self.courier, platforms, keeper, profile, clock)
        searching = Searching(self.trust, keeper, profile, frozenset(platforms))
        self.history = History(ledger, searching, self.reversing)
        self.stories = Stories(ledger, self.reversing)
        self.outages = Outages(ledger, self.trust, keeper, profile)
        self.reconciliation = Reconciliation(ledger, self.asking, keeper, profile, clock)
        self.statements = Statements(ledger, self.asking, statements, keeper, profile, clock)
        self.noticing = Noticing(ledger, self.asking, keeper, profile, clock)
        self.shifts = Shifts(ledger, keeper, profile)
        self.people = People(ledger, keeper, clock)
        self.differences = Differences(ledger, keeper)
        self.permits = Permits(ledger, keeper, profile, clock)
        self.witnessing = Witnessing(ledger, self.asking, source, keeper, profile, terminal_key)
        self.pulling = Pulling(ledger, self.asking, source, self.trust, keeper, profile) if source is not None else None
        self.reporting = Reporting(ledger, self.asking, source, keeper, profile, clock) if source is not None else None

    def close(self) -> None:
        """Make everything durable and let the ledger go."""
        try:
            self.redeeming.flush()
        finally:
            self.ledger.close()
            self._hang_up()
