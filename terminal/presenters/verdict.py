"""A verdict as scripts parse it and as people read it (design.md, "Shapes that scripts parse")."""

from collections.abc import Mapping
from typing import Any

from sync.domain.money import yuan
from sync.services.verdict import Outcome, UnitVerdict, Verdict
from terminal.i18n import text
from terminal.wording import word


def message(unit: UnitVerdict, language: str, zone: str) -> str:
    """One line: the light's word and what it rests on, or a refusal's three parts."""
    if unit.outcome in (Outcome.REFUSED, Outcome.ASK_MANAGER) and unit.reason is not None:
        return word(unit.reason, language, zone).line
    said = text(language, "outcomes", unit.outcome)
    if unit.outcome is Outcome.RECORDED and unit.tier is not None:
        said = f"{said} · {text(language, 'tiers', unit.tier)}"
    return said


def unit_json(unit: UnitVerdict, language: str, zone: str) -> dict[str, Any]:
    """One unit."""
    return {
        "outcome": unit.outcome.value,
        "tier": unit.tier,
        "reason": unit.reason.code.value if unit.reason else None,
        "message": message(unit, language, zone),
        "platform": unit.platform,
        "code_tail": unit.code_tail,
        "amount_fen": unit.amount_fen,
        "redemption_id": unit.redemption_id,
        "number": unit.number,
        "title": unit.title,
        "request_id": unit.request_id,
    }


# What `hexiao redeem --json` prints at least, also when it got no further than the till itself.
NOTHING: Mapping[str, Any] = {
    "tier": None,
    "platform": None,
    "code_tail": "",
    "amount_fen": None,
    "redemption_id": None,
    "request_id": None,
    "redemptions": [],
}


def verdict_json(verdict: Verdict, language: str, zone: str) -> dict[str, Any]:
    """The document of `hexiao redeem --json`: the first unit's fields, and all units."""
    units = [unit_json(unit, language, zone) for unit in verdict.units]
    return units[0] | {"redemptions": units}


_MARKS = {Outcome.REDEEMED: "✓", Outcome.RECORDED: "⏳", Outcome.ASK_MANAGER: "✋", Outcome.REFUSED: "✕"}


def verdict_lines(verdict: Verdict, language: str, zone: str) -> list[str]:
    """For people: a line for each unit with its light, worth, title and slip number; a refusal in its three parts."""
    lines: list[str] = []
    for unit in verdict.units:
        mark = _MARKS[unit.outcome]
        if unit.outcome in (Outcome.REFUSED, Outcome.ASK_MANAGER) and unit.reason is not None:
            sentence = word(unit.reason, language, zone)
            what = "  ".join(part for part in (sentence.what, unit.title, unit.code_tail) if part)
            lines += [f"{mark} {what}", f"  {sentence.why}", f"  → {sentence.next}"]
        else:
            worth = yuan(unit.amount_fen) if unit.amount_fen is not None else ""
            parts = (message(unit, language, zone), worth, unit.title, unit.number or "")
            lines.append(f"{mark} " + "  ".join(part for part in parts if part))
    return lines
