"""A coupon before it is redeemed: contents, terms, the line to read out, how many; and what it still needs."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from sync.domain.evidence import Witnesses
from sync.domain.money import yuan
from terminal.i18n import Words
from terminal.presenters.counter import Need, Offer
from terminal.ui.screens.redeem.banner import Banner
from terminal.ui.screens.redeem.details import Details
from terminal.ui.screens.redeem.evidence import Draft, EvidenceForm
from terminal.ui.screens.redeem.reading import Reading
from terminal.ui.theme import tokens
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.fit_label import FitLabel
from terminal.ui.widgets.parts import button, label, side_by_side
from terminal.ui.widgets.story import reading_column

WIDEST = 1_120


class OfferFace(QWidget):
    """Emits `confirmed` with the evidence that was noted and the Offer it was noted for, `units_wanted`, `cancelled`,
    `photo_wanted`, `permit_wanted`. A yes counts once the offer has been painted and could have been read."""

    confirmed = Signal(object, object)
    units_wanted = Signal(int)
    cancelled = Signal()
    photo_wanted = Signal()
    permit_wanted = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._words, self._palette = words, palette
        self._view: Offer | None = None
        self._reading = Reading()
        self._platform = label("", "note")
        self._title = FitLabel(tokens.AMOUNT)
        self._amount = label("", "amount")
        self._uses = label("", "label")
        self._until = label("", "label")
        self._details = Details(words)
        self._script = label("", "heading", wrap=True)
        self._banner = Banner()
        self._evidence = EvidenceForm(words)
        self._evidence.photo_wanted.connect(self.photo_wanted)
        self._evidence.finished.connect(self.press_confirm)
        self._less = button("−", "plain", lambda: self._by(-1))
        self._count = label("", "title")
        self._add = button("+", "plain", lambda: self._by(1))
        self._permit = button(words("permit", "ask"), "plain", self.permit_wanted.emit)
        self._confirm = button("", "primary", self.press_confirm)
        self._cancel = button(words("offer", "cancel"), "quiet", self.cancelled.emit)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_view(self, view: Offer) -> None:
        """One offer; of the same coupon again only what changed."""
        before, self._view = self._view, view
        same = before is not None and before.title == view.title and before.code_tail == view.code_tail
        if not same:
            self._evidence.clear()
            self._reading.renew()
        tail = f"…{view.code_tail}" if view.code_tail else ""
        self._platform.setText("   ".join(filter(None, (view.platform, tail))))
        self._title.setText(view.title)
        self._amount.setText(yuan(view.amount_fen) if view.amount_fen is not None else "")
        for part, said in (
            (self._uses, view.uses),
            (self._until, view.until),
            (self._script, view.script and self._words("offer", "script", said=view.script)),
        ):
            part.setText(said)
            part.setVisible(bool(said))
        self._details.show_package(view.contents, view.terms)
        self._show_banner(view)
        self._evidence.setVisible(view.need is Need.EVIDENCE)
        self._evidence.ask(amount=view.asks_amount)
        self._count.setText(self._words("offer", "count", count=view.units))
        self._permit.setVisible(view.permit)
        several = view.units_most > 1
        self._less.setVisible(several)
        self._count.setVisible(several)
        self._add.setVisible(several)
        asked = "trust" if view.trust and view.need is Need.NOTHING else view.need.value
        self._confirm.setText(self._words("offer", f"confirm_{asked}", count=view.units))
        if view.need is Need.EVIDENCE and not (same and before is not None and before.need is view.need):
            self._evidence.begin()
        elif view.need is not Need.EVIDENCE and not (same and before is not None and before.need is view.need):
            self._confirm.setFocus(Qt.FocusReason.OtherFocusReason)

    def rest(self) -> None:
        """Out of view: what was noted belongs to that coupon alone."""
        self._view = None
        self._evidence.clear()

    def show_photo(self, name: str) -> None:
        """The photo was kept under this name."""
        self._evidence.show_photo(name)

    def draft(self) -> Draft:
        """The evidence typed so far."""
        return self._evidence.draft()

    def go_on(self, draft: Draft) -> None:
        """With the evidence of the same coupon, typed before the window changed its looks."""
        if self._view is not None and self._view.need is Need.EVIDENCE:
            self._evidence.go_on(draft)

    def show_camera(self, there: bool) -> None:
        """Whether a photo can be taken."""
        self._evidence.show_camera(there)

    def press_confirm(self) -> None:
        """Yes, if what is needed is there."""
        view = self._view
        if view is None or not self._reading.done:
            return
        noted = self._evidence.noted() if view.need is Need.EVIDENCE else Witnesses()
        if noted is not None:
            self.confirmed.emit(noted, view)

    def by(self, step: int) -> None:
        """More or fewer, by the command card."""
        self._by(step)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Enter confirms, Esc cancels, + − and the arrows and digits say how many."""
        if event.isAutoRepeat() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        match Qt.Key(event.key()):
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.press_confirm()
            case Qt.Key.Key_Escape:
                self.cancelled.emit()
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal | Qt.Key.Key_Up | Qt.Key.Key_Right:
                self._by(1)
            case Qt.Key.Key_Minus | Qt.Key.Key_Down | Qt.Key.Key_Left:
                self._by(-1)
            case Qt.Key.Key_PageDown:
                self._details.by_page(1)
            case Qt.Key.Key_PageUp:
                self._details.by_page(-1)
            case _ if event.text().isdecimal() and event.text() != "0":
                self.units_wanted.emit(int(event.text()))
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 Qt calls it
        """From the first painting on it can be read."""
        super().paintEvent(event)
        if self._view is not None:
            self._reading.painted()

    def _by(self, step: int) -> None:
        if self._view is not None:
            self.units_wanted.emit(self._view.units + step)

    def _show_banner(self, view: Offer) -> None:
        tone = "manager" if view.need is Need.MANAGER else "recorded"
        if view.why is not None:
            self._banner.say(tone, view.why.what, f"{view.why.why}  → {view.why.next}")
        else:
            self._banner.say(tone, view.trust, self._words("trust", "keeps_asking"))

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("kind", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(4 * tokens.SPACE, 3 * tokens.SPACE, 4 * tokens.SPACE, 3 * tokens.SPACE)
        inside.setSpacing(2 * tokens.SPACE)
        head = side_by_side(self._title, self._amount, space=3 * tokens.SPACE)
        head.layout().setStretch(0, 1)  # type: ignore[union-attr]
        for part in (
            self._platform,
            head,
            side_by_side(self._uses, self._until, 1, space=4 * tokens.SPACE),
            self._details,
            self._script,
            self._banner,
            self._evidence,
        ):
            inside.addWidget(part)
        foot = QHBoxLayout()
        foot.setSpacing(2 * tokens.SPACE)
        for part in (self._less, self._count, self._add):
            foot.addWidget(part)
        foot.addStretch()
        foot.addWidget(self._cancel)
        foot.addWidget(self._permit)
        foot.addWidget(self._confirm)
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addStretch(1)
        column.addWidget(card)
        column.addLayout(foot)
        column.addStretch(2)
        whole = QVBoxLayout(self)
        whole.addWidget(reading_column(both, WIDEST))
