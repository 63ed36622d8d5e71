"""One difference as a case: what happened, the evidence beside it, and the buttons that end it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.difference import CaseView, Choice
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, card, label, side_by_side, under_each_other
from terminal.ui.widgets.story import Scrolled, StoryView, reading_column

PHOTO_WIDTH, PHOTO_HEIGHT = 280, 210
_WIDE = 1_120


class CaseFace(QWidget):
    """Emits `back`, `wanted` (the Choice that was pressed), `enlarged` for the photo."""

    back = Signal()
    wanted = Signal(object)
    enlarged = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._words, self._palette = words, palette
        self._view: CaseView | None = None
        self._buttons: list[QPushButton] = []
        self._title, self._amount = label("", "title", wrap=True), label("", "title")
        self._picture, self._left = QLabel(), label("", "heading")
        self._due, self._facts = label("", "quiet"), label("", "quiet", wrap=True)
        self._why = label("", "body", wrap=True)
        self._story = StoryView(palette)
        self._evidence = QFormLayout()
        self._evidence.setHorizontalSpacing(2 * tokens.SPACE)
        self._evidence.setVerticalSpacing(tokens.SPACE)
        self._evidence.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._photo, self._gone = QLabel(), label(words("evidence", "photo_gone"), "note")
        self._enlarge = button(words("buttons", "enlarge"), "quiet", self.enlarged.emit)
        self._choices = QHBoxLayout()
        self._choices.setSpacing(2 * tokens.SPACE)
        self._back = button(words("buttons", "back"), "quiet", self.back.emit)
        self._back.setIcon(icons.icon("chevron-left", palette.accent.ink, tokens.SMALL_ICON))
        self._area = Scrolled(reading_column(self._body(), _WIDE))
        ends = QWidget()
        ends.setLayout(self._choices)
        self._choices.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(reading_column(side_by_side(self._back, 1), _WIDE))
        column.addWidget(self._area)
        column.addWidget(reading_column(ends, _WIDE))
        column.addStretch(1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_view(self, view: CaseView) -> None:
        """One case, or the same one a little later."""
        before, self._view = self._view, view
        ink = self._palette.verdicts.get(view.deadline.tone)
        tone = view.deadline.tone if ink is not None else ""
        self._picture.setPixmap(
            icons.pixmap(view.deadline.icon, ink.ink if ink is not None else self._palette.text_quiet, tokens.ICON)
        )
        mark(self._left, tone=tone)
        for part, said in (
            (self._title, view.title),
            (self._amount, view.amount),
            (self._left, view.deadline.said),
            (self._due, view.due),
            (self._facts, view.facts),
            (self._why, view.why),
        ):
            part.setText(said)
        self._story.show_beats(view.beats)
        if before is None or before.evidence != view.evidence:
            self._show_evidence(view)
        if before is None or (before.number, before.choices) != (view.number, view.choices):
            self._show_choices(view.choices)
        self.setAccessibleName(f"{view.title} {view.amount} {view.deadline.said}")

    def show_photo(self, photo: QImage | None) -> None:
        """The picture that was taken as evidence; None: there is none, or its file is gone."""
        named = self._view is not None and bool(self._view.photo)
        there = photo is not None and not photo.isNull()
        self._photo.setVisible(there)
        self._enlarge.setVisible(there)
        self._gone.setVisible(named and not there)
        if photo is not None and there:
            mode = Qt.AspectRatioMode.KeepAspectRatio
            self._photo.setPixmap(
                QPixmap.fromImage(photo).scaled(
                    PHOTO_WIDTH, PHOTO_HEIGHT, mode, Qt.TransformationMode.SmoothTransformation
                )
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Esc goes back to the list; the arrows scroll, Enter goes to the first way of ending it."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        match event.key():
            case Qt.Key.Key_Escape:
                self.back.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._buttons:
                self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
            case key if key in step:
                self._area.by(step[Qt.Key(key)])
            case _:
                super().keyPressEvent(event)

    def _body(self) -> QWidget:
        head = side_by_side(self._title, self._amount)
        head.layout().setStretch(0, 1)  # type: ignore[union-attr]
        top = card(head, side_by_side(self._picture, self._left, self._due, 1, space=tokens.SPACE), self._facts)
        told = card(self._why, self._story)
        facts = QWidget()
        facts.setLayout(self._evidence)
        self._evidence.setContentsMargins(0, 0, 0, 0)
        photo = under_each_other(self._photo, self._gone, self._enlarge)
        beside = card(label(self._words("evidence", "title"), "heading"), facts, photo)
        row = QHBoxLayout()
        row.setSpacing(2 * tokens.SPACE)
        row.addWidget(told, 3, Qt.AlignmentFlag.AlignTop)
        row.addWidget(beside, 2, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(top)
        column.addLayout(row)
        made = QWidget()
        made.setLayout(column)
        return made

    def _show_evidence(self, view: CaseView) -> None:
        while self._evidence.rowCount():
            self._evidence.removeRow(0)
        for name, value in view.evidence:
            said = label(value, "body", wrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._evidence.addRow(label(name, "quiet"), said)

    def _show_choices(self, choices: tuple[Choice, ...]) -> None:
        while self._choices.count():
            item = self._choices.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self._buttons = []
        for choice in choices:
            made = button(choice.name, "plain")
            made.clicked.connect(lambda _checked, choice=choice: self.wanted.emit(choice))
            self._choices.addWidget(made)
            self._buttons.append(made)
        self._choices.addStretch(1)
