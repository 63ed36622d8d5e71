"""Several coupons at once: which of them and how many, beside what is in the one that is looked at."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from sync.domain.evidence import Witnesses
from sync.domain.money import yuan
from terminal.i18n import Words
from terminal.presenters.basket import one_less, one_more
from terminal.presenters.counter import Basket, Need
from terminal.ui.screens.redeem.banner import Banner
from terminal.ui.screens.redeem.coupons import CouponList, CouponRow
from terminal.ui.screens.redeem.details import Details, bare
from terminal.ui.screens.redeem.reading import Reading
from terminal.ui.theme import tokens
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.fit_label import FitLabel
from terminal.ui.widgets.parts import button, label, side_by_side
from terminal.ui.widgets.story import reading_column

# Two columns, each of which is read by itself.
WIDEST = 1_280
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -(10**6), Qt.Key.Key_End: 10**6}


class BasketFace(QWidget):
    """Emits `picked` with a coupon's ref and its units, `units_wanted` with a number in all, `confirmed` with Witnesses
    and the Basket that was meant, `cancelled`."""

    picked = Signal(str, int)
    units_wanted = Signal(int)
    confirmed = Signal(object, object)
    cancelled = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._words = words
        self._view: Basket | None = None
        self._place = 0
        self._reading = Reading()
        self._head = label("", "heading", wrap=True)
        self._list = CouponList(words, palette)
        self._list.toggled.connect(self._toggle_at)
        self._list.stepped.connect(self._step_at)
        self._title = FitLabel(tokens.TITLE)
        self._details = Details(words, beside=False)
        self._script = label("", "heading", wrap=True)
        self._banner = Banner()
        self._count = label("", "heading")
        self._amount = label("", "title")
        self._untold = label(words("basket", "untold"), "quiet", wrap=True)
        self._confirm = button("", "primary", self.press_confirm)
        self._cancel = button(words("offer", "cancel"), "quiet", self.cancelled.emit)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_view(self, view: Basket) -> None:
        """The coupons, with those picked; of the same ones again only what changed."""
        before, self._view = self._view, view
        if before is None or [line.ref for line in before.lines] != [line.ref for line in view.lines]:
            self._reading.renew()
            self._place = next((place for place, line in enumerate(view.lines) if line.units), 0)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._head.setText("   ".join((view.platform, view.head)))
        self._list.show_lines(view.lines, self._place)
        self._show_current(view)
        if view.why is not None:
            tone = "manager" if view.need is Need.MANAGER else "refused"
            self._banner.say(tone, view.why.what, f"{view.why.why}  → {view.why.next}")
        self._banner.setVisible(view.why is not None)
        said = self._words("basket", "picked", count=view.units) if view.units else self._words("basket", "none")
        self._count.setText(said)
        self._amount.setText(yuan(view.amount_fen) if view.units else "")
        asked = "manager" if view.need is Need.MANAGER else "nothing" if view.units else "none"
        amount = yuan(view.amount_fen)
        self._confirm.setText(self._words("basket", f"confirm_{asked}", count=view.units, amount=amount))
        self._confirm.setEnabled(view.units > 0)

    def rows(self) -> tuple[CouponRow, ...]:
        """The coupons as they are listed."""
        return self._list.rows

    def rest(self) -> None:
        """Out of view."""
        self._view = None

    def press_confirm(self) -> None:
        """Yes to what is picked."""
        view = self._view
        if view is not None and view.units and self._reading.done:
            self.confirmed.emit(Witnesses(), view)

    def by(self, step: int) -> None:
        """One more or one fewer, by a key or the command card."""
        view = self._view
        if view is None:
            return
        found = one_more(view, self._place) if step > 0 else one_less(view, self._place)
        if found is not None:
            self._place, units = found
            self.picked.emit(view.lines[self._place].ref, units)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """The arrows move, Space picks, + − and the digits say how many, Enter confirms, Esc cancels."""
        key, text = Qt.Key(event.key()), event.text()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.press_confirm()
        elif key == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif key in _MOVES:
            self._move(_MOVES[key])
        elif key == Qt.Key.Key_Space:
            self._toggle()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Right):
            self.by(1)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Left):
            self.by(-1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._details.by_page(1 if key == Qt.Key.Key_PageDown else -1)
        elif text.isdecimal() and text != "0":
            self.units_wanted.emit(int(text))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """From the first painting on it can be read."""
        super().paintEvent(event)
        if self._view is not None:
            self._reading.painted()

    def _move(self, steps: int) -> None:
        if self._view is not None:
            self._place = max(0, min(self._place + steps, len(self._view.lines) - 1))
            self._list.show_lines(self._view.lines, self._place)
            self._show_current(self._view)

    def _toggle(self) -> None:
        if self._view is not None:
            line = self._view.lines[self._place]
            self.picked.emit(line.ref, 0 if line.units else 1)

    def _toggle_at(self, place: int) -> None:
        self._place = place
        self._toggle()

    def _step_at(self, place: int, step: int) -> None:
        self._place = place
        if self._view is not None:
            line = self._view.lines[place]
            self.picked.emit(line.ref, max(0, min(line.units + step, line.left)))

    def _show_current(self, view: Basket) -> None:
        line = view.lines[self._place]
        self._title.setText(line.title)
        self._details.show_package(line.contents, line.terms)
        self._untold.setVisible(not line.contents and not line.terms)
        self._script.setText(self._words("offer", "script", said=line.script) if line.script else "")
        self._script.setVisible(bool(line.script))

    def _lay_out(self) -> None:
        bare(self._list)
        left, picks = _card()
        rule = QFrame()
        rule.setProperty("kind", "rule")
        sum_ = side_by_side(self._count, 1, self._amount)
        # Under the prices, whose rows have a margin of their own.
        sum_.setContentsMargins(tokens.SPACE, 0, 2 * tokens.SPACE, 0)
        picks.addWidget(self._head)
        picks.addWidget(self._list, 1)
        picks.addWidget(rule)
        picks.addWidget(sum_)
        right, package = _card()
        package.addWidget(self._title)
        package.addWidget(self._untold)
        package.addWidget(self._details)
        package.addStretch(1)
        package.addWidget(self._script)
        cards = QHBoxLayout()
        cards.setSpacing(2 * tokens.SPACE)
        cards.addWidget(left, 3)
        cards.addWidget(right, 2)
        foot = QHBoxLayout()
        foot.setSpacing(2 * tokens.SPACE)
        foot.addWidget(label(self._words("basket", "keys"), "note"), 1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._confirm)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addLayout(cards, 1)
        column.addWidget(self._banner)
        column.addLayout(foot)
        whole = QVBoxLayout(self)
        whole.addWidget(reading_column(inside, WIDEST))


def _card() -> tuple[QFrame, QVBoxLayout]:
    made = QFrame()
    made.setProperty("kind", "card")
    inside = QVBoxLayout(made)
    inside.setContentsMargins(*(3 * tokens.SPACE,) * 4)
    inside.setSpacing(2 * tokens.SPACE)
    return made, inside
