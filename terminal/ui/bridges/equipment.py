"""The page of the devices: what is plugged in and how it is, the scanner's set-up, and the card of commands."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from hardware.scanning.camera import Preview
from hardware.scanning.scan import Scan
from hardware.speaker import State
from sync.domain.staff import Role
from sync.errors import KnownError
from terminal.presenters import devices as views
from terminal.presenters import set_up
from terminal.presenters.command_card import card_view
from terminal.presenters.devices import AREA, Found, LastScan
from terminal.settings import FILE_NAME, Settings, amend, with_section
from terminal.ui.bridges.devices import PREVIEW_EVERY_MS, DeviceDesk, rgb_of
from terminal.ui.desk import Desk, Page
from terminal.ui.screens.devices.card import CardScreen, pdf_of
from terminal.ui.screens.devices.overview import Overview
from terminal.ui.screens.devices.set_up import SetUpScreen
from terminal.wording import word

CARD = Path("reports") / "command-card.pdf"
SET_UP = "scanner"


class DevicesPage(Page):
    """A manager and a technician see all of it; a cashier the scanner's set-up alone."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._words = desk, desk.words(AREA)
        self._whole = desk.staff.role is not Role.CASHIER
        devices = desk.frame.devices()
        assert isinstance(devices, DeviceDesk)
        self._devices = devices
        self._found: Found | None = None
        self._tried: LastScan | None = None
        self._seen: Preview | None = None
        self.overview = Overview(self._words, desk.palette)
        self.set_up = SetUpScreen(self._words, desk.palette, may_fix=self._whole)
        self.card = CardScreen(self._words, card_view(self._words))
        self._faces = QStackedWidget()
        for face in (self.overview, self.set_up, self.card):
            self._faces.addWidget(face)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._faces)
        self._look = QTimer(self, interval=PREVIEW_EVERY_MS)
        self._look.timeout.connect(self._show_picture)
        devices.state_changed.connect(self._show_devices)
        self._connect()

    def entered(self, subject: object = None) -> None:
        """In front; `subject` "scanner" opens the scanner's set-up."""
        if subject == SET_UP or not self._whole:
            self._show_set_up()
            return
        self._show_overview()
        self._search()

    def left(self) -> None:
        """Another page is in front: nobody looks at the picture."""
        self._look.stop()

    def scanned(self, scan: Scan) -> bool:
        """Scans here try the scanner; none of them goes to the counter."""
        last = self._devices.last
        if last is None or last.scan is not scan:
            last = LastScan(scan)
        if self._faces.currentWidget() is self.set_up:
            self.set_up.show_view(set_up.heard(self._words, self._desk.settings.scanner, last), scan.text)
            return True
        self._tried = last
        self._show_devices()
        self._desk.frame.notice(views.tried(self._words, scan))
        return True

    def kept(self) -> object | None:
        """Whether the scanner was being set up."""
        return SET_UP if self._faces.currentWidget() is self.set_up else None

    def take_up(self, kept: object) -> None:
        """Go on setting it up."""
        if kept == SET_UP and self.isVisible():
            self._show_set_up()

    def _connect(self) -> None:
        overview, frame = self.overview, self._desk.frame
        overview.setup_wanted.connect(self._show_set_up)
        overview.card_wanted.connect(self._show_card)
        overview.search_wanted.connect(self._search)
        overview.sound_wanted.connect(lambda: self._devices.try_sound(self, self._show_speaker))
        overview.chosen.connect(self._choose)
        self.set_up.fix_wanted.connect(lambda change: self._keep("scanner", change))
        self.set_up.typed.connect(self._typed)
        self.set_up.back.connect(lambda: self._show_overview() if self._whole else frame.go("redeem"))
        self.card.print_wanted.connect(self._print)
        self.card.back.connect(self._show_overview)

    def _show_set_up(self) -> None:
        self._look.stop()
        self.set_up.begin()
        self._face(self.set_up)

    def _show_card(self) -> None:
        self._look.stop()
        self._face(self.card)

    def _show_overview(self) -> None:
        self._show_devices()
        self._face(self.overview)
        if self._desk.settings.camera.source:
            self._look.start()

    def _face(self, face: QWidget) -> None:
        self._faces.setCurrentWidget(face)
        face.setFocus()

    def _search(self) -> None:
        self._devices.find(self, self._show_found)

    def _show_found(self, found: Found) -> None:
        self._found = found
        self._show_devices()

    def _show_devices(self, _state: object = None) -> None:
        words, settings, states = self._words, self._desk.settings, self._devices.states()
        last = self._tried or self._devices.last
        whole = self._tried is not None
        self.overview.show_keyboard(views.keyboard_view(words, last, whole=whole))
        scanner = settings.scanner
        self.overview.show_serial(views.serial_view(words, scanner, states, self._found, last), scanner.baud)
        self.overview.show_camera(views.camera_view(words, settings.camera, states, self._found))
        self._show_speaker(self._devices.speaker)

    def _show_speaker(self, state: State) -> None:
        self.overview.show_speaker(views.speaker_view(self._words, state))

    def _show_picture(self) -> None:
        seen = self._devices.preview()
        if seen is self._seen:
            return
        self._seen = seen
        if seen is None:
            self.overview.show_picture(0, 0, b"")
        else:
            self.overview.show_picture(seen.width, seen.height, rgb_of(seen))

    def _typed(self, text: str, slowest_ms: int) -> None:
        view = set_up.typed(self._words, self._desk.settings.scanner, text, slowest_ms)
        if view is not None:
            self.set_up.show_view(view, text)

    def _choose(self, what: str, value: object) -> None:
        if what == "port" and isinstance(value, tuple):
            self._keep("scanner", {"serial": value[0], "baud": value[1]})
        elif what == "camera":
            self._keep("camera", {"source": value})

    def _keep(self, section: str, change: Mapping[str, object]) -> None:
        path = self._desk.data / FILE_NAME
        self._desk.operations.start(
            self, lambda: amend(path, lambda before: with_section(before, section, change)), self._kept, self._refused
        )

    def _kept(self, settings: Settings) -> None:
        frame, said = self._desk.frame, self._words("page", "saved")
        # The page is built again: nothing of this one may be used afterwards.
        frame.apply(settings)
        frame.notice(said, "good")

    def _refused(self, error: KnownError) -> None:
        self._desk.frame.notice(word(error.reason, self._desk.language, self._desk.zone).line, "bad")

    def _print(self) -> None:
        words, path = self._words, self._desk.data / CARD

        def keep() -> bool:
            pdf = pdf_of(words("commands", "title"), words("commands", "lead"), card_view(words))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(pdf)
            except OSError:
                return False
            return True

        self._desk.operations.start(self, keep, lambda written: self._printed(path, written=written))

    def _printed(self, path: Path, *, written: bool) -> None:
        said = self._words("commands", "kept" if written else "not_kept", path=path)
        self._desk.frame.notice(said, "good" if written else "bad")


def build(desk: Desk) -> Page:
    """The page."""
    return DevicesPage(desk)
