"""The background loop: delivers what is due, probes what is offline, pulls what is new; one named thread."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sync.clock import Clock
from sync.domain.codes import MINIPROGRAM
from sync.services.store import Store

TICK_S = 0.5
# While a round fails it fails again and again: it is tried, and told, less and less often.
LONGEST_TICK_S = 30.0
PULL_EVERY_MS = 60_000
# A first pull may be hundreds of pages: between so many of them the loop looks at what is due.
PAGES_AT_ONCE = 4


def _unheard() -> None:
    """Nobody listens."""


class Loop:
    """Keeps a store up to date until it is stopped. `problem` hears of errors that nobody else reports; `changed` is
    told on the loop's thread after a round in which something was sent or pulled, or a line went down or came back."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        problem: Callable[[Exception], None] = lambda _error: None,
        changed: Callable[[], None] = _unheard,
    ) -> None:
        self._store = store
        self._clock = clock
        self._problem = problem
        self._changed = changed
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine-loop", daemon=True)
        self._next_pull_ms = 0
        self._more_to_pull = False
        self._offline = self._offline_now()

    def heard_by(self, changed: Callable[[], None]) -> None:
        """From now on tell this one of changes."""
        self._changed = changed

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def nudge(self) -> None:
        """Go round at once: something is due. A pull under way makes room after its page."""
        self._wake.set()

    def stop(self) -> None:
        """End after the call under way."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def tick(self) -> None:
        """One round: probe, deliver, pull, tell of what could not be delivered, look into hints."""
        self._probe()
        offline = self._offline_now()
        sent = 0
        if len(offline) < len(self._store.asking.platforms):
            # While a platform is offline only the probe runs: what it owes must not hold up the others.
            sent = self._store.delivering.drain(offline=offline, stop=self._stopping.is_set).sent
        pulled = self._pull()
        self._report()
        opened = 0 if self._stopping.is_set() else self._store.noticing.follow(self._stopping.is_set)
        before, self._offline = self._offline, self._offline_now()
        if sent or pulled or opened or before != self._offline:
            self._changed()

    def _probe(self) -> None:
        lines = self._store.lines
        due = [
            state.platform
            for state in lines.states()
            if (lines.worth_asking(state.platform) if state.offline else lines.worth_hearing(state.platform))
        ]
        if not due or self._stopping.is_set():
            return
        # Side by side: where no line stands none of them answers, and each would take the whole of its time.
        with ThreadPoolExecutor(len(due), thread_name_prefix="engine-probe") as pool:
            for _ in pool.map(self._probe_one, due):
                pass

    def _probe_one(self, name: str) -> None:
        budget_ms = self._store.profile.counter_budget_ms
        self._store.asking.ask(name, budget_ms, lambda platform, deadline_ms: platform.probe(deadline_ms))

    def _offline_now(self) -> list[str]:
        return [state.platform for state in self._store.lines.states() if state.offline]

    def _pull(self) -> bool:
        """Pull some pages if it is time; whether anything came."""
        now_ms, pages = self._clock.monotonic_ms(), 0
        if self._store.pulling is None or now_ms < self._next_pull_ms or self._stopping.is_set():
            return False
        if self._store.lines.offline(MINIPROGRAM):
            self._more_to_pull = False
            return False

        def enough() -> bool:
            nonlocal pages
            pages += 1
            # A page of each list at least, however often the loop is nudged.
            return self._stopping.is_set() or pages > PAGES_AT_ONCE or (pages > 2 and self._wake.is_set())

        pulled = self._store.pulling.pull(stop=enough)
        self._more_to_pull = pulled.more
        self._next_pull_ms = now_ms if pulled.more else now_ms + PULL_EVERY_MS
        if not pulled.more and not self._stopping.is_set():
            self._store.witnessing.leave()
        return pulled.stopped is None or pulled.vouchers > 0

    def _report(self) -> None:
        """Tell the own platform what was accepted on trust and is still owed."""
        if self._store.reporting is not None and not self._stopping.is_set():
            self._store.reporting.report(self._stopping.is_set)

    def _run(self) -> None:
        wait_s = TICK_S
        while not self._stopping.is_set():
            # After a failure no nudge makes it come sooner: scans would bring as many reports.
            (self._stopping if wait_s > TICK_S else self._wake).wait(0 if self._more_to_pull else wait_s)
            if self._stopping.is_set():
                return
            self._wake.clear()
            try:
                self.tick()
                wait_s = TICK_S
            except Exception as error:  # noqa: BLE001 one bad round must not end all later ones
                self._more_to_pull = False
                wait_s = min(wait_s * 2, LONGEST_TICK_S)
                self._problem(error)
