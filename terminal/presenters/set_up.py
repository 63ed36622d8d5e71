"""Setting a scanner up: what became of the text on the screen, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from hardware.scanning.layout import PROBE_TEXT, Comparison, Damage, compare
from terminal.i18n import Words
from terminal.presenters.devices import KEYBOARD, Health, LastScan
from terminal.settings import ScannerSection

_LONGEST_PREFIX = 8
_WIDEST_GAP_MS = 200
# Below this the person scanned some other code, or typed.
_ALIKE = 0.5
_PAIRS = 4


@dataclass(frozen=True, slots=True)
class Fix:
    """What the terminal itself can do: other scanner settings, and the words on the button."""

    change: Mapping[str, object]
    said: str


@dataclass(frozen=True, slots=True)
class SetUpView:
    """How the scan arrived: a heading, what is wrong, what to do step by step, and a few characters that changed."""

    health: Health
    what: str
    why: str = ""
    steps: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    fix: Fix | None = field(default=None)


def waiting(words: Words) -> SetUpView:
    """Nothing scanned yet."""
    return SetUpView(Health.QUIET, words("setup", "waiting"), steps=_steps(words, "waiting"))


def heard(words: Words, section: ScannerSection, last: LastScan) -> SetUpView:
    """A scan while the text is on the screen."""
    if last.scan.source.startswith("camera"):
        return SetUpView(Health.QUIET, words("setup", "by_camera"))
    text = last.scan.text.strip()
    seen = compare(PROBE_TEXT, text)
    if not seen.differences:
        return _right(words, section, last)
    if text.endswith(PROBE_TEXT):
        return _preceded(words, text.removesuffix(PROBE_TEXT))
    if text.startswith(PROBE_TEXT):
        extra = text.removeprefix(PROBE_TEXT)
        return SetUpView(
            Health.TROUBLE, words("setup", "trailing", extra=extra), steps=_steps(words, "trailing"), pairs=()
        )
    if seen.damage is not None:
        return _damaged(words, seen, seen.damage)
    if _alike(text):
        return SetUpView(
            Health.TROUBLE,
            words("setup", "lost"),
            words("setup", "lost_count", count=max(1, len(PROBE_TEXT) - len(text)), all=len(PROBE_TEXT)),
            _steps(words, "lost"),
        )
    return SetUpView(Health.QUIET, words("setup", "other"), words("setup", "other_why"))


def typed(words: Words, section: ScannerSection, text: str, slowest_ms: int) -> SetUpView | None:
    """Keys that came too slowly for a scan; None where they are no scanner's. `slowest_ms`: the longest pause."""
    if not _alike(text):
        return None
    gap_ms = -(-slowest_ms * 3 // 10) * 5
    why = words("setup", "slow_why", pace=slowest_ms, gap=section.gap_ms)
    fix = None
    if section.gap_ms < gap_ms <= _WIDEST_GAP_MS:
        fix = Fix({"gap_ms": gap_ms}, words("setup", "fix_gap", gap=gap_ms))
    return SetUpView(Health.TROUBLE, words("setup", "slow"), why, _steps(words, "slow"), fix=fix)


def _right(words: Words, section: ScannerSection, last: LastScan) -> SetUpView:
    if last.scan.source != KEYBOARD:
        return SetUpView(Health.GOOD, words("setup", "right"), words("setup", "right_serial"))
    why = words("setup", "right_keys", pace=last.pace_ms if last.pace_ms is not None else "—")
    if last.ended == section.suffix or (last.ended == "none" and section.suffix == "none"):
        return SetUpView(Health.GOOD, words("setup", "right"), why)
    if last.ended == "none":
        return SetUpView(Health.GOOD, words("setup", "right"), why, _steps(words, "no_end"))
    fix = Fix({"suffix": last.ended}, words("setup", f"fix_{last.ended}"))
    return SetUpView(Health.GOOD, words("setup", "right"), why, (words("setup", f"ends_{last.ended}"),), fix=fix)


def _preceded(words: Words, extra: str) -> SetUpView:
    fix = None
    if len(extra) <= _LONGEST_PREFIX and extra.isprintable():
        fix = Fix({"prefix": extra}, words("setup", "fix_prefix", extra=extra))
    return SetUpView(Health.TROUBLE, words("setup", "preceded", extra=extra), steps=_steps(words, "preceded"), fix=fix)


def _damaged(words: Words, seen: Comparison, damage: Damage) -> SetUpView:
    changed = {(one.expected[0], one.got[0]): None for one in seen.differences if one.expected and one.got}
    why = words("damage", damage.value)
    return SetUpView(
        Health.TROUBLE, words("setup", "damaged"), why, _steps(words, damage.value), tuple(changed)[:_PAIRS]
    )


def _alike(text: str) -> bool:
    return SequenceMatcher(None, PROBE_TEXT, text, autojunk=False).ratio() >= _ALIKE


def _steps(words: Words, name: str) -> tuple[str, ...]:
    return tuple(words("steps", name).split("\n"))
