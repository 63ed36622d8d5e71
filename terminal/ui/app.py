"""Starting and ending the window: paint first, open the ledger off the window's thread, leave nothing running."""

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from sync.clock import Clock
from sync.errors import KnownError
from terminal.i18n import Words
from terminal.ui.operation import Operations
from terminal.ui.shell.opening import OpeningFace
from terminal.ui.shell.window import Window
from terminal.ui.theme import style
from terminal.ui.theme.tokens import Palette

if TYPE_CHECKING:
    from terminal.ui.shell.till import Parts, Till

# Threads that work in Python hand the interpreter over this often, so that the window never waits long for it.
SWITCH_S = 0.001
SETTINGS_FILE = "settings.toml"


class Start(QObject):
    """One run of the window over one ledger. `opened` carries the Till once people can sign in."""

    opened = Signal(object)

    def __init__(self, app: QApplication, data: Path, clock: Clock, *, kiosk: bool = False) -> None:
        super().__init__()
        self._app, self._data, self._clock, self._kiosk = app, data, clock, kiosk
        self.operations = Operations()
        self.operations.crashed.connect(self._crashed)
        language, theme = _first_glance(data)
        self.window = Window()
        self._palette = style.apply(app, theme)
        self._face = OpeningFace(Words("window", language))
        self._face.again.connect(self._open)
        self._face.leave.connect(self._quit)
        self.window.show_face(self._face)
        self.window.closing.connect(self._quit_unless_open)
        self._till: Till | None = None
        self._parts: Parts | None = None
        sys.excepthook = lambda _kind, error, _trace: self._crashed(error)
        if kiosk:
            self.window.showFullScreen()
        else:
            self.window.show()
        # Only after the first paint: what the ledger needs is not imported before the window stands.
        QTimer.singleShot(0, self._open)

    def _open(self) -> None:
        self._face.show_opening()
        self.operations.start(
            self, lambda: _parts(self._data, self._clock, self.operations), self._start, self._trouble
        )

    def _start(self, found: "tuple[Parts, type[Till]]") -> None:
        parts, make = found
        self._parts = parts
        self.window.closing.disconnect(self._quit_unless_open)
        self._till = make(self.window, parts, self._restyle, kiosk=self._kiosk)
        self._till.left.connect(self._quit)
        parts.loop.start()
        self.opened.emit(self._till)

    def _trouble(self, error: KnownError) -> None:
        from terminal.wording import word

        language, _ = _first_glance(self._data)
        self._face.show_trouble(word(error.reason, language, "UTC"))

    def _restyle(self, theme: str) -> Palette:
        self._palette = style.apply(self._app, theme)
        return self._palette

    def _crashed(self, error: BaseException) -> None:
        if self._till is not None:
            self._till.show_error(error)
        elif isinstance(error, Exception):
            sys.__excepthook__(type(error), error, error.__traceback__)

    def _quit_unless_open(self) -> None:
        if self._till is None:
            self._quit()

    def _quit(self) -> None:
        self.window.let_go()
        self._app.quit()

    def close(self) -> None:
        """After the event loop: devices, loop and ledger come to rest in this order; everything is durable."""
        sys.excepthook = sys.__excepthook__
        if self._till is not None:
            self._till.stop()
        if self._parts is not None:
            self._parts.loop.stop()
        self.operations.close()
        if self._parts is not None:
            self._parts.store.close()


def run(data: Path, clock: Clock, *, kiosk: bool = False, with_start: Callable[[Start], object] | None = None) -> int:
    """Open the window over the ledger in `data` and stay until it is closed; the exit code."""
    sys.setswitchinterval(SWITCH_S)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("hexiao")
    app.setQuitOnLastWindowClosed(False)
    start = Start(app, data, clock, kiosk=kiosk)
    try:
        if with_start is not None:
            with_start(start)
        return app.exec()
    finally:
        start.close()


def _parts(data: Path, clock: Clock, operations: Operations) -> "tuple[Parts, type[Till]]":
    """On a worker: all that takes its time to import and to open."""
    from sync.engine.loop import Loop
    from terminal import settings as settings_file
    from terminal.bootstrap import open_store
    from terminal.ui.shell.till import Parts, Till

    settings = settings_file.read(data / settings_file.FILE_NAME)
    store = open_store(data, clock, lock_wait_s=1)
    loop = Loop(store, clock, operations.crashed.emit)
    return Parts(store, settings, data, clock, loop, operations), Till


def _first_glance(data: Path) -> tuple[str, str]:
    """Language and theme for the first paint, before the settings are read in earnest."""
    try:
        found = tomllib.loads((data / SETTINGS_FILE).read_text(encoding="utf-8-sig"))
        language, theme = found.get("store", {}).get("language"), found.get("window", {}).get("theme")
    except (OSError, ValueError, AttributeError):
        return "zh", "light"
    return ("en" if language == "en" else "zh"), str(theme or "light")
