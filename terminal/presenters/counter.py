"""What the counter shows from scan to verdict: one view for each moment, with nothing left for the screen to decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sync.domain.reasons import Code, Reason
from sync.domain.voucher import Coupon
from sync.services.looking import Found
from sync.services.reversing import Reversal, ReversalVerdict
from sync.services.verdict import Outcome, UnitVerdict, Verdict
from sync.services.weighing import share
from terminal.i18n import Words, text
from terminal.presenters.verdict import message
from terminal.wording import Sentence, day_of, word

AREA = "redeem"


class Need(StrEnum):
    """What an offer still lacks before it can be confirmed."""

    NOTHING = "nothing"
    EVIDENCE = "evidence"
    MANAGER = "manager"


class Light(StrEnum):
    """What is seen from two metres; each has its colour, icon, word and sound (screens.md)."""

    REDEEMED = "redeemed"
    RECORDED = "recorded"
    MANAGER = "ask_manager"
    REFUSED = "refused"
    REVERSED = "reversed"


class Mark(StrEnum):
    """How far a step is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps from scan to verdict."""

    name: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Recent:
    """One of the last verdicts, shown quietly under the idle line."""

    light: Light
    word: str
    title: str
    amount_fen: int | None
    code_tail: str
    at: str


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing under way: scan, or type a code."""

    recent: tuple[Recent, ...] = ()


@dataclass(frozen=True, slots=True)
class Working:
    """A step is running. `title` is empty until the coupon is known."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """Coupons to be confirmed. `amount_fen`: of all units asked for; `others`: what is in it beside the first coupon,
    where an order holds different ones; `trust`: what it rests on while the platform can't be asked; `why`: what is
    needed before it can be confirmed, in three parts."""

    platform: str
    title: str
    code_tail: str
    amount_fen: int | None
    units: int
    units_most: int
    uses: str
    contents: tuple[str, ...]
    terms: tuple[str, ...]
    until: str
    script: str
    trust: str = ""
    need: Need = Need.NOTHING
    why: Sentence | None = None
    asks_amount: bool = False
    others: str = ""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of a verdict that has several."""

    light: Light
    said: str
    title: str
    amount_fen: int | None
    number: str


@dataclass(frozen=True, slots=True)
class Told:
    """The verdict. `why` and `next` are the further parts of a refusal, or what an acceptance on trust rests on;
    `undo`: redemption ids that can be taken back, `undo_until_ms` (monotonic) a hint; `units` only where there are
    several; `setup`: the scanner's set-up page is the next step."""

    light: Light
    word: str
    why: str = ""
    next: str = ""
    amount_fen: int | None = None
    title: str = ""
    number: str = ""
    code_tail: str = ""
    units: tuple[UnitLine, ...] = ()
    undo: tuple[str, ...] = ()
    undo_until_ms: int | None = None
    setup: bool = False


CounterView = Idle | Working | Offer | Told
STEPS = ("recognised", "looked_up", "booked", "answered")


def working(words: Words, done: int, title: str = "") -> Working:
    """The steps with the first `done` behind us and the next one running."""
    marks = [Mark.DONE if place < done else Mark.RUNNING if place == done else Mark.WAITING for place in range(4)]
    return Working(title, tuple(Step(words("steps", name), mark) for name, mark in zip(STEPS, marks, strict=True)))


def usable(coupons: Iterable[Coupon]) -> list[Coupon]:
    """The coupons of an order that can be used now, the shown one first."""
    found = [coupon for coupon in coupons if coupon.state is None and coupon.units_left > 0]
    return sorted(found, key=lambda coupon: not coupon.selected)


def offer(
    words: Words,
    zone: str,
    found: Found,
    coupons: Sequence[Coupon],
    units: int,
    why: Reason | None = None,
    need: Need = Need.NOTHING,
    tier: str | None = None,
) -> Offer:
    """What the cashier reads out before confirming. `tier`: on what an acceptance would rest, None when online."""
    language = words.language
    choice = usable(coupons)
    first = choice[0] if choice else (coupons[0] if coupons else None)
    platform = text(language, "platforms", found.recognised.platform)
    credential = found.recognised.credential
    most = found.booked_units or sum(coupon.units_left for coupon in choice) or 1
    units = found.booked_units or min(units, most)
    trust = "" if tier is None else words("trust", "offer", tier=text(language, "tiers", tier))
    sentence = word(why, language, zone) if why is not None else None
    asks_amount = need is Need.EVIDENCE and first is None
    if first is None:
        title = words("offer", "unknown", platform=platform)
        worth_fen = found.reading.fields.max_fen * units if found.reading and found.reading.fields else None
        tail = credential.tail
        return Offer(
            platform, title, tail, worth_fen, units, most, "", (), (), "", "", trust, need, sentence, asks_amount
        )
    until = words("offer", "until", day=day_of(first.valid_until_ms - 1, zone)) if first.valid_until_ms else ""
    uses = words("offer", "uses", total=first.units_total, left=first.units_left) if first.units_total > 1 else ""
    if len(choice) > 1:
        uses = words("offer", "order", count=len(choice))
    taken = share(tuple(coupons), units)
    picked = [(first, units)] if isinstance(taken, Reason) else taken
    titles = [coupon.title for coupon, _ in picked if coupon.title != first.title]
    return Offer(
        platform,
        first.title,
        first.code[-4:] if first.code else credential.tail,
        sum(coupon.price_fen * count for coupon, count in picked),
        units,
        most,
        uses,
        tuple(words("offer", "line", name=line.name, quantity=line.quantity) for line in first.contents),
        first.terms,
        until,
        first.script,
        trust,
        need,
        sentence,
        asks_amount,
        words("offer", "others", titles="、".join(dict.fromkeys(titles))) if titles else "",
    )


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
        what = words("told", f"{lead.outcome.value}_several", count=len(accepted), all=len(verdict.units))
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
        lead.title,
        lead.number or "",
        lead.code_tail,
        lines if several else (),
        undo,
        undo_until_ms,
    )


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


def need_of(reason: Reason) -> Need:
    """What a refusal that was only foreseen asks the cashier for."""
    return Need.EVIDENCE if reason.code in (Code.EVIDENCE_NEEDED, Code.AMOUNT_NEEDED) else Need.NOTHING


def recent_of(view: Told, at: str) -> Recent:
    """A verdict as it stays in view after the next customer came."""
    return Recent(view.light, view.word, view.title or view.why, view.amount_fen, view.code_tail, at)
