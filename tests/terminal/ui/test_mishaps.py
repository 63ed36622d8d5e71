"""Errors that nobody foresaw: one sheet for each kind, never over another dialog, and quiet when they come back."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from sync.domain.reasons import Code, Reason
from sync.errors import KnownError
from terminal.i18n import Words
from terminal.ui.shell import mishaps
from terminal.ui.shell.last_resort import LastResort
from terminal.ui.shell.mishaps import Mishaps
from terminal.ui.shell.sheet import Veil


class Still:
    """A clock that stands until it is moved."""

    now_ms = 0

    def monotonic_ms(self) -> int:
        return self.now_ms


class Place:
    """A window with a veil, and what was said in it."""

    def __init__(self) -> None:
        self.window, self.clock = QWidget(), Still()
        self.window.show()
        self.veil = Veil(self.window)
        self.said: list[tuple[str, str]] = []
        self.mishaps = Mishaps(
            self.veil,
            self.clock,  # type: ignore[arg-type]
            lambda: Words("window", "zh"),
            lambda error: error.reason.code.value,
            lambda said, kind: self.said.append((said, kind)),
        )

    @property
    def resort(self) -> LastResort | None:
        sheet = self.veil.sheet
        return sheet if isinstance(sheet, LastResort) else None

    def go_on(self) -> None:
        assert self.resort is not None
        self.resort.gone_on.emit()
        QCoreApplication.processEvents()


@pytest.fixture
def place(qapp: QApplication) -> Iterator[Place]:
    found = Place()
    yield found
    found.window.deleteLater()
    QCoreApplication.processEvents()


def error(kind: type[Exception] = ValueError) -> Exception:
    try:
        raise kind("iRNBho5p")
    except kind as caught:
        return caught


def test_the_same_error_again_is_one_sheet_until_it_is_read(place: Place) -> None:
    place.mishaps.hear(error())
    first = place.resort
    for _ in range(20):
        place.mishaps.hear(error())
    assert first is not None
    assert place.resort is first
    place.go_on()
    assert place.veil.sheet is None
    assert place.said == []


def test_what_comes_back_after_it_was_read_is_counted_quietly_and_seldom(place: Place) -> None:
    place.mishaps.hear(error())
    place.go_on()
    for _ in range(200):
        place.clock.now_ms += 500
        place.mishaps.hear(error())
    assert place.veil.sheet is None
    assert [kind for _, kind in place.said] == ["info", "info"]
    assert "共 2 次" in place.said[0][0]
    assert "共 122 次" in place.said[1][0]
    place.clock.now_ms += mishaps.READ_MS
    place.mishaps.hear(error())
    assert place.resort is not None


def test_an_open_dialog_stays_and_keeps_the_focus_and_the_error_follows_it(place: Place) -> None:
    dialog = QLineEdit()
    place.veil.open(dialog)
    place.mishaps.hear(error())
    place.mishaps.hear(error())
    QCoreApplication.processEvents()
    assert place.veil.sheet is dialog
    assert len(place.said) == 1
    place.veil.close_sheet()
    QCoreApplication.processEvents()
    assert place.resort is not None


def test_a_dialog_that_follows_another_at_once_comes_first(place: Place) -> None:
    place.veil.open(QLineEdit())
    place.mishaps.hear(error())
    place.veil.close_sheet()
    follower = QLineEdit()
    place.veil.open(follower)
    QCoreApplication.processEvents()
    assert place.veil.sheet is follower
    place.veil.close_sheet()
    QCoreApplication.processEvents()
    assert place.resort is not None


def test_two_kinds_are_read_one_after_the_other(place: Place) -> None:
    place.mishaps.hear(error())
    place.mishaps.hear(error(KeyError))
    first = place.resort
    place.go_on()
    assert place.resort not in (None, first)
    place.go_on()
    assert place.veil.sheet is None


def test_what_somebody_can_do_something_about_is_said_in_words(place: Place) -> None:
    for _ in range(3):
        place.mishaps.hear(KnownError(Reason(Code.LEDGER_IN_USE)))
    assert place.veil.sheet is None
    assert place.said == [("ledger_in_use", "bad")]
