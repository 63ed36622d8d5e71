"""The blind count: empty fields, numbers only, Enter from one to the next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout

from terminal.i18n import Words
from terminal.presenters.shift import CountingView, fen_of
from terminal.ui.screens.shift.face import Face
from terminal.ui.screens.shift.number_field import PIECES, NumberField
from terminal.ui.theme import tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, label


class CountingFace(Face):
    """Emits `counted` with the cash in fen and the slips by platform's id; `back`."""

    counted = Signal(int, object)
    back = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__(palette)
        self._words = words
        self._platforms: tuple[str, ...] = ()
        self._fields: list[NumberField] = []
        self._said = label("", "body", wrap=True)
        self._submit = button(words("counting", "submit"), "primary", self.submit)
        self.foot.addWidget(button(words("counting", "back"), "quiet", self.back.emit))
        self.foot.addStretch()
        self.foot.addWidget(self._submit)

    def show_view(self, view: CountingView) -> None:
        """A new count, with nothing filled in."""
        self.clear()
        self._platforms = tuple(name for name, _ in view.platforms)
        names = (self._words("counting", "cash"), *(said for _, said in view.platforms))
        self._fields = [NumberField(names[0]), *(NumberField(name, PIECES) for name in names[1:])]
        form = QFrame()
        form.setProperty("kind", "card")
        grid = QGridLayout(form)
        grid.setContentsMargins(*(4 * tokens.SPACE,) * 4)
        grid.setVerticalSpacing(2 * tokens.SPACE)
        grid.setColumnStretch(0, 1)
        for number, (name, field) in enumerate(zip(names, self._fields, strict=True)):
            said = label(name, "label")
            said.setBuddy(field)
            grid.addWidget(said, number, 0)
            grid.addWidget(field, number, 1)
            field.returnPressed.connect(lambda number=number: self._onward(number))
            field.textEdited.connect(lambda _said, field=field: mark(field, wrong=""))
        self._said = label(self._words("counting", "hint"), "quiet", wrap=True)
        self.body.addWidget(label(self._words("title", "counting"), "title"))
        self.body.addWidget(self._said)
        self.body.addWidget(form)
        if view.again:
            self.body.addWidget(self.banner("recorded", view.again))
        self.body.addStretch()
        self.setFocusProxy(self._fields[0])

    @property
    def fields(self) -> tuple[NumberField, ...]:
        """The cash, then the slips of each platform."""
        return tuple(self._fields)

    @property
    def texts(self) -> tuple[str, ...]:
        """What was typed so far."""
        return tuple(field.text() for field in self._fields)

    def fill(self, texts: tuple[str, ...]) -> None:
        """What was typed before the page was built again."""
        for field, said in zip(self._fields, texts, strict=False):
            field.setText(said)

    def submit(self) -> None:
        """The count, unless some field has no number: that one is marked and in focus."""
        found = [fen_of(self._fields[0].text())]
        found += [int(field.text()) if field.text() else None for field in self._fields[1:]]
        lacking = [field for field, value in zip(self._fields, found, strict=True) if value is None]
        for field in self._fields:
            mark(field, wrong=field in lacking or "")
        if lacking:
            self._said.setText(self._words("counting", "missing"))
            mark(self._said, tone="refused")
            lacking[0].setFocus()
            return
        self.counted.emit(found[0], dict(zip(self._platforms, found[1:], strict=True)))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Up and Down go from field to field, Esc goes back."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        at = next((place for place, field in enumerate(self._fields) if field.hasFocus()), None)
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
        elif step is not None and at is not None:
            self._fields[(at + step) % len(self._fields)].setFocus()
        else:
            super().keyPressEvent(event)

    def _onward(self, number: int) -> None:
        if number + 1 < len(self._fields):
            self._fields[number + 1].setFocus()
        else:
            self.submit()
