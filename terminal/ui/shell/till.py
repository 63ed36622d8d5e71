"""The till at work: who is signed in, which page is in front, where a scan goes, and what happens when it all ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from hardware.scanning.camera import Preview
from hardware.scanning.scan import Scan
from sync.clock import Clock
from sync.domain.staff import Deed, Role, Staff
from sync.engine.loop import Loop
from sync.errors import KnownError
from sync.services.store import Store
from terminal.i18n import Words
from terminal.presenters.command_card import command_of
from terminal.presenters.counter import Idle
from terminal.presenters.status import AREA as WINDOW
from terminal.settings import Settings
from terminal.ui.bridges.devices import DeviceDesk, rgb_of
from terminal.ui.bridges.redeem import RedeemPage
from terminal.ui.bridges.status import Status
from terminal.ui.desk import Desk, Devices, Page
from terminal.ui.operation import Operations
from terminal.ui.shell.authority import Authority
from terminal.ui.shell.entrance import Entrance
from terminal.ui.shell.leaving import Leaving
from terminal.ui.shell.menu import Menu
from terminal.ui.shell.mishaps import Mishaps
from terminal.ui.shell.pages import Entry, pages_for
from terminal.ui.shell.rail import Rail
from terminal.ui.shell.top import TopLine
from terminal.ui.shell.window import Window
from terminal.ui.theme.tokens import Palette
from terminal.wording import word

_F_KEYS = 9
STILL_MS = 50


@dataclass(frozen=True, slots=True)
class Parts:
    """What a till is made of once its ledger is open."""

    store: Store
    settings: Settings
    data: Path
    clock: Clock
    loop: Loop
    operations: Operations


class Till(QObject):
    """Implements desk.Frame. `restyle` dresses the application in a theme and answers with its palette; `left` is
    emitted when the window may close."""

    left = Signal()
    _stirred = Signal()

    def __init__(self, window: Window, parts: Parts, restyle: Callable[[str], Palette], *, kiosk: bool = False) -> None:
        super().__init__(window)
        self._window, self._parts, self._restyle, self._kiosk = window, parts, restyle, kiosk
        self._settings = parts.settings
        self._palette = restyle(self._settings.window.theme)
        self._staff: Staff | None = None
        self._entries: tuple[Entry, ...] = ()
        self._pages: dict[str, Page] = {}
        self._front = ""
        self._status: Status | None = None
        self._desk: Desk | None = None
        self._rail: Rail | None = None
        self._top: TopLine | None = None
        self._entrance = Entrance(parts.store.people, parts.operations, self._say)
        self._entrance.signed_in.connect(self._signed_in)
        self._authority = Authority(window.veil, parts.store.people, parts.operations, self._say)
        self._mishaps = Mishaps(window.veil, parts.clock, lambda: self._words, self._say, self.notice)
        self._leaving = Leaving(self, parts.store, parts.operations, lambda: self._words, self._once_still, kiosk=kiosk)
        self._menu = Menu(
            parts.data,
            parts.operations,
            self.apply,
            lambda error: self.notice(self._say(error), "bad"),
            {"sign_out": lambda: self._once_still(self.sign_out), "close": self.ask_to_close},
        )
        self._leaving.closed.connect(self.left)
        self._leaving.signed_out.connect(self._show_entrance)
        self._devices = DeviceDesk(parts.settings, parts.operations)
        self._devices.scanned.connect(self.hear)
        self._devices.unread.connect(lambda: self.notice(self._words("scan", "unread"), "bad"))
        self._devices.pictured.connect(self._show_picture)
        self._stirred.connect(self._tell_changed, Qt.ConnectionType.QueuedConnection)
        window.closing.connect(self.ask_to_close)
        self._listen(window)
        parts.loop.heard_by(self._stirred.emit)
        self._show_entrance()

    def _listen(self, window: Window) -> None:
        for number in range(1, _F_KEYS + 1):
            key = QShortcut(QKeySequence(f"F{number}"), window)
            key.activated.connect(lambda number=number: self._by_number(number))
        menu = QShortcut(QKeySequence("F10"), window)
        menu.activated.connect(lambda: self._top.open_menu() if self._top is not None else None)

    @property
    def _words(self) -> Words:
        return Words(WINDOW, self._settings.store.language)

    @property
    def pages(self) -> Mapping[str, Page]:
        """The pages that were opened, by name."""
        return self._pages

    @property
    def front(self) -> str:
        """The page in front; empty while nobody is signed in."""
        return self._front

    @property
    def keys_held(self) -> bool:
        """Some key is still undecided between a scanner and a person."""
        return self._devices.keys_held

    def sign_out(self) -> None:
        """Back to the PIN; the shift stays as it is. Where codes wait it is asked first."""
        self._leaving.sign_out(self._waiting())

    def _waiting(self) -> tuple[str, ...]:
        counter = self._pages.get("redeem")
        return counter.counter.unfinished() if isinstance(counter, RedeemPage) else ()

    def _show_entrance(self) -> None:
        self._leave_desk()
        self._staff = None
        store = self._settings.store
        self._window.show_face(self._entrance.face(store.language, store.name))

    def _signed_in(self, staff: Staff) -> None:
        self._staff = staff
        self._build(staff)
        if staff.role is Role.TECHNICIAN:
            self.go(self._entries[0].name)
            return
        current = self._parts.store.shifts.current
        self._parts.operations.start(self, current, lambda shift: self.go("redeem" if shift is not None else "shift"))

    def _build(self, staff: Staff) -> None:
        parts, language = self._parts, self._settings.store.language
        self._desk = Desk(
            parts.store,
            self._settings,
            parts.data,
            parts.clock,
            parts.loop,
            parts.operations,
            self,
            staff,
            language,
            self._palette,
            kiosk=self._kiosk,
        )
        words = self._words
        self._entries = pages_for(staff.role)
        self._pages = {}
        rail = [(entry.name, words("pages", entry.name), entry.icon) for entry in self._entries if entry.on_rail]
        self._rail = Rail(rail, self._palette)
        self._rail.chosen.connect(self.go)
        store = self._settings.store
        place = words("top", "place", store=store.name, terminal=store.terminal)
        self._top = TopLine(
            words, self._palette, place, staff.name, closable=not self._kiosk or staff.role is not Role.CASHIER
        )
        self._top.opened.connect(self.go)
        self._top.chosen.connect(self.choose)
        self._window.show_desk(self._top, self._rail, QWidget())
        self._status = Status(self._desk)
        self._status.seen.connect(self._top.show_status)
        self._status.ticked.connect(self._top.show_time)
        self._status.line_changed.connect(self._tell_changed)
        self._status.begin()

    def _leave_desk(self) -> None:
        self._authority.dismiss()
        if self._status is not None:
            self._status.stop()
            self._status.deleteLater()
            self._status = None
        if self._front in self._pages:
            self._pages[self._front].left()
        self._desk, self._pages, self._front, self._rail, self._top = None, {}, "", None, None

    def go(self, page: str, subject: object = None) -> None:
        """Bring a page to the front, if the person may see it."""
        entry = next((entry for entry in self._entries if entry.name == page), None)
        if entry is None or self._desk is None or self._rail is None:
            return
        if self._front in self._pages and self._front != page:
            self._pages[self._front].left()
        if page not in self._pages:
            self._pages[page] = entry.build(self._desk)
        self._front = page
        self._rail.show_page(page)
        self._window.show_page(self._pages[page])
        self._pages[page].entered(subject)

    def hear(self, scan: Scan) -> None:
        """A scan, from whichever device: to the page in front if it wants it, else to the counter."""
        words = self._words
        if self._desk is None:
            self.notice(words("scan", "sign_in_first"), "bad")
            return
        command = command_of(scan.text) is not None
        if self._window.veil.sheet is not None:
            counter = None if command else self._page("redeem")
            if counter is not None and counter.scanned(scan):
                self.notice(words("scan", "kept"))
            return
        front = self._pages.get(self._front)
        if front is not None and front.scanned(scan):
            return
        counter = self._page("redeem")
        if command:
            # Said to what is in view, and to nothing behind it.
            self.notice(words("scan", "card"))
        elif counter is not None:
            self.go("redeem")
            counter.scanned(scan)

    def _page(self, name: str) -> Page | None:
        entry = next((entry for entry in self._entries if entry.name == name), None)
        if entry is None or self._desk is None:
            return None
        if name not in self._pages:
            self._pages[name] = entry.build(self._desk)
        return self._pages[name]

    def _by_number(self, number: int) -> None:
        if self._rail is not None and self._window.veil.sheet is None and number <= len(self._rail.pages):
            self.go(self._rail.pages[number - 1])

    def _tell_changed(self) -> None:
        if self._status is not None:
            self._status.refresh()
        if self._front in self._pages:
            self._pages[self._front].changed()

    def notice(self, said: str, kind: str = "info") -> None:
        """One sentence for a few seconds."""
        self._window.notice.say(said, kind)

    def show_sheet(self, sheet: QWidget) -> None:
        """A dialog above the page."""
        self._window.veil.open(sheet)

    def close_sheet(self) -> None:
        """The dialog is done."""
        self._window.veil.close_sheet()

    def authorise(self, why: str, deed: Deed, then: Callable[[Staff], None]) -> None:
        """Somebody whose role may do it types a PIN."""
        self._authority.ask(self._words, why, deed, then, self._pages.get(self._front))

    def refresh_status(self) -> None:
        """The top line asks now."""
        if self._status is not None:
            self._status.refresh()

    def shift_changed(self) -> None:
        """After opening: the counter; after closing: the shift page goes on showing the report."""
        current = self._parts.store.shifts.current
        self._parts.operations.start(self, current, lambda shift: self.go("redeem") if shift is not None else None)

    def apply(self, settings: Settings) -> None:
        """New settings: everything that shows or hears follows."""
        self._once_still(lambda: self._apply(settings))

    def _once_still(self, act: Callable[[], object]) -> None:
        """Not while a step is under way whose verdict somebody waits for."""
        if any(page.busy() for page in self._pages.values()):
            QTimer.singleShot(STILL_MS, self, lambda: self._once_still(act))
        else:
            act()

    def _apply(self, settings: Settings) -> None:
        self._settings = settings
        self._palette = self._restyle(settings.window.theme)
        self._devices.follow(settings)
        staff, front = self._staff, self._front
        if staff is None:
            self._show_entrance()
            return
        kept = {name: page.kept() for name, page in self._pages.items()}
        self._leave_desk()
        self._build(staff)
        self.go(front or self._entries[0].name)
        for name, what in kept.items():
            page = self._page(name) if what is not None else None
            if page is not None:
                page.take_up(what)

    def _show_picture(self, seen: Preview | None) -> None:
        page = self._pages.get(self._front)
        # While a coupon is in hand nobody looks at the camera.
        if isinstance(page, RedeemPage) and (seen is None or isinstance(page.counter.view, Idle)):
            page.show_camera(*((seen.width, seen.height, rgb_of(seen)) if seen is not None else (0, 0, b"")))

    def devices(self) -> Devices:
        """Scanners and camera."""
        return self._devices

    def show_error(self, error: BaseException) -> None:
        """Whatever nobody foresaw: say what is safe and go on."""
        self._mishaps.hear(error)

    def ask_to_close(self) -> None:
        """Say what stays owed, and close if that is wanted."""
        self._leaving.close(self._staff, self._waiting())

    def stop(self) -> None:
        """Devices and pages come to rest; the store is still open."""
        self._leave_desk()
        self._devices.stop()

    def choose(self, name: str) -> None:
        """An entry of the person's menu."""
        self._menu.choose(name, self._settings, self._palette)

    def _say(self, error: KnownError) -> str:
        return word(error.reason, self._settings.store.language, self._parts.store.profile.zone).line
