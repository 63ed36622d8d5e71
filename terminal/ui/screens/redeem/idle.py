"""Nothing under way: scan, or type a code; the last three verdicts quietly below."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from sync.domain.money import yuan
from terminal.i18n import Words
from terminal.presenters.counter import Idle, Recent
from terminal.ui.screens.redeem.lights import TONES
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, label, under_each_other

LONGEST_TYPED = 64


class IdleFace(QWidget):
    """Emits a text that was `typed` and confirmed with Enter, and `permit_wanted`."""

    typed = Signal(str)
    permit_wanted = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._field = QLineEdit()
        self._field.setProperty("kind", "code")
        self._field.setMaxLength(LONGEST_TYPED)
        self._field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._field.setAccessibleName(words("idle", "field"))
        # A code is digits and Latin letters: an input method would only get in a scanner's way.
        self._field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._field.setFixedWidth(520)
        self._field.returnPressed.connect(self._enter)
        title = label(words("idle", "title"), "amount")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture = QLabel()
        picture.setPixmap(icons.pixmap("scan", palette.accent.ink, 96))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._camera = QLabel(self)
        self._camera.setFixedSize(240, 180)
        self._camera.setAccessibleName(words("idle", "camera"))
        self._camera.hide()
        self._recent = QFrame()
        self._rows = QGridLayout(self._recent)
        self._rows.setHorizontalSpacing(3 * tokens.SPACE)
        self._rows.setColumnStretch(2, 1)
        column = QVBoxLayout(self)
        column.setSpacing(3 * tokens.SPACE)
        column.addStretch(3)
        column.addWidget(picture)
        column.addWidget(title)
        # Qt hides a centred placeholder while the field has the focus, which here is always.
        hint = label(words("idle", "type"), "quiet")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._field, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addWidget(hint)
        self._permit = button(words("permit", "ask"), "plain", self.permit_wanted.emit)
        self._permit.hide()
        column.addWidget(self._permit, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch(4)
        column.addWidget(under_each_other(self._recent))
        self.setFocusProxy(self._field)

    def show_view(self, view: Idle) -> None:
        """The last verdicts; what is being typed stays."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for row, recent in enumerate(view.recent):
            self._show_recent(row, recent)

    def rest(self) -> None:
        """Out of view: what was typed belongs to that customer."""
        self._empty()

    def offer_permit(self, there: bool) -> None:
        """Whether the customer's phone may ask the platform in the till's stead."""
        self._permit.setVisible(there)

    def begin(self, text: str) -> None:
        """The first letter of a code was typed elsewhere."""
        self._field.setText(text)
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_camera(self, width: int, height: int, rgb: bytes) -> None:
        """The camera's newest small picture; a width of 0: no camera is on."""
        self._camera.setVisible(width > 0)
        if width > 0:
            picture = QImage(rgb, width, height, 3 * width, QImage.Format.Format_RGB888)
            size, mode = self._camera.size(), Qt.AspectRatioMode.KeepAspectRatio
            self._camera.setPixmap(
                QPixmap.fromImage(picture).scaled(size, mode, Qt.TransformationMode.SmoothTransformation)
            )
            self._camera.move(self.width() - self._camera.width(), 0)

    def _show_recent(self, row: int, recent: Recent) -> None:
        tone = TONES[recent.light]
        mark = QLabel()
        mark.setPixmap(icons.pixmap(tone.icon, tone.of(self._palette).ink, tokens.SMALL_ICON))
        amount = yuan(recent.amount_fen) if recent.amount_fen is not None else ""
        tail = f"…{recent.code_tail}" if recent.code_tail else ""
        self._rows.addWidget(mark, row, 0)
        for place, said in enumerate((recent.at, f"{recent.word}  {recent.title}", tail, amount), start=1):
            part = label(said, "quiet")
            if place == 4:
                part.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._rows.addWidget(part, row, place)

    def _enter(self) -> None:
        text = self._field.text().strip()
        if text:
            self._empty()
            self.typed.emit(text)

    def _empty(self) -> None:
        # Not clear(): that could be undone, and would bring one customer's code to the next.
        self._field.setText("")
