"""What becomes of an error that nobody foresaw: one sheet for each kind of it, and never over another dialog."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from sync.clock import Clock
from sync.errors import KnownError
from terminal.i18n import Words
from terminal.ui.shell.last_resort import LastResort, details_of
from terminal.ui.shell.sheet import Veil

# How long an error that was read is not worth a sheet again, and how often its repeats are told at most.
READ_MS = 600_000
TOLD_EVERY_MS = 60_000


@dataclass(slots=True)
class _Kind:
    """Errors of one code: how many came, until when they are told quietly, and when they were told last."""

    count: int = 0
    quiet_until_ms: int | None = None
    told_ms: int | None = None


class Mishaps(QObject):
    """`words` and `say` word things for whoever stands there now; `notice` says one sentence of a kind."""

    _next = Signal()

    def __init__(
        self,
        veil: Veil,
        clock: Clock,
        words: Callable[[], Words],
        say: Callable[[KnownError], str],
        notice: Callable[[str, str], object],
    ) -> None:
        super().__init__(veil)
        self._veil, self._clock, self._words, self._say, self._notice = veil, clock, words, say, notice
        self._kinds: dict[str, _Kind] = {}
        self._waiting: dict[str, BaseException] = {}
        self._shown = ""
        veil.emptied.connect(self._read)
        # Only when whoever closed a dialog has opened the one that follows it.
        self._next.connect(self._show_next, Qt.ConnectionType.QueuedConnection)

    def hear(self, error: BaseException) -> None:
        """What somebody can do something about is said in words; all else once for each code, then counted."""
        code = error.reason.code.value if isinstance(error, KnownError) else details_of(error)[0]
        kind = self._kinds.setdefault(code, _Kind())
        kind.count += 1
        if isinstance(error, KnownError):
            self._tell(kind, self._say(error), "bad")
        elif kind.quiet_until_ms is not None and self._clock.monotonic_ms() < kind.quiet_until_ms:
            self._tell(kind, self._words()("resort", "repeated", code=code, count=kind.count), "info")
        elif code != self._shown and code not in self._waiting:
            self._line_up(code, error)

    def _line_up(self, code: str, error: BaseException) -> None:
        self._waiting[code] = error
        if self._veil.sheet is None:
            self._show_next()
        else:
            self._notice(self._words()("resort", "waits", code=code), "info")

    def _tell(self, kind: _Kind, said: str, tone: str) -> None:
        """Now and then: what comes back every half second must leave room for other notices."""
        now_ms = self._clock.monotonic_ms()
        if kind.told_ms is None or now_ms - kind.told_ms >= TOLD_EVERY_MS:
            kind.told_ms = now_ms
            self._notice(said, tone)

    def _show_next(self) -> None:
        if self._veil.sheet is not None or not self._waiting:
            return
        code = next(iter(self._waiting))
        sheet = LastResort(self._words(), self._waiting.pop(code))
        sheet.gone_on.connect(self._veil.close_sheet)
        self._shown = code
        self._veil.open(sheet)

    def _read(self) -> None:
        """The dialog is gone, ours or another: what waited comes next."""
        code, self._shown = self._shown, ""
        if code:
            self._kinds[code].quiet_until_ms = self._clock.monotonic_ms() + READ_MS
        if self._waiting:
            self._next.emit()
