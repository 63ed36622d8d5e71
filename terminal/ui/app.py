"""Starting and ending the window: paint first, open the ledger off the window's thread, leave nothing running."""

import errno
import gc
import signal
import sys
import tomllib
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from sync.clock import Clock
from sync.domain.reasons import Code
from sync.errors import KnownError
from terminal import logs
from terminal.i18n import Words
from terminal.ui.operation import STATUS, Operations
from terminal.ui.shell.last_resort import details_of
from terminal.ui.shell.opening import OpeningFace
from terminal.ui.shell.window import Window
from terminal.ui.theme import style
from terminal.ui.theme.tokens import Palette

if TYPE_CHECKING:
    from sync.engine.listener import Listener
    from sync.services.store import Store
    from terminal.ui.instance import Instance
    from terminal.ui.shell.till import Parts, Till

# Threads that work in Python hand the interpreter over this often, so that the window never waits long for it.
SWITCH_S = 0.001
PULSE_MS = 250
# A window that comes up minimised is never painted, and its ledger is opened all the same.
UNSEEN_MS = 500
SETTINGS_FILE = "settings.toml"
# Lies beside a ledger for as long as somebody has it open, and after a crash.
OPEN_LEDGER = "ledger.sqlite3-wal"


class Start(QObject):
    """One run of the window over one ledger. `opened` carries the Till once people can sign in; `elsewhere`: another
    window has the ledger, and is in front now."""

    opened = Signal(object)

    def __init__(self, app: QApplication, data: Path, clock: Clock, *, kiosk: bool = False) -> None:
        super().__init__()
        self._app, self._data, self._clock, self._kiosk = app, data, clock, kiosk
        self.operations = Operations()
        self.operations.crashed.connect(self._crashed)
        # Kept: what stands in the way is told while the window's thread reads no file.
        self._language, theme = _first_glance(data)
        self.window = Window()
        self._palette = style.apply(app, theme)
        self._face = OpeningFace(Words("window", self._language))
        self._face.again.connect(self._open)
        self._face.leave.connect(self._quit)
        self.window.show_face(self._face)
        self.window.closing.connect(self._quit_unless_open)
        self._till: Till | None = None
        self._parts: Parts | None = None
        self._stores: list[Store] = []
        self._unlogged: deque[Callable[[], None]] = deque()
        self._crashes: Counter[str] = Counter()
        self._instance: Instance | None = None
        self._listener: Listener | None = None
        self.elsewhere = False
        sys.excepthook = lambda _kind, error, _trace: self._crashed(error)
        if kiosk:
            self.window.showFullScreen()
        else:
            self.window.show()
        # Only after the first paint: what the ledger needs is not imported before the window stands.
        self._begin = QTimer(self, interval=UNSEEN_MS, singleShot=True)
        self._begin.timeout.connect(self._open)
        self._face.installEventFilter(self)
        self._begin.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 Qt calls it
        """Waits for the first paint, then looks no more."""
        if event.type() is QEvent.Type.Paint:
            self._face.removeEventFilter(self)
            self._begin.start(0)
        return False

    def _open(self) -> None:
        self._face.show_opening()
        self.operations.start(
            self,
            self._make,
            self._start,
            self._trouble,
        )

    def _make(self) -> "tuple[Parts, type[Till]]":
        # One that was opened in a try that fell afterwards would stand in the way of this one.
        while self._stores:
            self._stores.pop().close()
        return _parts(self._data, self._clock, self.operations, self._stores.append)

    def _start(self, found: "tuple[Parts, type[Till]]") -> None:
        parts, make = found
        self._parts = parts
        self.window.closing.disconnect(self._quit_unless_open)
        self._till = make(self.window, parts, self._restyle, kiosk=self._kiosk)
        self._till.left.connect(self._quit)
        parts.loop.start()
        self._listen(parts)
        self._answer_others()
        self._log(lambda: logs.note("opened"))
        self.opened.emit(self._till)

    def _listen(self, parts: "Parts") -> None:
        """Take what platforms send by themselves, where the settings say so; an address that can't be had is no reason
        to stay closed."""
        if not parts.settings.listener.enabled:
            return
        from terminal.listening import listening

        try:
            self._listener = listening(parts.store, parts.settings.listener, parts.loop, self.operations.crashed.emit)
        except OSError as error:
            told = f"not listening: {errno.errorcode.get(error.errno or 0, type(error).__name__)}"
            self._log(lambda: logs.note(told))

    def _answer_others(self) -> None:
        """The lock is ours: whoever starts another window from now on is shown this one."""
        try:
            from terminal.ui.instance import Instance
        except ImportError:
            # Qt's network part asks more of the system than the rest; without it the lock still keeps others out.
            return
        self._instance = Instance(self._data)
        self._instance.called.connect(self.come_forward)
        self._instance.listen()

    def come_forward(self) -> None:
        """To the front, from wherever it was."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    @property
    def parts(self) -> "Parts | None":
        """What the till is made of, once its ledger is open."""
        return self._parts

    def leave(self) -> None:
        """Close without asking: nothing is lost by it, and what is under way comes to its end in `close`."""
        self._quit()

    def _trouble(self, error: KnownError) -> None:
        self._log(lambda: logs.note(f"not opened: {error.reason.code.value}"))
        if error.reason.code is Code.LEDGER_IN_USE:
            # Two that were started at once: the one that has the ledger may be just behind this one.
            self.operations.start(
                self, lambda: call_first(self._data), lambda found: self._give_way(found, error), lane=STATUS
            )
        else:
            self._say_trouble(error)

    def _give_way(self, found: bool, error: KnownError) -> None:
        if found:
            self.elsewhere = True
            self._quit()
        else:
            self._say_trouble(error)

    def _say_trouble(self, error: KnownError) -> None:
        from terminal.wording import word

        self._face.show_trouble(word(error.reason, self._language, "UTC"))

    def _say_crash(self, code: str) -> None:
        from terminal.wording import Sentence

        words = Words("display", self._language)
        where = self._data / logs.FOLDER / logs.FILE
        told = (words("crash", "what"), words("crash", "why", code=code), words("crash", "next", path=where))
        self._face.show_trouble(Sentence(*told))

    def _restyle(self, theme: str) -> Palette:
        self._palette = style.apply(self._app, theme)
        return self._palette

    def _crashed(self, error: BaseException) -> None:
        code, told = details_of(error)
        self._crashes[code] += 1
        count = self._crashes[code]
        # What comes back every half second would push all else out of the log: kept the 1st, 2nd, 4th, 8th time.
        if count & (count - 1) == 0:
            reason = f"{error.reason.code.value}\n" if isinstance(error, KnownError) else ""
            self._log(lambda: logs.unexpected(code, f"{reason}{told}", count))
        if self._till is not None:
            self._till.show_error(error)
        elif isinstance(error, Exception):
            if sys.stderr is not None:
                # Its message may hold what a customer showed.
                sys.stderr.write(f"{type(error).__name__} {code}\n")
            self._say_crash(code)

    def _log(self, line: Callable[[], None]) -> None:
        """Off the window's thread: a folder on a network may keep a line waiting."""
        self._unlogged.append(line)
        self.operations.start(self, self._write_log, lambda _: None, lane=STATUS)

    def _write_log(self) -> None:
        while self._unlogged:
            self._unlogged.popleft()()

    def _quit_unless_open(self) -> None:
        if self._till is None:
            self._quit()

    def _quit(self) -> None:
        self.window.let_go()
        self._app.quit()

    def close(self) -> None:
        """After the event loop: devices, loop and ledger come to rest in this order; everything is durable."""
        sys.excepthook = sys.__excepthook__
        if self._instance is not None:
            self._instance.close()
        if self._till is not None:
            self._till.stop()
        if self._listener is not None:
            self._listener.stop()
        if self._parts is not None:
            self._parts.loop.stop()
        self.operations.close()
        # Also one that was opened for a till that never stood.
        for store in self._stores:
            store.close()
        if self._stores:
            self._unlogged.append(lambda: logs.note("closed"))
        self._write_log()


