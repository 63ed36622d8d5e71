"""The words on the printed command card: what a cashier does with the scanner alone."""

from dataclasses import dataclass
from enum import StrEnum

from terminal.i18n import Words


class Command(StrEnum):
    """One code of the card. Only letters that stand in the same place on every Latin keyboard layout."""

    CONFIRM = "HXDOIT"
    CANCEL = "HXSTOP"
    MORE = "HXPLUS"
    LESS = "HXLESS"
    UNDO = "HXUNDO"


@dataclass(frozen=True, slots=True)
class CommandView:
    """One code as the card shows it: the text in the code, its name, and what it does."""

    code: str
    name: str
    does: str


def command_of(scanned: str) -> Command | None:
    """The command that a scanned text stands for, whatever the scanner made of its case."""
    try:
        return Command(scanned.strip().upper())
    except ValueError:
        return None


def card_view(words: Words) -> tuple[CommandView, ...]:
    """The whole card, in the order in which a hand needs it; `words` of the devices."""
    return tuple(
        CommandView(
            command.value, words("commands", command.name.lower()), words("commands", f"{command.name.lower()}_does")
        )
        for command in Command
    )
