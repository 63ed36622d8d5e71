"""Whether this terminal is well, and what to do where it is not: platforms, clock, lists, debts, disk, journal."""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from sync.domain.moment import ClockSource
from sync.domain.trust import Limits
from sync.errors import PlatformError
from sync.ledger.verify import verify
from sync.ledger.writer import connect
from sync.services.store import Store
from terminal.i18n import Words, text
from terminal.wording import day_of, word

LEAST_FREE_BYTES = 500_000_000
_LISTS_OLD_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its stable name, whether it is well, what was seen; in the person's language its `title`, and `next`:
    what to do now, empty where it is well."""

    name: str
    ok: bool
    what: str
    title: str = ""
    next: str = ""


def examine(store: Store, language: str, zone: str) -> list[Finding]:
    """All checks, in the order in which a technician would mend them. Walks the whole journal."""
    findings = _Examiner(store, language, zone).all(store.profile.delivery_budget_ms)
    return [*findings, _journal(store, language)]


def ready(store: Store, language: str, zone: str) -> list[Finding]:
    """What is checked before a shift is opened (product.md A6): all but the journal, and no platform is waited for
    longer than at the counter."""
    return _Examiner(store, language, zone).all(store.profile.counter_budget_ms)


class _Examiner:
    """The checks that take no longer than the platforms take to answer."""

    def __init__(self, store: Store, language: str, zone: str) -> None:
        self._store = store
        self._language = language
        self._zone = zone
        self._say = Words("doctor", language)
        self._now = store.ledger.read(store.keeper.now)

    def all(self, budget_ms: int) -> list[Finding]:
        """Platforms, then the rest."""
        platforms = [self._platform(name, budget_ms) for name in self._store.asking.platforms]
        # Now, not before: an answer of a platform just asked may have told the time.
        self._now = self._store.ledger.read(self._store.keeper.now)
        own: list[Callable[[], Finding]] = [self._lists, self._keys] if self._store.pulling is not None else []
        others = (self._clock, *own, self._outbox, self._differences, self._disk, self._limits)
        return [*platforms, *(check() for check in others)]

    def _finding(self, name: str, ok: bool, what: str, **facts: object) -> Finding:
        return _finding(self._say, name, ok, what, **facts)

    def _platform(self, name: str, budget_ms: int) -> Finding:
        title = text(self._language, "platforms", name)
        answer = self._store.asking.ask(name, budget_ms, lambda platform, deadline_ms: platform.probe(deadline_ms))
        if isinstance(answer, PlatformError):
            said = word(answer.reason, self._language, self._zone)
            return Finding(
                name, False, self._say("what", "unreachable", what=said.what, why=said.why), title, said.next
            )
        return Finding(name, True, self._say("what", "online"), title)

    def _clock(self) -> Finding:
        source = self._now.source
        return self._finding("clock", source is ClockSource.PLATFORM, f"clock_{source.value}")

    def _lists(self) -> Finding:
        assert self._store.pulling is not None
        age_ms = self._store.pulling.age_ms()
        if age_ms >= self._now.ms:
            return self._finding("lists", False, "lists_never")
        return self._finding("lists", age_ms < _LISTS_OLD_MS, "lists_age", minutes=age_ms // 60_000)

    def _keys(self) -> Finding:
        known = [key for keys in self._store.trust.keys().values() for key in keys]
        current = [key for key in known if key.not_before_s <= self._now.seconds <= key.not_after_s]
        if not current:
            return self._finding("keys", False, "keys_ended" if known else "keys_none")
        until = day_of(max(key.not_after_s for key in current) * 1000, self._zone)
        return self._finding("keys", True, "keys_current", count=len(current), until=until)

    def _outbox(self) -> Finding:
        debt = self._store.delivering.debt()
        return self._finding("outbox", not debt.held, "outbox", due=debt.count + debt.reversals, held=debt.held)

    def _differences(self) -> Finding:
        count = len(self._store.differences.open())
        return self._finding("differences", not count, "differences", count=count)

    def _disk(self) -> Finding:
        free = shutil.disk_usage(self._store.ledger.path.parent).free
        return self._finding("disk", free >= LEAST_FREE_BYTES, "disk", free=_size(free))

    def _limits(self) -> Finding:
        raised = _raised(self._store.profile.limits)
        what = "limits_raised" if raised else "limits_default"
        return self._finding("limits", True, what, names=", ".join(raised))


def _finding(say: Words, name: str, ok: bool, what: str, **facts: object) -> Finding:
    return Finding(name, ok, say("what", what, **facts), say("names", name), "" if ok else say("next", name))


def _journal(store: Store, language: str) -> Finding:
    say = Words("doctor", language)
    with closing(connect(store.ledger.path, read_only=True)) as connection:
        walked = verify(connection, store.profile.terminal, store.ledger.sealer, public_key=store.witnessing.public_key)
    bad = walked.first_bad
    if bad is None:
        return _finding(say, "journal", True, "journal_ok", entries=walked.entries)
    if bad.seq is None:
        return _finding(say, "journal", False, "journal_unnoted", detail=bad.what)
    return _finding(say, "journal", False, "journal_bad", seq=bad.seq, detail=bad.what)


def _size(count: int) -> str:
    """Bytes as people say them: `512 MB`, `12.3 GB`."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count // 1_000_000} MB"


def _raised(limits: Limits) -> list[str]:
    """Every limit that is wider than its default: an owner may raise them, but never silently (product.md A5)."""
    found: list[str] = []
    for name in ("permit", "chain", "recorded", "recorded_by_manager", "isolated"):
        ours, default = getattr(limits, name), getattr(Limits(), name)
        for figure in ("voucher_fen", "amount_fen", "count", "hours"):
            value, usual = getattr(ours, figure), getattr(default, figure)
            if usual is not None and (value is None or value > usual):
                found.append(f"{name}.{figure} {'none' if value is None else value}")
    return found
