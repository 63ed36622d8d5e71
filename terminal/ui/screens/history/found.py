"""The search and what it found."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.history import Sought, columns
from terminal.presenters.table import Empty, Row
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, label, side_by_side
from terminal.ui.widgets.table import Table

LONGEST_QUERY = 100
# After the last key of a word; a search for every letter would only flicker.
PAUSE_MS = 250


class FoundFace(QWidget):
    """Emits `typed` (text), `cleared`, `opened` (a row's id), `more_wanted`."""

    typed = Signal(str)
    cleared = Signal()
    opened = Signal(object)
    more_wanted = Signal()

    def __init__(self, words: Words, palette: Palette, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._hidden = False
        self._into_list = False
        self.field = QLineEdit()
        self.field.setMaxLength(LONGEST_QUERY)
        self.field.setPlaceholderText(words("search", "hint"))
        self.field.setAccessibleName(words("search", "name"))
        picture = label()
        picture.setPixmap(icons.pixmap("search", palette.text_quiet, tokens.ICON))
        self._coupon = button("", "plain", self.clear)
        self._coupon.setIcon(icons.icon("close", palette.text_quiet, tokens.SMALL_ICON))
        self._coupon.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._coupon.setToolTip(words("search", "clear"))
        self._coupon.hide()
        self.table = Table(columns(words), palette, now_ms, tap_opens=True, name=words("search", "name"))
        search = side_by_side(picture, self._coupon, self.field)
        search.layout().setStretch(2, 1)  # type: ignore[union-attr]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(search)
        column.addWidget(self.table, 1)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._search)
        self.field.textEdited.connect(lambda _text: self._pause.start())
        self.field.returnPressed.connect(self._enter)
        self.table.opened.connect(self.opened)
        self.table.more_wanted.connect(self.more_wanted)
        self.setFocusProxy(self.field)

    def show_sought(self, sought: Sought) -> None:
        """What is searched for; a whole coupon is named by its end and stands beside the field."""
        self._hidden = bool(sought.said)
        self._coupon.setText(sought.said)
        self._coupon.setVisible(self._hidden)
        if self._hidden:
            self._pause.stop()
            self.field.clear()
        elif self.field.text().strip() != sought.query:
            self.field.setText(sought.query)

    def show_rows(self, rows: Sequence[Row], empty: Empty) -> None:
        """The first lines found."""
        self.table.show_empty(empty)
        self.table.show_rows(rows)
        if self._into_list and rows:
            self.table.choose_first()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._into_list = False

    def clear(self) -> None:
        """Everything again."""
        self._pause.stop()
        self.field.clear()
        self.cleared.emit()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Down into the list, Up out of it; letters are always the search's; Esc clears it."""
        match event.key():
            case Qt.Key.Key_Down if self.table.rows:
                self.table.choose_first()
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            case Qt.Key.Key_Up:
                self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            case Qt.Key.Key_Escape if self._hidden or self.field.text():
                self.clear()
            case _ if event.text().isprintable() and event.text().strip():
                self.field.setFocus(Qt.FocusReason.OtherFocusReason)
                self.field.insert(event.text())
                self._pause.start()
            case _:
                super().keyPressEvent(event)

    def _enter(self) -> None:
        """What was typed is complete: on to what it finds."""
        self._into_list = True
        self._search()

    def _search(self) -> None:
        self._pause.stop()
        text = self.field.text()
        if text.strip() or not self._hidden:
            self.typed.emit(text)
        elif self._into_list and self.table.rows:
            self._into_list = False
            self.table.choose_first()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
