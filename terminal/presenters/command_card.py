"""The words on the printed command card: what a cashier does with the scanner alone."""

from enum import StrEnum


class Command(StrEnum):
    """One code of the card. Only letters that stand in the same place on every Latin keyboard layout."""

    CONFIRM = "HXDOIT"
    CANCEL = "HXSTOP"
    MORE = "HXPLUS"
    LESS = "HXLESS"
    UNDO = "HXUNDO"


def command_of(scanned: str) -> Command | None:
    """The command that a scanned text stands for, whatever the scanner made of its case."""
    try:
        return Command(scanned.strip().upper())
    except ValueError:
        return None
