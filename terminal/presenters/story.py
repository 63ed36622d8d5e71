"""A redemption told as a short story in time order, and in one word how it stands."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sync.domain.difference import NOTE_MARK, Difference
from sync.domain.moment import ClockSource
from sync.domain.outbox import OutboxState
from sync.domain.reasons import Code, because, from_json
from sync.domain.redemption import Redemption, State
from sync.domain.trust import Tier
from sync.ledger.tables import OutboxEntry
from sync.services.stories import Story
from terminal.i18n import Words, text
from terminal.wording import Sentence, spoken_moment, word

AREA = "story"


@dataclass(frozen=True, slots=True)
class Standing:
    """One word with its icon and tone."""

    word: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happened. `at`: when, as people say it; empty for what goes on now; `note`: the small print."""

    at: str
    icon: str
    tone: str
    said: str
    note: str = ""


_LOOKS = {
    "redeemed": ("check", "redeemed"),
    "recorded": ("hourglass", "recorded"),
    "owed": ("hourglass", "recorded"),
    "taking_back": ("undo", "recorded"),
    "reversed": ("undo", "quiet"),
    "refused": ("cross", "refused"),
    "difference": ("difference", "refused"),
}
# Behind all that has a time.
_NOW = 2**62
Timed = tuple[int, Beat]


@dataclass(frozen=True, slots=True)
class Telling:
    """By which words, hour and names a story is told."""

    words: Words
    zone: str
    now_ms: int
    people: Mapping[str, str]

    def who(self, staff: str) -> str:
        """A name; what is no person's id is told as it is."""
        return self.people.get(staff, staff)

    def at(self, ms: int) -> str:
        """A time as people say it."""
        return spoken_moment(ms, self.now_ms, self.zone, self.words.language)


def standing(words: Words, row: Redemption, difference: Difference | None = None) -> Standing:
    """How a redemption stands now; an open difference outweighs everything else."""
    return _named(words, "difference" if difference is not None else _state(row))


def refused(words: Words) -> Standing:
    """How a refusal stands."""
    return _named(words, "refused")


def _named(words: Words, name: str) -> Standing:
    return Standing(words("light", name), *_LOOKS[name])


def _state(row: Redemption) -> str:
    match row.state:
        case State.CONFIRMED:
            return "taking_back" if row.reversal_id else "redeemed"
        case State.REVERSED | State.WITHDRAWN:
            return "reversed"
        case State.REFUSED:
            return "refused"
    if row.reversal_id:
        return "taking_back"
    return "recorded" if row.promised else "owed"


def title_of(words: Words, row: Redemption) -> str:
    """What was sold, or whose coupon it is where nobody told us."""
    return row.title or words("title", "unknown", platform=text(words.language, "platforms", row.platform))


def error_of(words: Words, code: str, zone: str) -> Sentence:
    """What kept a call from being settled, by the code that the outbox notes; what no code names is a defect."""
    try:
        return word(because(Code(code)), words.language, zone)
    except ValueError:
        return Sentence(words("errors", "unreadable", code=code), "", "")


def joined(words: Words, sentence: Sentence) -> str:
    """What and why in one line; the why alone is left out where a fact of it is not known."""
    if not sentence.why or "—" in sentence.why:
        return sentence.what
    return words("join", "why", what=sentence.what, why=sentence.why)


def resolution_of(words: Words, stored: str) -> str:
    """How a difference was ended: our own word for it and the note behind it; any other text as it is."""
    code, _, note = stored.partition(NOTE_MARK)
    said = text(f"{AREA}.{words.language}", "resolutions", code)
    return words("join", "noted", said=said, note=note) if note else said


def beats(telling: Telling, story: Story) -> tuple[Beat, ...]:
    """Everything that happened to a redemption, in the order of time; what goes on now comes last."""
    found = [*_accepted(telling, story.redemption), *_settled(telling, story), *_taken_back(telling, story)]
    for difference in story.differences:
        found += difference_beats(telling, difference)
    return tuple(beat for _, beat in sorted(found, key=lambda one: one[0]))


