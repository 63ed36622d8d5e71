"""The top line: the only place of status; each part opens its page."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.status import LineView, StatusView
from terminal.ui.shell.chip import Chip
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette


class TopLine(QWidget):
    """Place, lines, what is owed, the time and who is signed in. Emits the page behind what was pressed, and what was
    chosen from the person's menu: sign_out, language, theme, close."""

    opened = Signal(str)
    chosen = Signal(str)

    def __init__(self, words: Words, palette: Palette, place: str, person: str, *, closable: bool) -> None:
        super().__init__()
        self._words, self._palette = words, palette
        self._lines: dict[str, Chip] = {}
        self._seen: StatusView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._edge = QFrame(self)
        self._edge.setProperty("kind", "edge")
        self._alarm = QLabel(self._edge)
        self._alarm.setProperty("kind", "note")
        alarm = QHBoxLayout(self._edge)
        alarm.setContentsMargins(2 * tokens.SPACE, 2, 2 * tokens.SPACE, 2)
        alarm.addWidget(self._alarm)
        self._edge.hide()
        bar = QFrame(self)
        bar.setProperty("kind", "top")
        bar.setFixedHeight(7 * tokens.SPACE)
        row = QHBoxLayout(bar)
        row.setContentsMargins(2 * tokens.SPACE, 0, tokens.SPACE, 0)
        row.setSpacing(tokens.SPACE)
        self._where = QLabel(place, bar)
        self._where.setProperty("kind", "body")
        # A long name of a store gives way before anything that changes.
        self._where.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._where.setMinimumWidth(8 * tokens.SPACE)
        self._where.setMaximumWidth(self._where.sizeHint().width())
        row.addWidget(self._where, 1)
        row.addSpacing(tokens.SPACE)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(tokens.SPACE)
        self._online, self._down = self._chip("lines"), self._chip("lines")
        self._online.setIcon(icons.icon("line-up", palette.redeemed.ink, tokens.SMALL_ICON))
        self._down.setIcon(icons.icon("line-down", palette.recorded.ink, tokens.SMALL_ICON))
        mark(self._down, tone="recorded")
        self._chips.addWidget(self._online)
        self._chips.addWidget(self._down)
        row.addLayout(self._chips)
        row.addStretch()
        self._owed = self._chip("owed")
        row.addWidget(self._owed)
        self._time = QLabel(bar)
        self._time.setProperty("kind", "body")
        row.addSpacing(tokens.SPACE)
        row.addWidget(self._time)
        row.addWidget(self._person(person, closable))
        column.addWidget(self._edge)
        column.addWidget(bar)

    def show_status(self, view: StatusView) -> None:
        """Lines and debts; asked for every second, so nothing is touched that has not changed."""
        before, self._seen = self._seen, view
        if before is not None and before == view:
            return
        for line in view.lines:
            self._show_line(line, None if before is None else {old.platform: old for old in before.lines})
        if before is None or (before.owed, before.held, before.count) != (view.owed, view.held, view.count):
            self._show_owed(view)
        self._alarm.setText(view.alarm)
        self._edge.setVisible(view.offline)
        self._fit(view)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt calls it
        """A narrow screen gets the short words."""
        super().resizeEvent(event)
        if self._seen is not None:
            self._fit(self._seen)

    def _fit(self, view: StatusView) -> None:
        """Everything whole where there is room; never a word cut in the middle. Where there is little, the lines that
        stand are one part, and where that is not enough those that are down are another."""
        up = any(not line.offline for line in view.lines)
        self._online.setText(view.online)
        self._down.setText(view.down)
        for step in range(4):
            short, gathered, all_gathered = step > 0, step > 1, step > 2
            for line in view.lines:
                self._lines[line.platform].setText(line.short if short else line.said)
                self._lines[line.platform].setVisible(not (all_gathered if line.offline else gathered))
            self._online.setVisible(gathered and up)
            self._down.setVisible(all_gathered and view.offline)
            owed = view.owed_short if short else view.owed
            self._owed.setText(owed or self._words("top", "nothing_owed"))
            if self._room_wanted() <= self.width():
                return

    def _room_wanted(self) -> int:
        chips = [chip for chip in (self._online, self._down, *self._lines.values()) if not chip.isHidden()]
        parts = [self._where, *chips, self._owed, self._time, self._menu_button]
        return sum(part.sizeHint().width() for part in parts) + (len(parts) + 5) * tokens.SPACE

    def show_time(self, said: str) -> None:
        """The time of day in the store's zone."""
        wider = len(said) != len(self._time.text())
        self._time.setText(said)
        if wider and self._seen is not None:
            self._fit(self._seen)

    def _show_line(self, line: LineView, before: dict[str, LineView] | None) -> None:
        if line.platform not in self._lines:
            self._lines[line.platform] = self._chip("lines")
            self._chips.addWidget(self._lines[line.platform])
        chip = self._lines[line.platform]
        old = before.get(line.platform) if before else None
        if old is None or old.offline != line.offline:
            tone = self._palette.recorded.ink if line.offline else self._palette.redeemed.ink
            chip.setIcon(icons.icon("line-down" if line.offline else "line-up", tone, tokens.SMALL_ICON))
            mark(chip, tone="recorded" if line.offline else "")

    def _show_owed(self, view: StatusView) -> None:
        tone = "refused" if view.held else "recorded" if view.count else ""
        ink = {"refused": self._palette.refused.ink, "recorded": self._palette.recorded.ink}
        self._owed.setIcon(
            icons.icon("hourglass" if view.count else "check", ink.get(tone, self._palette.text_quiet), 20)
        )
        mark(self._owed, tone=tone)

    def _chip(self, page: str) -> Chip:
        chip = Chip(self)
        chip.clicked.connect(lambda: self.opened.emit(page))
        return chip

    def _person(self, person: str, closable: bool) -> Chip:
        button = Chip(self)
        button.setText(person)
        button.setToolTip(f"{person}  F10")
        button.setIcon(icons.icon("person", self._palette.text, tokens.SMALL_ICON))
        menu = QMenu(button)
        for name in ("sign_out", "language", "theme", *(("close",) if closable else ())):
            action = menu.addAction(self._words("top", name))
            action.triggered.connect(lambda _checked, name=name: self.chosen.emit(name))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu_button = button
        return button

    def open_menu(self) -> None:
        """The person's menu by keyboard."""
        self._menu_button.showMenu()
