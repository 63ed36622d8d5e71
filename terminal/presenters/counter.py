"""What the counter shows from scan to verdict: one view for each moment, with nothing left for the screen to decide."""

from dataclasses import dataclass
from enum import StrEnum

from terminal.i18n import Words
from terminal.wording import Sentence

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
