"""Whether this terminal is well: clock, platforms, lists, debts, journal."""

from contextlib import closing
from dataclasses import dataclass

from sync.domain.moment import ClockSource
from sync.domain.trust import Limits
from sync.errors import PlatformError
from sync.ledger.verify import verify
from sync.ledger.writer import connect
from sync.services.store import Store
from terminal.wording import word

_LISTS_OLD_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its name, whether it is well, and what was seen."""

    name: str
    ok: bool
    what: str


def examine(store: Store, language: str, zone: str) -> list[Finding]:
    """All checks, in the order in which a technician would mend them."""
    findings = [_platform(store, name, language, zone) for name in sorted(store.asking.platforms)]
    now = store.ledger.read(store.keeper.now)
    findings.append(Finding("clock", now.source is ClockSource.PLATFORM, now.source.value))
    if store.pulling is not None:
        age_ms = store.pulling.age_ms()
        findings.append(Finding("lists", age_ms < _LISTS_OLD_MS, f"{age_ms // 60_000} min"))
    owed = store.delivering.owed()
    held = [item for item in owed if item.entry.state == "held"]
    findings.append(Finding("outbox", not held, f"due {len(owed) - len(held)} · held {len(held)}"))
    differences = store.differences.open()
    findings.append(Finding("differences", not differences, str(len(differences))))
    findings.append(Finding("limits", True, ", ".join(_raised(store.profile.limits)) or "default"))
    with closing(connect(store.ledger.path, read_only=True)) as connection:
        walked = verify(connection, store.profile.terminal, store.ledger.sealer, public_key=store.witnessing.public_key)
    said = walked.first_bad.what if walked.first_bad else f"{walked.entries}"
    findings.append(Finding("journal", walked.ok, said))
    return findings


def _platform(store: Store, name: str, language: str, zone: str) -> Finding:
    answer = store.asking.ask(
        name, store.profile.delivery_budget_ms, lambda platform, deadline_ms: platform.probe(deadline_ms)
    )
    if isinstance(answer, PlatformError):
        return Finding(name, False, word(answer.reason, language, zone).line)
    return Finding(name, True, "online")


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