def _accepted(telling: Telling, row: Redemption) -> Iterator[Timed]:
    words = telling.words
    online = row.tier == Tier.ONLINE and not row.promised
    facts = {"who": telling.who(row.staff), "terminal": row.terminal}
    if online:
        said = words("beat", "redeemed", **facts)
    else:
        said = words("beat", "recorded", **facts, tier=text(words.language, "tiers", row.tier))
    notes = [words("beat", "manager", who=telling.who(row.manager))] if row.manager else []
    noted = json.loads(row.witnesses) if row.witnesses else {}
    for name in ("order_no", "phone_last4"):
        if noted.get(name):
            notes.append(words("beat", name, **{name: noted[name]}))
    if noted.get("photo"):
        notes.append(words("beat", "photo"))
    if row.clock == ClockSource.UNTRUSTED:
        notes.append(words("beat", "clock"))
    icon, tone = ("scan", "quiet") if online else _LOOKS["recorded"]
    yield row.accepted_at_ms, Beat(telling.at(row.accepted_at_ms), icon, tone, said, " · ".join(notes))


def _settled(telling: Telling, story: Story) -> Iterator[Timed]:
    row, words = story.redemption, telling.words
    if row.owed:
        if story.call is not None and row.promised:
            yield _NOW, _pending(telling, story.call, "waiting")
        return
    if row.settled_at_ms is None or row.state is State.WITHDRAWN:
        return
    at = telling.at(row.settled_at_ms)
    if row.state is State.REFUSED:
        sentence = word(from_json(row.reason), words.language, telling.zone) if row.reason else None
        what, why = (sentence.what, sentence.why) if sentence else ("—", "")
        yield row.settled_at_ms, Beat(at, *_LOOKS["refused"], words("beat", "refused", what=what), why)
        return
    said = words("beat", "delivered" if row.promised else "confirmed")
    yield row.settled_at_ms, Beat(at, *_LOOKS["redeemed"], said)


def _pending(telling: Telling, entry: OutboxEntry, name: str) -> Beat:
    """What is owed and why it is not done yet."""
    words = telling.words
    held = entry.state == OutboxState.HELD
    notes = [error_of(words, entry.last_error, telling.zone).what] if entry.last_error else []
    if entry.attempts:
        notes.append(words("beat", "tried", count=entry.attempts))
    icon, tone = ("hand", "refused") if held else _LOOKS["recorded"]
    return Beat("", icon, tone, words("beat", "held" if held else name), " · ".join(notes))


def _taken_back(telling: Telling, story: Story) -> Iterator[Timed]:
    words = telling.words
    withdrawn = story.redemption.state is State.WITHDRAWN
    for one in story.taken_back:
        who, at = telling.who(one.who), telling.at(one.asked_at_ms)
        name = "withdrawn" if withdrawn and one.agreed else "asked"
        yield one.asked_at_ms, Beat(at, "undo", "quiet", words("beat", name, who=who))
        if one.ended_at_ms is None:
            if story.reversal is not None:
                yield _NOW, _pending(telling, story.reversal, "taking_back")
        elif name == "asked":
            look, said = ("reversed", "reversed") if one.agreed else ("refused", "not_reversed")
            yield one.ended_at_ms, Beat(telling.at(one.ended_at_ms), *_LOOKS[look], words("beat", said))


def difference_beats(telling: Telling, difference: Difference) -> Iterator[Timed]:
    """How a difference began, and how it ended if it did."""
    words = telling.words
    cause = words("causes", difference.cause.value)
    deadline = telling.at(difference.deadline_at_ms)
    note = words("beat", "owner", owner=telling.who(difference.owner), deadline=deadline)
    opened = telling.at(difference.opened_at_ms)
    ended_ms = difference.resolved_at_ms
    said = words("beat", "difference", cause=cause)
    yield difference.opened_at_ms, Beat(opened, *_LOOKS["difference"], said, note if ended_ms is None else "")
    if ended_ms is not None:
        who, how = telling.who(difference.resolved_by or ""), resolution_of(words, difference.resolution or "")
        yield ended_ms, Beat(telling.at(ended_ms), "check", "quiet", words("beat", "resolved", who=who, resolution=how))
