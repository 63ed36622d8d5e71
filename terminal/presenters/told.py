"""How a scan, a reversal or a step ended, as it is read from two metres and as it stays in view afterwards."""

from collections.abc import Sequence

from sync.domain.reasons import Reason
from sync.services.reversing import Reversal, ReversalVerdict
from sync.services.verdict import Outcome, UnitVerdict, Verdict
from terminal.i18n import Words, text
from terminal.presenters.counter import Light, Recent, Told, UnitLine
from terminal.presenters.verdict import message
from terminal.wording import word

_NAMED = 2


def told(words: Words, zone: str, verdict: Verdict, undo_until_ms: int | None, now_ms: int) -> Told:
    """The verdict as it is read from two metres; of several units the first that was not accepted gives the word only
    where none was."""
    language = words.language
    accepted = [unit for unit in verdict.units if unit.outcome in (Outcome.REDEEMED, Outcome.RECORDED)]
    lead = _lead(verdict, accepted)
    several = len(verdict.units) > 1
    undo = tuple(unit.redemption_id for unit in accepted if unit.redemption_id)
    worth = [unit.amount_fen for unit in accepted if unit.amount_fen is not None]
    what, why, then = _parts(words, lead, zone, now_ms)
    if several and accepted:
        denied = len(verdict.units) - len(accepted)
        part = "several" if denied else "all"
        what = words("told", f"{lead.outcome.value}_{part}", count=len(accepted), all=len(verdict.units))
        why = "  ".join(filter(None, (words("told", "denied", count=denied) if denied else "", why)))
    lines = tuple(
        UnitLine(Light(unit.outcome), message(unit, language, zone), unit.title, unit.amount_fen, unit.number or "")
        for unit in verdict.units
    )
    return Told(
        Light(lead.outcome),
        what,
        why,
        then,
        sum(worth) if worth else None,
        _titles(words, accepted) if several and accepted else lead.title,
        "" if several else lead.number or "",
        "" if several else lead.code_tail,
        lines if several else (),
        undo,
        undo_until_ms,
    )


def _titles(words: Words, units: Sequence[UnitVerdict]) -> str:
    """The first two kinds by name, the others by number."""
    titles = list(dict.fromkeys(unit.title for unit in units if unit.title))
    said = "、".join(titles[:_NAMED]) if words.language == "zh" else ", ".join(titles[:_NAMED])
    return said if len(titles) <= _NAMED else words("told", "titles", titles=said, count=len(titles))


def _lead(verdict: Verdict, accepted: list[UnitVerdict]) -> UnitVerdict:
    """The unit whose light stands for all: amber before green, so that nothing on trust looks done."""
    on_trust = [unit for unit in accepted if unit.outcome is Outcome.RECORDED]
    return (on_trust or accepted or list(verdict.units))[0]


def _parts(words: Words, unit: UnitVerdict, zone: str, now_ms: int) -> tuple[str, str, str]:
    language = words.language
    if unit.outcome in (Outcome.REFUSED, Outcome.ASK_MANAGER) and unit.reason is not None:
        sentence = word(unit.reason, language, zone, now_ms)
        return sentence.what, sentence.why, sentence.next
    what = words("told", unit.outcome.value)
    if unit.outcome is Outcome.RECORDED:
        return what, text(language, "tiers", unit.tier or ""), words("told", "recorded_next")
    return what, "", ""


def refusal(words: Words, zone: str, reason: Reason, *, setup: bool = False) -> Told:
    """A no that comes from the terminal itself."""
    sentence = word(reason, words.language, zone)
    return Told(Light.REFUSED, sentence.what, sentence.why, sentence.next, setup=setup)


def taken_back(words: Words, zone: str, answers: Sequence[ReversalVerdict]) -> Told:
    """How a reversal ended: the worst of its units gives the word."""
    worst = next((one for one in answers if one.outcome is Reversal.REFUSED), answers[0])
    row = worst.redemption
    if worst.outcome is Reversal.REFUSED and worst.reason is not None:
        sentence = word(worst.reason, words.language, zone)
        return Told(Light.REFUSED, sentence.what, sentence.why, sentence.next, None, row.title, row.number)
    worth = sum(one.redemption.amount_fen for one in answers)
    what, why = words("reversal", worst.outcome.value), words("reversal", f"{worst.outcome.value}_why")
    return Told(Light.REVERSED, what, why, "", worth, row.title, row.number, row.code_tail)


def no_result(words: Words) -> Told:
    """A step that nobody foresaw: whatever was written stands, and the same code again tells how."""
    return Told(
        Light.REFUSED, words("told", "no_result"), words("told", "no_result_why"), words("told", "no_result_next")
    )


def recent_of(view: Told, at: str) -> Recent:
    """A verdict as it stays in view after the next customer came."""
    return Recent(view.light, view.word, view.title or view.why, view.amount_fen, view.code_tail, at)


def wants_reading(view: Told) -> bool:
    """A plain yes may go by itself; whatever is not one, or not of all units, stays until somebody has read it."""
    taken = (Light.REDEEMED, Light.RECORDED)
    return view.light not in taken or any(unit.light not in taken for unit in view.units)
