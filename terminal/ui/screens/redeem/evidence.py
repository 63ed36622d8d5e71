"""What a cashier notes of a coupon that nothing else vouches for: amount, order number or photo, the phone."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from sync.domain.evidence import Witnesses
from terminal.i18n import Words
from terminal.ui.theme import tokens
from terminal.ui.theme.style import mark
from terminal.ui.widgets.parts import button, label, labelled

_AMOUNT, _LAST4 = r"[0-9]{0,6}([.][0-9]{0,2})?", r"[0-9]{4}"
_LONGEST_ORDER_NO = 64


@dataclass(frozen=True, slots=True)
class Draft:
    """What is typed so far; `photo`: the name under which one was kept; `place`: the field that has the focus."""

    amount: str = ""
    order: str = ""
    last4: str = ""
    photo: str | None = None
    place: int = 0


class EvidenceForm(QWidget):
    """Emits `photo_wanted`, and `finished` when Enter was pressed in the last field."""

    photo_wanted = Signal()
    finished = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._photo: str | None = None
        self._amount = _field(_AMOUNT)
        self._order = _field(r"[ -~]{0,64}")
        self._order.setMaxLength(_LONGEST_ORDER_NO)
        self._last4 = _field(_LAST4)
        self._last4.setMaxLength(4)
        self._take = button(words("evidence", "photo"), "plain", self.photo_wanted.emit)
        self._taken = label(words("evidence", "photo_kept"), "note")
        self._taken.hide()
        self._amount_part = labelled(words("evidence", "amount"), self._amount)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * tokens.SPACE)
        parts = (self._amount_part, labelled(words("evidence", "order"), self._order))
        for place, part in enumerate((*parts, labelled(words("evidence", "last4"), self._last4))):
            grid.addWidget(part, 0, place)
        grid.addWidget(self._take, 0, 3, alignment=Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self._taken, 1, 1, 1, 3)
        for field in (self._amount, self._order, self._last4):
            field.returnPressed.connect(self._onward)

    def ask(self, *, amount: bool) -> None:
        """Whether the amount is unknown and has to be typed."""
        self._amount_part.setVisible(amount)

    def begin(self) -> None:
        """The focus to the first field."""
        self._fields()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Nothing noted."""
        self._photo = None
        self._taken.hide()
        for field in (self._amount, self._order, self._last4):
            # Not clear(): that could be undone, and would bring one customer's digits to the next.
            field.setText("")
            mark(field, wrong="")

    def draft(self) -> Draft:
        """What is typed so far."""
        # Also while a menu has it for a moment.
        focused = self.window().focusWidget()
        place = next((place for place, field in enumerate(self._fields()) if field is focused), 0)
        return Draft(self._amount.text(), self._order.text(), self._last4.text(), self._photo, place)

    def go_on(self, draft: Draft) -> None:
        """With what was typed before."""
        for field, said in ((self._amount, draft.amount), (self._order, draft.order), (self._last4, draft.last4)):
            field.setText(said)
        if draft.photo is not None:
            self.show_photo(draft.photo)
        fields = self._fields()
        fields[min(draft.place, len(fields) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_camera(self, there: bool) -> None:
        """Without a camera the order number is the evidence."""
        self._take.setVisible(there)

    def show_photo(self, name: str) -> None:
        """A photo was kept."""
        self._photo = name
        self._taken.show()

    def noted(self) -> Witnesses | None:
        """The evidence, or None with the field that lacks something marked and in focus."""
        amount_fen = _fen(self._amount.text())
        lacking = [
            field
            for field, lacks in (
                (self._amount, not self._amount_part.isHidden() and not amount_fen),
                (self._order, not self._order.text().strip() and self._photo is None),
                (self._last4, len(self._last4.text()) != 4),
            )
            if lacks
        ]
        for field in (self._amount, self._order, self._last4):
            mark(field, wrong=field in lacking)
        if lacking:
            lacking[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        return Witnesses(amount_fen or None, self._photo, self._order.text().strip() or None, self._last4.text())

    def _fields(self) -> list[QLineEdit]:
        shown = [] if self._amount_part.isHidden() else [self._amount]
        return [*shown, self._order, self._last4]

    def _onward(self) -> None:
        fields = self._fields()
        focused = next((place for place, field in enumerate(fields) if field.hasFocus()), len(fields) - 1)
        if focused + 1 < len(fields):
            fields[focused + 1].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.finished.emit()


def _field(pattern: str) -> QLineEdit:
    made = QLineEdit()
    made.setValidator(QRegularExpressionValidator(QRegularExpression(pattern), made))
    made.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
    return made


def _fen(said: str) -> int:
    try:
        return int(Decimal(said or "0") * 100)
    except InvalidOperation:
        return 0
