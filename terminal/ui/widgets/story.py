"""A story as it is read: one beat under the other, each with its time, its icon and its small print."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from terminal.presenters.story import Beat
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import label

READING_WIDTH = 960


class StoryView(QWidget):
    """Shows beats; built anew whenever they change."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._beats: tuple[Beat, ...] | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * tokens.SPACE)
        self._grid.setVerticalSpacing(2 * tokens.SPACE)
        self._grid.setColumnStretch(2, 1)

    def show_beats(self, beats: Sequence[Beat]) -> None:
        """The whole story."""
        if self._beats == tuple(beats):
            return
        self._beats = tuple(beats)
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for row, beat in enumerate(beats):
            self._show_beat(row, beat)

    def _show_beat(self, row: int, beat: Beat) -> None:
        tone = self._palette.verdicts.get(beat.tone)
        picture = QLabel()
        ink = tone.ink if tone is not None else self._palette.text_quiet
        picture.setPixmap(icons.pixmap(beat.icon, ink, tokens.ICON))
        said = label(beat.said, "body", wrap=True)
        if tone is not None:
            mark(said, tone=beat.tone)
        text = QWidget()
        inside = QGridLayout(text)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setVerticalSpacing(2)
        inside.addWidget(said, 0, 0)
        if beat.note:
            inside.addWidget(label(beat.note, "note", wrap=True), 1, 0)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(picture, row, 0, top)
        self._grid.addWidget(label(beat.at, "quiet"), row, 1, top)
        self._grid.addWidget(text, row, 2)


def reading_column(inside: QWidget, most: int = READING_WIDTH) -> QWidget:
    """A widget in the middle of what room there is, no wider than eyes like to travel."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    inside.setMaximumWidth(most)
    row.addStretch(1)
    row.addWidget(inside, 1_000)
    row.addStretch(1)
    return made


class Scrolled(QScrollArea):
    """As tall as what it holds, and less where there is less room; what stands below it stays close."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setWidget(inside)
        inside.installEventFilter(self)

    def sizeHint(self) -> QSize:  # noqa: N802 Qt calls it
        """The whole."""
        inside, width = self._inside, self.viewport().width()
        tall = inside.heightForWidth(width) if inside.hasHeightForWidth() else inside.sizeHint().height()
        return QSize(inside.sizeHint().width(), tall)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 Qt calls it
        """A few lines."""
        return QSize(0, 2 * tokens.ROW_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 Qt calls it
        """Another width makes another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt calls it
        """So does another content."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def by(self, lines: int) -> None:
        """Scroll by so many lines."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + lines * tokens.ROW_HEIGHT)
