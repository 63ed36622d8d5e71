"""What the counter shows from scan to verdict: one view for each moment, with nothing left for the screen to decide."""

from dataclasses import dataclass, field
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
    """One coupon to be confirmed. `amount_fen`: of all units asked for; `trust`: what it rests on while the platform
    can't be asked; `why`: what is needed before it can be confirmed, in three parts; `permit`: the customer's phone may
    ask the platform instead."""

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
    permit: bool = False


@dataclass(frozen=True, slots=True)
class Choose:
    """Which platform a text is from. `code`: what may be shown of it; `place`: the platform that is proposed; `said`:
    why it is asked, where one platform was asked already."""

    code: str
    names: tuple[str, ...]
    platforms: tuple[str, ...]
    place: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class PhoneCheck:
    """A telephone number has coupons: does the customer say the same last four digits?"""

    last4: str
    said: str
    platform: str


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One coupon of several. `units`: how many of it are picked, of `left`; `price_fen`: of one unit."""

    ref: str = field(repr=False)
    title: str
    about: str
    price_fen: int
    units: int
    left: int
    contents: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    script: str = ""


@dataclass(frozen=True, slots=True)
class Basket:
    """Several coupons, of which some are picked: `units` in all, worth `amount_fen`. `why`: what stands in the way of
    one of those picked, in three parts."""

    platform: str
    head: str
    lines: tuple[BasketLine, ...]
    units: int
    amount_fen: int
    need: Need = Need.NOTHING
    why: Sentence | None = None

    @property
    def title(self) -> str:
        """What is picked first."""
        return next((line.title for line in self.lines if line.units), "")


@dataclass(frozen=True, slots=True)
class Permit:
    """What the customer's phone scans while the till has no line; good until `until_ms` (monotonic)."""

    text: str
    until_ms: int


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
    several; `setup`: the scanner's set-up page is the next step; `permit`: the customer's phone may ask instead."""

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
    permit: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A yes that goes on beside the next customer; `told` is None until its verdict."""

    key: int
    title: str
    code_tail: str
    amount_fen: int | None
    told: Told | None = None


CounterView = Idle | Working | Choose | PhoneCheck | Offer | Basket | Permit | Told
STEPS = ("recognised", "looked_up", "booked", "answered")


def working(words: Words, done: int, title: str = "") -> Working:
    """The steps with the first `done` behind us and the next one running."""
    marks = [Mark.DONE if place < done else Mark.RUNNING if place == done else Mark.WAITING for place in range(4)]
    return Working(title, tuple(Step(words("steps", name), mark) for name, mark in zip(STEPS, marks, strict=True)))
