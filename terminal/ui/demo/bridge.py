"""Between the customers, the false platforms and the till: control calls off the window's thread, scans on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

from hardware.scanning.scan import Scan, stopwatch_ms
from terminal import settings as settings_file
from terminal.demo.control import Control
from terminal.demo.customers import Customers, Phone
from terminal.demo.figures import Figures, figures
from terminal.i18n import Words
from terminal.ui.app import Start
from terminal.ui.demo.screen import AREA, MOST_ACROSS, CustomersWindow
from terminal.ui.shell.till import Parts, Till

SOURCE = "demo"
LANE = "demo"
LOOK_EVERY_MS = 1_000
# The steps of a dynamic code are 30 s long; a Douyin picture is spent by its use.
PHONES_EVERY = 5
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Seen:
    """One look: `phones` are None where nothing on them was due."""

    phones: tuple[Phone, ...] | None
    figures: Figures | None
    language: str | None


class CustomersDesk(QObject):
    """Lives as long as the demo; owns the customers' window."""

    def __init__(
        self,
        start: Start,
        control: Control,
        people: Sequence[tuple[str, str]],
        language: str,
        across: int = MOST_ACROSS,
    ) -> None:
        super().__init__(start)
        self._start, self._control, self._language = start, control, language
        self._customers = Customers(control)
        self._phones: tuple[Phone, ...] = ()
        self._till: Till | None = None
        self._up, self._looking, self._looks, self._batch = True, False, 0, 0
        self.window = window = CustomersWindow(Words(AREA, language), people, across)
        window.scanned.connect(lambda text: self._give(text, "QR Code"))
        window.typed.connect(lambda text: self._give(text, ""))
        window.line_wanted.connect(self._turn_line)
        window.others_wanted.connect(self._come)
        window.closing.connect(start.leave)
        start.opened.connect(self._opened)
        self._clock = QTimer(self, interval=LOOK_EVERY_MS)
        self._clock.timeout.connect(self._look)
        self._clock.start()
        self._come()

    @property
    def line_up(self) -> bool:
        """Whether the shop's line is up."""
        return self._up

    def stop(self) -> None:
        """The demo is over."""
        self._clock.stop()
        self.window.closing.disconnect()
        self.window.close()
        self.window.deleteLater()

    def _opened(self, till: Till) -> None:
        self._till = till
        self._look()

    def _give(self, text: str, symbology: str) -> None:
        """A customer's code reaches the till as a serial scanner's would; Enter then belongs to the till."""
        if self._till is not None:
            self._start.come_forward()
            self._till.hear(Scan(text, symbology, SOURCE, stopwatch_ms()))

    def _come(self) -> None:
        self._run(self._customers.come, self._came)

    def _came(self, phones: tuple[Phone, ...]) -> None:
        self._batch += 1
        self._phones = phones
        self.window.show_phones(phones)
        self.window.show_line(self._up)

    def _turn_line(self, up: bool) -> None:
        call = self._control.mend_the_line if up else self._control.cut_the_line
        self._run(call, lambda _: self._turned(up))

    def _turned(self, up: bool) -> None:
        self._up = up
        self.window.show_line(up)
        if self._start.parts is not None:
            self._start.parts.loop.nudge()

    def _look(self) -> None:
        """At both books, and now and then at the phones."""
        if self._looking:
            return
        self._looking = True
        self._looks += 1
        phones = self._phones if self._looks % PHONES_EVERY == 0 else ()
        parts, batch = self._start.parts, self._batch
        self._run(lambda: self._see(phones, parts), lambda seen: self._saw(seen, batch))

    def _see(self, phones: tuple[Phone, ...], parts: Parts | None) -> _Seen:
        again = self._customers.look_again(phones) if phones else None
        if parts is None:
            return _Seen(again, None, None)
        language = settings_file.read(parts.data / settings_file.FILE_NAME).store.language
        return _Seen(again, figures(self._control.book(), parts.store), language)

    def _saw(self, seen: _Seen, batch: int) -> None:
        self._looking = False
        if seen.phones is not None and batch == self._batch:
            self._phones = seen.phones
            self.window.show_phones(seen.phones)
        if seen.language is not None and seen.language != self._language:
            self._language = seen.language
            self.window.show_words(Words(AREA, seen.language))
        if seen.figures is not None:
            self.window.show_figures(seen.figures)

    def _run(self, work: Callable[[], Answer], then: Callable[[Answer], object]) -> None:
        self._start.operations.start(self, work, then, lane=LANE)
