"""The settings page in words: what can be changed here, what the owner's file holds, and what is wrong in a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import ValidationError

from sync.domain.money import yuan
from sync.domain.staff import Role, Staff
from sync.domain.trust import Budget, Limits
from terminal.i18n import Words, text
from terminal.presenters.table import Cell, Column, Row
from terminal.settings import ScannerSection, Settings, limits_of

AREA = "settings"
PEOPLE = "people"
_BUDGETS = ("permit", "chain", "recorded", "recorded_by_manager", "isolated")
_FIGURES = ("voucher_fen", "amount_fen", "count", "hours")
_PIN_LENGTHS = range(4, 13)
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Fact:
    """A line that is shown and not changed here."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed about a person; an empty id: somebody new."""

    id: str
    name: str
    role: Role
    pin: str
    again: str


def store_facts(words: Words, settings: Settings) -> tuple[Fact, ...]:
    """Who and where this terminal is, and which platforms it is bound to; no secret among it."""
    store = settings.store
    facts = [
        Fact(words("facts", "store"), store.name),
        Fact(words("facts", "terminal"), store.terminal),
        Fact(words("facts", "zone"), store.zone),
        Fact(words("facts", "cutoff"), words("facts", "hour", hour=store.cutoff_hour)),
        Fact(words("facts", "secrets"), words("secrets", settings.secrets_backend)),
    ]
    douyin, own = settings.douyin, settings.miniprogram
    bound = {
        "douyin": words("facts", "poi", poi=douyin.poi_id) if douyin is not None else "",
        "miniprogram": words("facts", "own", store=own.store, host=urlsplit(own.base_url).hostname) if own else "",
    }
    for platform, said in bound.items():
        facts.append(Fact(text(words.language, "platforms", platform), said or words("facts", "unbound")))
    return tuple(facts)


def limit_columns(words: Words) -> tuple[Column, ...]:
    """The heads of the limits."""
    return (
        Column(words("limits", "what"), stretch=1),
        Column(words("limits", "now"), right=True),
        Column(words("limits", "usual"), right=True),
        Column(words("limits", "mark")),
    )


def limit_rows(words: Words, settings: Settings) -> tuple[Row, ...]:
    """Every limit of trust with its default; what is wider than that is marked (product.md A5)."""
    ours, usual = limits_of(settings.limits), Limits()
    rows: list[Row] = []
    for name in _BUDGETS:
        rows.append(Row(name, (Cell(words("limits", name)),), heading=True))
        rows += _budget_rows(words, name, getattr(ours, name), getattr(usual, name))
    rows.append(Row("others", (Cell(words("limits", "others")),), heading=True))
    a_day = words("limits", "account_a_day")
    rows.append(_row(words, "account_a_day", a_day, ours.account_a_day, usual.account_a_day, "count"))
    for tier, hours in ours.max_age_hours.items():
        said = words("limits", f"age_{tier.value}")
        rows.append(_row(words, f"age {tier.value}", said, hours, usual.max_age_hours.get(tier), "hours"))
    return tuple(rows)


def people_columns(words: Words) -> tuple[Column, ...]:
    """The heads of the people."""
    return (
        Column(words("people", "name"), stretch=1),
        Column(words("people", "role")),
        Column(words("people", "pin")),
    )


def people_rows(words: Words, people: Sequence[Staff]) -> tuple[Row, ...]:
    """Everybody who may sign in."""
    return tuple(
        Row(
            person.id,
            (
                Cell(person.name, strong=True),
                Cell(role_name(words, person.role)),
                Cell(words("people", "has_pin"), "check", "redeemed")
                if person.pin_hash is not None
                else Cell(words("people", "no_pin"), "warning", "recorded"),
            ),
        )
        for person in people
    )


def role_name(words: Words, role: Role) -> str:
    """A role in words."""
    return text(f"{PEOPLE}.{words.language}", "roles", role.value)


def wrong_in_scanner(words: Words, changes: Mapping[str, object]) -> dict[str, str]:
    """A sentence for each field that can't be taken as it is."""
    try:
        ScannerSection.model_validate(changes)
    except ValidationError as error:
        fields = {str(found["loc"][0]) for found in error.errors(include_input=False, include_url=False)}
        return {field: words("wrong", field) for field in sorted(fields)}
    return {}


def wrong_in_person(words: Words, draft: Draft, people: Sequence[Staff]) -> dict[str, str]:
    """A sentence for each field of a person that can't be taken as it is."""
    wrong: dict[str, str] = {}
    others = [person for person in people if person.id != draft.id]
    name = draft.name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        wrong["name"] = words("wrong", "name")
    elif name in {person.name for person in others}:
        wrong["name"] = words("wrong", "same_name")
    managed = any(person.role is Role.MANAGER for person in others)
    if draft.role is not Role.MANAGER and not managed:
        wrong["role"] = words("wrong", "last_manager")
    if len(draft.pin) not in _PIN_LENGTHS or not (draft.pin.isascii() and draft.pin.isdecimal()):
        wrong["pin"] = words("wrong", "pin")
    elif draft.pin != draft.again:
        wrong["again"] = words("wrong", "again")
    return wrong


def next_id(role: Role, people: Sequence[Staff]) -> str:
    """A short id that nobody has: the role's letter and a number (`c3`)."""
    taken = {person.id for person in people}
    number = 1
    while f"{role.value[0]}{number}" in taken:
        number += 1
    return f"{role.value[0]}{number}"


def _budget_rows(words: Words, name: str, ours: Budget, usual: Budget) -> list[Row]:
    return [
        _row(words, f"{name} {figure}", words("limits", figure), getattr(ours, figure), getattr(usual, figure), figure)
        for figure in _FIGURES
        if getattr(ours, figure) is not None or getattr(usual, figure) is not None
    ]


def _row(words: Words, name: str, said: str, ours: int | None, usual: int | None, figure: str) -> Row:
    raised = usual is not None and (ours is None or ours > usual)
    lowered = ours is not None and (usual is None or ours < usual)
    mark = Cell()
    if raised:
        mark = Cell(words("limits", "raised"), "warning", "recorded")
    elif lowered:
        mark = Cell(words("limits", "lowered"), tone="quiet")
    now = Cell(_figure(words, ours, figure), strong=raised)
    return Row(name, (Cell(said), now, Cell(_figure(words, usual, figure), tone="quiet"), mark))


def _figure(words: Words, value: int | None, figure: str) -> str:
    if value is None:
        return words("limits", "unlimited")
    if figure.endswith("_fen"):
        return yuan(value)
    return words("limits", "in_hours" if figure == "hours" else "in_pieces", count=value)
