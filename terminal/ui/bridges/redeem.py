"""The page at the counter: scans and keys to the Counter, its views to the screen, its verdicts to the ear."""

from PySide6.QtWidgets import QVBoxLayout

from hardware.scanning.layout import damage_of
from hardware.scanning.scan import Scan
from sync.domain.codes import MINIPROGRAM
from terminal.evidence import NoPicture, keep_picture
from terminal.presenters.command_card import Command, command_of
from terminal.presenters.counter import AREA, Told
from terminal.presenters.status import AREA as WINDOW
from terminal.presenters.waiting import waiting_line
from terminal.ui.bridges.counter import Counter, Kept
from terminal.ui.bridges.waiting import Shown
from terminal.ui.desk import Desk, Page
from terminal.ui.operation import DEVICE
from terminal.ui.screens.redeem.evidence import Draft
from terminal.ui.screens.redeem.lights import TONES
from terminal.ui.screens.redeem.screen import RedeemScreen


class RedeemPage(Page):
    """The cashier's main job."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._in_front = False
        self._counter = Counter(desk)
        self._screen = RedeemScreen(desk.words(AREA), desk.palette, desk.clock.monotonic_ms)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._screen)
        counter, screen = self._counter, self._screen
        counter.setParent(self)
        counter.view_changed.connect(screen.show_view)
        turns = counter.turns
        counter.beside_changed.connect(screen.show_asides)
        turns.waiting_changed.connect(self._show_waiting)
        counter.told.connect(self._sound)
        turns.same_again.connect(lambda: desk.frame.notice(desk.words(AREA)("waiting", "same")))
        turns.full.connect(lambda: desk.frame.notice(desk.words(AREA)("waiting", "full"), "bad"))
        counter.shift_needed.connect(self._open_shift)
        screen.undo_begun.connect(turns.hold)
        screen.undo_dropped.connect(turns.go_on)
        screen.typed.connect(counter.hear)
        screen.chosen.connect(counter.choose)
        screen.checked.connect(counter.check)
        screen.picked.connect(counter.pick)
        screen.read.connect(counter.dismiss)
        screen.permit_wanted.connect(counter.ask_phone)
        screen.confirmed.connect(counter.confirm)
        screen.units_wanted.connect(counter.set_units)
        screen.cancelled.connect(counter.cancel)
        screen.undone.connect(counter.undo)
        screen.photo_wanted.connect(self.take_photo)
        screen.setup_wanted.connect(lambda: desk.frame.go("devices", "scanner"))
        screen.show_view(counter.view)

    @property
    def counter(self) -> Counter:
        """The state behind the page."""
        return self._counter

    @property
    def face(self) -> RedeemScreen:
        """What people see and press."""
        return self._screen

    def entered(self, subject: object = None) -> None:
        """In front: the focus where work begins; `subject`: a text to look up."""
        self._in_front = True
        self._screen.offer.show_camera(self._desk.frame.devices().preview() is not None)
        self._offer_permit()
        self._screen.take_focus()
        if isinstance(subject, str):
            self._counter.hear(subject)

    def left(self) -> None:
        """Behind another page: the command card is for what is in view."""
        self._in_front = False

    def busy(self) -> bool:
        """A step is under way whose end must be told."""
        return self._counter.busy

    def changed(self) -> None:
        """Something was delivered: what was told on trust may be green by now."""
        self._offer_permit()
        self._counter.look_after()

    def scanned(self, scan: Scan) -> bool:
        """Every scan is for the counter."""
        command = command_of(scan.text)
        if command is not None:
            if self._in_front:
                self._obey(command)
        else:
            by_keys = not scan.source.startswith("camera")
            self._counter.hear(scan.text, damaged=by_keys and damage_of(scan.text) is not None)
        return True

    def kept(self) -> object | None:
        """What is in hand and what waits, with the evidence typed so far."""
        kept = self._counter.kept()
        return None if kept is None else (kept, self._screen.offer.draft())

    def take_up(self, kept: object) -> None:
        """Go on with it."""
        match kept:
            case (Kept() as what, Draft() as draft):
                self._counter.take_up(what)
                self._screen.offer.go_on(draft)

    def show_camera(self, width: int, height: int, rgb: bytes) -> None:
        """The camera's newest small picture."""
        self._screen.idle.show_camera(width, height, rgb)

    def _obey(self, command: Command) -> None:
        screen = self._screen
        match command:
            case Command.CONFIRM:
                screen.press_confirm()
            case Command.CANCEL:
                self._counter.cancel()
            case Command.MORE:
                screen.by(1)
            case Command.LESS:
                screen.by(-1)
            case Command.UNDO:
                screen.told.press_undo()

    def _show_waiting(self, waiting: tuple[Shown, ...]) -> None:
        words = self._desk.words(AREA)
        self._screen.show_waiting(waiting_line(words, [shown.text for shown in waiting]))

    def _offer_permit(self) -> None:
        """Only while the till itself can't ask the own platform."""
        store = self._desk.store
        connected = MINIPROGRAM in store.asking.platforms
        self._screen.idle.offer_permit(connected and store.lines.offline(MINIPROGRAM))

    def _sound(self, view: Told) -> None:
        self._desk.frame.devices().sound(TONES[view.light].sound)

    def _open_shift(self) -> None:
        """Only from here: whoever reads another page is not taken away from it."""
        self._desk.frame.notice(self._desk.words(WINDOW)("scan", "open_first"), "bad")
        if self._in_front:
            self._desk.frame.go("shift")

    def take_photo(self) -> None:
        """The camera's picture as evidence for the coupon in hand."""
        devices, data, subject = self._desk.frame.devices(), self._desk.data, self._counter.subject

        def kept() -> str | None:
            picture = devices.snapshot()
            try:
                return keep_picture(data, picture) if picture is not None else None
            except (NoPicture, OSError):
                return None

        self._desk.operations.start(self, kept, lambda name: self._photo_kept(subject, name), lane=DEVICE)

    def _photo_kept(self, subject: str, name: str | None) -> None:
        if not subject or subject != self._counter.subject:
            # Taken for a customer who is gone.
            return
        if name is not None:
            self._screen.offer.show_photo(name)
        else:
            self._desk.frame.notice(self._desk.words(AREA)("evidence", "no_photo"), "bad")


def build(desk: Desk) -> Page:
    """The page."""
    return RedeemPage(desk)
