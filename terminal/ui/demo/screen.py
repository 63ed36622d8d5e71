"""The window of the customers: their phones, the switch of the line, and both books at its foot."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from terminal.demo.customers import Phone
from terminal.demo.figures import Figures
from terminal.i18n import Words
from terminal.ui.demo.books import BooksCard
from terminal.ui.demo.phone import WIDTH, PhoneCard
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import SPACE
from terminal.ui.widgets.parts import button, label, side_by_side, under_each_other

AREA = "demo"
HEIGHT, MOST_ACROSS = 1040, 3
_EDGE, _NARROWEST = 16, 256


def width_of(across: int) -> int:
    """How wide the window is with so many phones beside each other."""
    return max(across * (WIDTH + SPACE // 2) + _EDGE, _NARROWEST)


class CustomersWindow(QWidget):
    """Emits `scanned` and `typed` with what a till reads, `line_wanted` True for up, `others_wanted`, `closing`."""

    scanned = Signal(str)
    typed = Signal(str)
    line_wanted = Signal(bool)
    others_wanted = Signal()
    closing = Signal()

    def __init__(self, words: Words, people: Sequence[tuple[str, str]], across: int = MOST_ACROSS) -> None:
        super().__init__()
        # A click gives the focus to the till, which must not hide the phones by it where the screen is small.
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self._across, self._wide = across, across == MOST_ACROSS
        self._words, self._people = words, people
        self._phones: tuple[Phone, ...] = ()
        self._states: Mapping[tuple[str, str], str] = {}
        self.figures = Figures()
        self._up, self._seen = True, False
        self.cards: list[PhoneCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.resize(width_of(across), HEIGHT)
        self._build()

    @property
    def standing(self) -> str:
        """How the two books stand, in words."""
        return self._books.standing

    def show_words(self, words: Words) -> None:
        """In another language."""
        self._words = words
        self._build()

    def show_phones(self, phones: tuple[Phone, ...]) -> None:
        """Who is here, with what."""
        self._phones = phones
        while len(self.cards) < len(phones):
            self._add_card()
        self._show_cards()

    def show_line(self, up: bool) -> None:
        """How the shop's line is now."""
        self._up = up
        words = self._words
        down = "line_down" if self._wide else "line_down_short"
        self._line.setText(words("window", "line_up" if up else down))
        mark(self._banner, banner="redeemed" if up else "recorded")
        self._switch.setText(words("window", "cut" if up else "mend"))
        mark(self._switch, kind="danger" if up else "primary")
        self._switch.setEnabled(True)
        self._others.setEnabled(True)

    def show_figures(self, found: Figures) -> None:
        """Both books as they stand."""
        self.figures, self._seen = found, True
        self._books.show_figures(found)
        if found.states != self._states:
            self._states = found.states
            self._show_cards()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 Qt calls it
        """The demo ends with either of its windows."""
        event.accept()
        self.closing.emit()

    def _build(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.deleteLater()
        self.cards = []
        self.setWindowTitle(f"{self._words('window', 'title')} · hexiao")
        self._books = BooksCard(self._words, self._wide)
        for part, stretch in ((self._head(), 0), (self._sheet(), 1), (self._books, 0)):
            self._column.addWidget(part, stretch)
        self.show_phones(self._phones)
        self.show_line(self._up)
        if self._seen:
            self.show_figures(self.figures)

    def _head(self) -> QWidget:
        words = self._words
        people = " · ".join(words("window", "person", name=name, pin=pin) for name, pin in self._people)
        self._line = label("", "heading", wrap=True)
        self._switch = button("", "danger", lambda: self._want_line(not self._up))
        self._others = button(words("window", "next"), "plain", self._want_others)
        self._banner = QFrame()
        way = QBoxLayout.Direction.LeftToRight if self._wide else QBoxLayout.Direction.TopToBottom
        row = QBoxLayout(way, self._banner)
        row.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        row.addWidget(self._line, 1)
        row.addWidget(self._switch)
        said = label(words("window", "people", people=people), "body" if self._wide else "note", wrap=True)
        parts = [said, self._others]
        if self._wide:
            # Where there is less room the window's own title has to do.
            title = side_by_side(label(words("window", "title"), "title"), 1, self._others)
            parts = [title, label(words("window", "hint"), "quiet", wrap=True), said]
        made = under_each_other(*parts, self._banner)
        inside = made.layout()
        assert inside is not None
        edge = 2 * SPACE if self._wide else SPACE
        inside.setContentsMargins(edge, edge, edge, SPACE)
        return made

    def _sheet(self) -> QWidget:
        sheet = QWidget()
        self._grid = QGridLayout(sheet)
        self._grid.setContentsMargins(SPACE // 2, SPACE, SPACE, SPACE)
        self._grid.setHorizontalSpacing(SPACE // 2)
        self._grid.setVerticalSpacing(SPACE)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(sheet)
        return area

    def _add_card(self) -> None:
        made = PhoneCard(self._words)
        made.scanned.connect(self.scanned)
        made.typed.connect(self.typed)
        place = len(self.cards)
        self._grid.addWidget(made, place // self._across, place % self._across)
        self.cards.append(made)

    def _show_cards(self) -> None:
        for made, phone in zip(self.cards, self._phones, strict=True):
            sold = phone.coupon
            made.show_phone(phone, self._states.get((sold.platform, sold.code), "") if sold is not None else "")

    def _want_line(self, up: bool) -> None:
        self._switch.setEnabled(False)
        self.line_wanted.emit(up)

    def _want_others(self) -> None:
        self._others.setEnabled(False)
        self.others_wanted.emit()
