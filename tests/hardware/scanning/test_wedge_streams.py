"""Any mixture of typing and scans: what is typed is replayed once and in order, what is scanned is heard once."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from hardware.scanning.burst import Kind, Stroke
from hardware.scanning.wedge import Rules, Ruling, Suffix, Wedge

GAP = Rules().gap_ms
WRAP = 2**32
PACE, PAUSE, AFTERMATH = 16, 150, 500
FAR = st.integers(GAP + 1, 900)
NEAR = st.integers(0, GAP)
# No two keys of a person come as close as a scanner's, but for two fingers that roll over.
APACE, QUICK = st.integers(0, PACE), st.integers(PACE + 1, GAP)
APART = st.integers(AFTERMATH + 1, 2 * AFTERMATH)
KINDS: st.SearchStrategy[Kind] = st.sampled_from(
    ("printable", "printable", "printable", "printable", "printable", "enter", "tab", "modifier", "other")
)
TEXT: Kind = "printable"
END: Kind = "enter"
Key = tuple[int, Kind, bool]
"""Gap to the key before in ms, kind, whether it says that it repeats."""
Event = str | tuple[str] | list[str]
"""A replayed key, a scan in a tuple, or in a list what no person typed and yet is no whole code."""


@dataclass(frozen=True, slots=True)
class Part:
    """Keys that stand alone: a scan whose first `length` keys are its text, or typing where `length` is 0."""

    keys: list[Key]
    length: int = 0


@st.composite
def typing(draw: st.DrawFn) -> Part:
    kinds = [TEXT] * draw(st.integers(1, 5))
    ending: Kind | None = draw(st.sampled_from((None, "enter", "other", "tab")))
    gaps = [draw(APART), *(draw(QUICK | FAR) for _ in kinds[1:])]
    if len(kinds) > 2:
        gaps[1] = draw(APACE | QUICK)
    if ending:
        kinds, gaps = [*kinds, ending], [*gaps, draw(NEAR | FAR)]
    return Part([(gap_ms, kind, False) for gap_ms, kind in zip(gaps, kinds, strict=True)])


@st.composite
def scanning(draw: st.DrawFn) -> Part:
    length, ends = draw(st.integers(6, 40)), draw(st.integers(0, 2))
    kinds = [TEXT] * length + [END] * ends
    gaps = [draw(APART), *(draw(NEAR) for _ in kinds[1:])]
    return Part([(gap_ms, kind, False) for gap_ms, kind in zip(gaps, kinds, strict=True)], length)


def character(number: int) -> str:
    """A different one for each key, so that none can stand in for another."""
    return chr(0x4E00 + number)


def played(keys: list[Key], rules: Rules, asked: list[bool]) -> list[Event]:
    """What comes of the keys. `asked` says whether a timer runs out."""
    wedge: Wedge[str] = Wedge(rules)
    events: list[Event] = []
    ruling: Ruling[str] = Ruling()
    at_ms = 1000

    def note() -> None:
        if ruling.scan is not None:
            events.append((ruling.scan,))
        if ruling.short is not None:
            events.append([ruling.short])
        events.extend(ruling.replay)

    for number, ((gap_ms, kind, repeat), ask) in enumerate(zip(keys, asked, strict=False)):
        at_ms += gap_ms
        if ask and ruling.decide_at_ms is not None and ruling.decide_at_ms <= at_ms:
            ruling = wedge.silence(ruling.decide_at_ms)
            note()
        name = character(number)
        ruling = wedge.key(Stroke(name, name, at_ms, kind, repeat))
        note()
    if ruling.decide_at_ms is not None:
        ruling = wedge.silence(ruling.decide_at_ms)
        note()
    assert not ruling.holding
    return events


ASKED = st.lists(st.booleans(), min_size=520, max_size=520)


@given(st.lists(typing() | scanning(), max_size=12), ASKED)
def test_typing_and_scans_in_any_order(parts: list[Part], asked: list[bool]) -> None:
    expected: list[Event] = []
    first = 0
    for part in parts:
        names = [character(first + number) for number in range(len(part.keys))]
        expected += [("".join(names[: part.length]),)] if part.length else names
        first += len(names)
    assert played([key for part in parts for key in part.keys], Rules(), asked) == expected


@given(st.lists(scanning(), max_size=8), NEAR)
def test_scans_that_follow_at_once_are_never_mixed(parts: list[Part], gap_ms: int) -> None:
    keys: list[Key] = []
    expected: list[tuple[str]] = []
    for part in parts:
        expected.append(("".join(character(len(keys) + number) for number in range(part.length)),))
        keys += [(gap_ms, kind, repeat) for _, kind, repeat in part.keys[: part.length]]
        keys.append((gap_ms, END, False))
    assert played(keys, Rules(), [True] * len(keys)) == expected


def text_of(keys: list[Key]) -> str:
    return "".join(character(number) for number, (_, kind, _) in enumerate(keys) if kind == TEXT)


@given(st.lists(APACE, min_size=6, max_size=40), st.data(), NEAR, st.booleans())
def test_a_code_with_a_pause_in_it_is_one_scan(gaps: list[int], data: st.DataObject, last_ms: int, asked: bool) -> None:
    keys: list[Key] = [(gap_ms, TEXT, False) for gap_ms in gaps] + [(last_ms, END, False)]
    place = data.draw(st.integers(4, len(gaps)))
    keys[place] = (data.draw(st.integers(GAP + 1, PAUSE)), keys[place][1], False)
    assert played(keys, Rules(), [asked] * len(keys)) == [(text_of(keys),)]


@given(st.lists(APACE, min_size=6, max_size=40), st.data(), NEAR, st.booleans())
def test_no_rest_of_a_code_that_broke_off_is_typing(
    gaps: list[int], data: st.DataObject, last_ms: int, asked: bool
) -> None:
    first: list[Key] = [(gap_ms, TEXT, False) for gap_ms in gaps]
    broken_ms = data.draw(st.integers(PAUSE + 1, AFTERMATH))
    rest: list[Key] = [(broken_ms, TEXT, False)]
    rest += [(gap_ms, TEXT, False) for gap_ms in data.draw(st.lists(NEAR, max_size=20))] + [(last_ms, END, False)]
    whole = text_of(first + rest)
    heard = [(whole[: len(first)],), [whole[len(first) :]]]
    assert played(first + rest, Rules(), [asked] * (len(first) + len(rest))) == heard


@given(st.lists(APACE, min_size=2, max_size=5), NEAR, st.sampled_from(("enter", "tab")), typing())
def test_a_short_label_is_never_typing(gaps: list[int], last_ms: int, end: Kind, part: Part) -> None:
    label: list[Key] = [(gap_ms, TEXT, False) for gap_ms in gaps] + [(last_ms, end, False)]
    names = [character(len(label) + number) for number in range(len(part.keys))]
    assert played(label + part.keys, Rules(), [True] * 20) == [[text_of(label)], *names]


@given(
    st.lists(st.tuples(NEAR | FAR | st.integers(-WRAP, WRAP), KINDS, st.booleans()), max_size=120),
    st.sampled_from(("enter", "tab", "none")),
    ASKED,
)
def test_every_key_is_replayed_once_in_order_or_part_of_one_scan(
    keys: list[Key], suffix: Suffix, asked: list[bool]
) -> None:
    events = played(keys, Rules(suffix=suffix), asked)
    replayed = "".join(event for event in events if isinstance(event, str))
    scanned = "".join(event[0] for event in events if not isinstance(event, str)).translate({9: None, 10: None})
    assert list(replayed) == sorted(set(replayed))
    assert list(scanned) == sorted(set(scanned))
    assert not set(replayed) & set(scanned)
    names = {character(number): kind for number, (_, kind, _) in enumerate(keys)}
    swallowed = set(names) - set(replayed)
    assert {name for name in swallowed if names[name] == "printable"} == set(scanned)
    assert not [name for name in swallowed if names[name] == "other"]
