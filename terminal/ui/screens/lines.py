"""The lines: a card for each platform, and what offline decisions rest on."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.lines import BasisLine, LineCard, TierView
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, card, label, side_by_side
from terminal.ui.widgets.story import Scrolled, reading_column

_WIDE, _ACROSS = 1_120, 3


class LinesScreen(QWidget):
    """Emits `probed` and `back`."""

    probed = Signal()
    back = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._words, self._palette = words, palette
        self._cards: dict[str, _LineFrame] = {}
        self._basis: tuple[BasisLine, ...] = ()
        self._probe = button(words("page", "probe"), "plain", self.probed.emit)
        self._probe.setIcon(icons.icon("refresh", palette.text, tokens.SMALL_ICON))
        self._platforms = QGridLayout()
        self._platforms.setSpacing(2 * tokens.SPACE)
        for place in range(_ACROSS):
            self._platforms.setColumnStretch(place, 1)
        self._rests = _Lines(palette, across=4)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addLayout(self._platforms)
        rests = label(words("basis", "title"), "heading")
        self._rest_card = card(rests, self._rests, inside=2 * tokens.SPACE, space=tokens.SPACE)
        self._rest_card.hide()
        column.addWidget(self._rest_card)
        self._area = Scrolled(reading_column(inside, _WIDE))
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(2 * tokens.SPACE)
        head = side_by_side(label(words("page", "title"), "title"), 1, self._probe)
        outside.addWidget(reading_column(head, _WIDE))
        outside.addWidget(self._area)
        outside.addStretch(1)
        self.setFocusProxy(self._probe)

    def show_cards(self, cards: Sequence[LineCard]) -> None:
        """Asked for every second: only what changed is touched."""
        for one in cards:
            if one.platform not in self._cards:
                row, place = divmod(len(self._cards), _ACROSS)
                self._cards[one.platform] = _LineFrame(self._palette)
                self._platforms.addWidget(self._cards[one.platform], row, place, Qt.AlignmentFlag.AlignTop)
            self._cards[one.platform].show_card(one)

    def show_basis(self, lines: Sequence[BasisLine]) -> None:
        """Lists, keys and the clock."""
        if self._basis != tuple(lines):
            self._basis = tuple(lines)
            self._rests.show_lines([(one.icon, one.tone, one.name, one.said) for one in lines])
            self._rest_card.show()

    def show_asking(self, *, asking: bool) -> None:
        """A question is under way."""
        self._probe.setText(self._words("page", "asking" if asking else "probe"))
        self._probe.setEnabled(not asking)
        if not asking and self.isVisible() and self.focusWidget() in (None, self._probe):
            self._probe.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """The arrows scroll; Esc goes back to work."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if event.key() in step:
            self._area.by(step[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Escape:
            self.back.emit()
        else:
            super().keyPressEvent(event)


class _LineFrame(QFrame):
    """One platform."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._palette = palette
        self._shown: LineCard | None = None
        self._picture, self._name = QLabel(), label("", "heading")
        self._said, self._heard = label("", "label", wrap=True), label("", "quiet", wrap=True)
        self._outage, self._heading = label("", "body", wrap=True), label("", "note")
        mark(self._outage, tone="recorded")
        self._tiers = _Lines(palette, across=1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * tokens.SPACE,) * 4)
        column.setSpacing(tokens.SPACE)
        column.addWidget(side_by_side(self._picture, self._name, 1, space=tokens.SPACE))
        for part in (self._said, self._heard, self._outage):
            column.addWidget(part)
        column.addSpacing(tokens.SPACE)
        column.addWidget(self._heading)
        column.addWidget(self._tiers)

    def show_card(self, one: LineCard) -> None:
        """As it is now."""
        before, self._shown = self._shown, one
        if before == one:
            return
        if before is None or before.offline != one.offline:
            tone = self._palette.recorded if one.offline else self._palette.redeemed
            self._picture.setPixmap(icons.pixmap("line-down" if one.offline else "line-up", tone.ink, tokens.ICON))
            mark(self._said, tone="recorded" if one.offline else "redeemed")
        for part, said in (
            (self._name, one.name),
            (self._said, one.said),
            (self._heard, one.heard),
            (self._outage, one.outage),
            (self._heading, one.heading if one.tiers else ""),
        ):
            if part.text() != said:
                part.setText(said)
            part.setVisible(bool(said))
        if before is None or before.tiers != one.tiers:
            self._tiers.show_lines([_line(tier) for tier in one.tiers])
        self.setAccessibleName(f"{one.name} {one.said} {one.heard}")


def _line(tier: TierView) -> tuple[str, str, str, str]:
    return tier.icon, tier.tone, tier.name, tier.said


class _Lines(QWidget):
    """Names with what is said of each, and an icon; `across`: how many beside each other."""

    def __init__(self, palette: Palette, across: int) -> None:
        super().__init__()
        self._palette, self._across = palette, across
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * tokens.SPACE)
        self._grid.setVerticalSpacing(tokens.SPACE)
        for place in range(across):
            self._grid.setColumnStretch(2 * place + 1, 1)

    def show_lines(self, lines: Sequence[tuple[str, str, str, str]]) -> None:
        """All of them anew."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for place, (icon, tone, name, said) in enumerate(lines):
            row, column = divmod(place, self._across)
            picture = QLabel()
            picture.setPixmap(icons.pixmap(icon, self._palette.verdicts[tone].ink, tokens.SMALL_ICON))
            told = QWidget()
            inside = QVBoxLayout(told)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(2)
            inside.addWidget(label(name, "body"))
            inside.addWidget(label(said, "note", wrap=True))
            self._grid.addWidget(picture, row, 2 * column, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(told, row, 2 * column + 1, Qt.AlignmentFlag.AlignTop)
