"""The page at the counter: scans and keys to the Counter, its views to the screen, its verdicts to the ear."""

from PySide6.QtWidgets import QVBoxLayout

from hardware.scanning.layout import damage_of
from hardware.scanning.scan import Scan
from terminal.evidence import keep_picture
from terminal.presenters.command_card import Command, command_of
from terminal.presenters.counter import AREA, Told
from terminal.ui.bridges.counter import Counter
from terminal.ui.desk import Desk, Page
from terminal.ui.operation import DEVICE
from terminal.ui.screens.redeem.lights import TONES
from terminal.ui.screens.redeem.screen import RedeemScreen


class RedeemPage(Page):
    """The cashier's main job."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._counter = Counter(desk)
        self._screen = RedeemScreen(desk.words(AREA), desk.palette, desk.clock.wall_ms)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._screen)
        counter, screen = self._counter, self._screen
        counter.setParent(self)
        counter.view_changed.connect(screen.show_view)
        counter.waiting_changed.connect(screen.show_waiting)
        counter.told.connect(self._sound)
        counter.same_again.connect(lambda: desk.frame.notice(desk.words(AREA)("waiting", "same")))
        counter.shift_needed.connect(lambda: desk.frame.go("shift"))
        screen.typed.connect(counter.hear)
        screen.confirmed.connect(counter.confirm)
        screen.units_wanted.connect(counter.set_units)
        screen.cancelled.connect(counter.cancel)
        screen.undone.connect(counter.undo)
        screen.photo_wanted.connect(self._take_photo)
        screen.setup_wanted.connect(lambda: desk.frame.go("devices", "scanner"))
        screen.show_view(counter.view)

    @property
    def counter(self) -> Counter:
        """The state behind the page."""
        return self._counter

    def entered(self, subject: object = None) -> None:
        """In front: the focus where work begins; `subject`: a text to look up."""
        self._screen.offer.show_camera(self._desk.frame.devices().preview() is not None)
        self._screen.take_focus()
        if isinstance(subject, str):
            self._counter.hear(subject)

    def changed(self) -> None:
        """Something was delivered: what was told on trust may be green by now."""
        self._counter.look_after()

    def scanned(self, scan: Scan) -> bool:
        """Every scan is for the counter."""
        command = command_of(scan.text)
        if command is not None:
            self._obey(command)
        else:
            by_keys = not scan.source.startswith("camera")
            self._counter.hear(scan.text, damaged=by_keys and damage_of(scan.text) is not None)
        return True

    def kept(self) -> object | None:
        """The code in hand and those that wait, to be looked up again in another language."""
        return self._counter.unfinished()

    def take_up(self, kept: object) -> None:
        """Go on with them."""
        if isinstance(kept, tuple):
            for text in kept:
                self._counter.hear(text)

    def show_camera(self, width: int, height: int, rgb: bytes) -> None:
        """The camera's newest small picture."""
        self._screen.idle.show_camera(width, height, rgb)

    def _obey(self, command: Command) -> None:
        screen = self._screen
        match command:
            case Command.CONFIRM:
                screen.offer.press_confirm()
            case Command.CANCEL:
                self._counter.cancel()
            case Command.MORE:
                screen.offer.by(1)
            case Command.LESS:
                screen.offer.by(-1)
            case Command.UNDO:
                screen.told.press_undo()

    def _sound(self, view: Told) -> None:
        self._desk.frame.devices().sound(TONES[view.light].sound)

    def _take_photo(self) -> None:
        devices, data = self._desk.frame.devices(), self._desk.data

        def kept() -> str | None:
            picture = devices.snapshot()
            return keep_picture(data, picture) if picture is not None else None

        self._desk.operations.start(self, kept, self._photo_kept, lane=DEVICE)

    def _photo_kept(self, name: str | None) -> None:
        if name is not None:
            self._screen.offer.show_photo(name)
        else:
            self._desk.frame.notice(self._desk.words(AREA)("evidence", "no_photo"), "bad")


def build(desk: Desk) -> Page:
    """The page."""
    return RedeemPage(desk)
