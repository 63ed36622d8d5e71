"""Who may sign in, as a list shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.domain.staff import Staff
from terminal.i18n import text

AREA = "people"


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person: id, name, and the role in words."""

    id: str
    name: str
    role: str


def people_views(people: Iterable[Staff], language: str, first: str | None = None) -> tuple[PersonView, ...]:
    """Everybody, the one with the id `first` at the top."""
    found = [
        PersonView(person.id, person.name, text(f"{AREA}.{language}", "roles", person.role.value)) for person in people
    ]
    return tuple(sorted(found, key=lambda person: person.id != first))
