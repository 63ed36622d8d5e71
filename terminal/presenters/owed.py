"""What is owed to the platforms and why it is not done yet: held calls before those that go by themselves."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sync.domain.money import yuan
from sync.domain.outbox import OutboxState
from sync.services.delivering import Debt, Owed
from terminal.i18n import Words, text
from terminal.presenters.story import AREA as STORY
from terminal.presenters.story import error_of, joined
from terminal.presenters.table import Cell, Column, Empty, Row
from terminal.wording import spoken_moment

AREA = "owed"
COLUMNS = ("kind", "number", "platform", "amount", "since", "error", "next")


@dataclass(frozen=True, slots=True)
class OwedDetail:
    """One call. `held`: a person has to let it go; `error` is empty where nothing went wrong yet; `hint`: what happens
    next."""

    id: str
    title: str
    number: str
    amount: str
    facts: str
    error: str
    hint: str
    held: bool


@dataclass(frozen=True, slots=True)
class OwedView:
    """The page. `held`: some of it needs a person."""

    title: str
    note: str
    held: bool
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What the words depend on besides the calls themselves. Times in ms UTC; `offline`: platforms that are down."""

    words: Words
    zone: str
    now_ms: int
    offline: Collection[str]

    def platform(self, name: str) -> str:
        """What people call it."""
        return text(self.words.language, "platforms", name)

    def at(self, ms: int) -> str:
        """A time as people say it."""
        return spoken_moment(ms, self.now_ms, self.zone, self.words.language)


def columns(words: Words) -> tuple[Column, ...]:
    """Of the table."""
    made = {
        "error": Column(words("columns", "error"), stretch=1),
        "amount": Column(words("columns", "amount"), right=True),
        "since": Column(words("columns", "since"), spare=1),
    }
    return tuple(made.get(name) or Column(words("columns", name)) for name in COLUMNS)


def empty(words: Words) -> Empty:
    """Nothing is owed."""
    return Empty(words("summary", "done"), "check", "redeemed")


def summary(words: Words, debt: Debt) -> tuple[str, str]:
    """How much is owed, in large and in small print; cheap, so that it can fall live."""
    if not debt.count and not debt.reversals and not debt.held:
        return words("summary", "title"), ""
    parts = []
    if debt.count:
        parts += [words("summary", "count", count=debt.count), yuan(debt.amount_fen)]
    if debt.reversals:
        parts.append(words("summary", "reversals", count=debt.reversals))
    note = words("summary", "held", count=debt.held) if debt.held else ""
    return " · ".join(parts) or words("summary", "title"), note


def view(setting: Setting, owed: Iterable[Owed], debt: Debt) -> OwedView:
    """Everything, in the two groups; each oldest first."""
    items = list(owed)
    held = [item for item in items if item.entry.state == OutboxState.HELD]
    due = [item for item in items if item.entry.state != OutboxState.HELD]
    rows: list[Row] = []
    for name, group in (("held", held), ("due", due)):
        # One group alone needs no name.
        if group and held:
            said = setting.words("groups", name, count=len(group))
            rows.append(Row(f"group-{name}", (Cell(said),), heading=True))
        rows += [_row(setting, item) for item in group]
    title, note = summary(setting.words, debt)
    return OwedView(title, note, bool(held), tuple(rows))


def _number(setting: Setting, item: Owed) -> str:
    if not item.rows:
        return "—"
    first = item.rows[0].number
    several = len(item.rows) > 1
    return setting.words("cells", "several", number=first, count=len(item.rows)) if several else first


def _row(setting: Setting, item: Owed) -> Row:
    entry, words = item.entry, setting.words
    held = entry.state == OutboxState.HELD
    error = error_of(_stories(words), entry.last_error, setting.zone).what if entry.last_error else ""
    return Row(
        entry.id,
        (
            Cell(words("kinds", entry.kind), "hand" if held else "hourglass", "refused" if held else "recorded"),
            Cell(_number(setting, item)),
            Cell(setting.platform(entry.platform), tone="quiet"),
            Cell(yuan(sum(row.amount_fen for row in item.rows)), strong=True),
            Cell(setting.at(entry.created_at_ms), tone="quiet"),
            Cell(error or words("cells", "fresh"), tone="" if error else "quiet"),
            _next(setting, item),
        ),
    )


def _next(setting: Setting, item: Owed) -> Cell:
    entry, words = item.entry, setting.words
    if entry.state == OutboxState.HELD:
        return Cell(words("cells", "held"), tone="refused")
    if entry.platform in setting.offline:
        return Cell(words("cells", "offline"), tone="recorded")
    if entry.state == OutboxState.SENDING:
        return Cell(words("cells", "sending"), tone="working")
    # The time is put in as it runs down.
    later = words("cells", "later", time="{time}")
    return Cell(later, until_ms=entry.next_attempt_at_ms, then=words("cells", "now"))


def detail(setting: Setting, item: Owed) -> OwedDetail:
    """One call for whoever looks at it more closely."""
    entry, words = item.entry, setting.words
    held, number = entry.state == OutboxState.HELD, _number(setting, item)
    facts = [
        " · ".join(dict.fromkeys(row.title for row in item.rows if row.title)),
        setting.platform(entry.platform),
        words("detail", "accepted", at=setting.at(entry.created_at_ms)),
        words("detail", "tried", count=entry.attempts) if entry.attempts else words("detail", "never"),
    ]
    name = "held" if held else "offline" if entry.platform in setting.offline else "due"
    error = (
        joined(_stories(words), error_of(_stories(words), entry.last_error, setting.zone)) if entry.last_error else ""
    )
    return OwedDetail(
        entry.id,
        words("detail", "what", kind=words("kinds", entry.kind), number=number),
        number,
        yuan(sum(row.amount_fen for row in item.rows)),
        " · ".join(fact for fact in facts if fact),
        error,
        words("detail", f"hint_{name}", platform=setting.platform(entry.platform)),
        held,
    )


def _stories(words: Words) -> Words:
    return Words(STORY, words.language)