def run(data: Path, clock: Clock, *, kiosk: bool = False, with_start: Callable[[Start], object] | None = None) -> bool:
    """Open the window over the ledger in `data` and stay until it is closed. False where another window has that
    ledger and came to the front instead."""
    sys.setswitchinterval(SWITCH_S)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("hexiao")
    app.setQuitOnLastWindowClosed(False)
    start = Start(app, data, clock, kiosk=kiosk)
    try:
        if with_start is not None:
            with_start(start)
        with _heeding_signals(start):
            app.exec()
        return not start.elsewhere
    finally:
        start.close()


def call_first(data: Path) -> bool:
    """Ask a window that is open over `data` to come to the front; whether there is one."""
    # Whoever can be called has the ledger open; where nobody has, the first paint need not wait for the question.
    if not (data / OPEN_LEDGER).exists():
        return False
    try:
        from terminal.ui.instance import call
    except ImportError:
        return False
    return call(data)


@contextmanager
def _heeding_signals(start: Start) -> Iterator[None]:
    """Ctrl-C and a system that shuts down close the window; nothing is torn off."""
    # Python looks for signals only while it runs, and Qt's loop does not run it by itself.
    pulse = QTimer(start, interval=PULSE_MS)
    pulse.timeout.connect(lambda: None)
    pulse.start()
    former = {number: signal.signal(number, lambda *_: start.leave()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        pulse.stop()
        for number, handler in former.items():
            signal.signal(number, handler)


def _parts(
    data: Path, clock: Clock, operations: Operations, keep: "Callable[[Store], object]"
) -> "tuple[Parts, type[Till]]":
    """On a worker: all that takes its time to import and to open. `keep` hears of the store at once: it has to be
    closed even where nobody waits for the rest any more."""
    from sync.engine.loop import Loop
    from terminal import settings as settings_file
    from terminal.bootstrap import open_store
    from terminal.ui.shell.till import Parts, Till

    settings = settings_file.read(data / settings_file.FILE_NAME)
    store = open_store(data, clock, lock_wait_s=1)
    keep(store)
    loop = Loop(store, clock, operations.crashed.emit)
    # What was imported stays. Walked through by each full collection, it would hold the window's thread for 75 ms.
    gc.collect()
    gc.freeze()
    return Parts(store, settings, data, clock, loop, operations), Till


def _first_glance(data: Path) -> tuple[str, str]:
    """Language and theme for the first paint, before the settings are read in earnest."""
    try:
        found = tomllib.loads((data / SETTINGS_FILE).read_text(encoding="utf-8-sig"))
        language, theme = found.get("store", {}).get("language"), found.get("window", {}).get("theme")
    except (OSError, ValueError, AttributeError):
        return "zh", "light"
    return ("en" if language == "en" else "zh"), str(theme or "light")
