"""The background loop: delivers what is due, probes what is offline, pulls what is new; one named thread."""

import threading
from collections.abc import Callable

from sync.clock import Clock
from sync.domain.codes import MINIPROGRAM
from sync.services.store import Store

TICK_S = 0.5
PULL_EVERY_MS = 60_000


class Loop:
    """Keeps a store up to date until it is stopped. `problem` hears of errors that nobody else reports."""

    def __init__(self, store: Store, clock: Clock, problem: Callable[[Exception], None] = lambda _error: None) -> None:
        self._store = store
        self._clock = clock
        self._problem = problem
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine-loop", daemon=True)
        self._next_pull_ms = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the call under way."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def tick(self) -> None:
        """One round: probe, deliver, pull."""
        for state in self._store.lines.states():
            if state.offline and self._store.lines.worth_asking(state.platform):
                budget_ms = self._store.profile.counter_budget_ms
                self._store.asking.ask(state.platform, budget_ms, lambda platform, deadline: platform.probe(deadline))
        states = self._store.lines.states()
        if any(not state.offline for state in states):
            # While a platform is offline only the probe runs: what it owes must not hold up the others.
            self._store.delivering.drain(offline=[state.platform for state in states if state.offline])
        self._pull()

    def _pull(self) -> None:
        now_ms = self._clock.monotonic_ms()
        if self._store.pulling is None or now_ms < self._next_pull_ms or self._store.lines.offline(MINIPROGRAM):
            return
        self._next_pull_ms = now_ms + PULL_EVERY_MS
        self._store.pulling.pull()
        self._store.witnessing.leave()

    def _run(self) -> None:
        while not self._stop.wait(TICK_S):
            try:
                self.tick()
            except Exception as error:  # noqa: BLE001 one bad round must not end all later ones
                self._problem(error)
