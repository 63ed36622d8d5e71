"""Work off the window's thread: started as a function, answered on the window's thread; the only threads here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from sync.errors import KnownError

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Answer = TypeVar("Answer")
COUNTER, DESK, STATUS, DEVICE = "counter", "desk", "status", "device"


@dataclass(frozen=True, slots=True)
class _Errand(Generic[Answer]):
    """What is done for `owner`, and who hears how it ended."""

    owner: QObject
    work: Callable[[], Answer]
    then: Callable[[Answer], object]
    otherwise: Callable[[KnownError], object] | None
    finally_: Callable[[], object] | None
    broken: Callable[[Exception], object] | None

    def tell(self, call: Callable[[], object]) -> None:
        """How it ended, then that it ended, whatever hearing the first came to."""
        try:
            call()
        finally:
            # Hearing it may have taken the owner away.
            if self.finally_ is not None and isValid(self.owner):
                self.finally_()


class Operations(QObject):
    """Runs functions in named lanes, one thread each, so that a slow question of one page never delays a scan.

    `crashed` hears of every error that nobody expects; what is expected (KnownError) goes to the starter.
    """

    crashed = Signal(object)
    _answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._open = True
        self._answered.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        owner: QObject,
        work: Callable[[], Answer],
        then: Callable[[Answer], object],
        otherwise: Callable[[KnownError], object] | None = None,
        lane: str = DESK,
        *,
        finally_: Callable[[], object] | None = None,
        broken: Callable[[Exception], object] | None = None,
    ) -> None:
        """Run `work` in a lane. On the window's thread, unless `owner` is gone: `then` or `otherwise` hears how it
        ended, or, where that is neither, `broken` and `crashed`; `finally_` comes after the first three, always."""
        if not self._open:
            return
        if lane not in self._lanes:
            # Imported with the first lane, which is opened when the window stands.
            from concurrent.futures import ThreadPoolExecutor

            self._lanes[lane] = ThreadPoolExecutor(1, thread_name_prefix=f"window-{lane}")
        self._lanes[lane].submit(self._run, _Errand(owner, work, then, otherwise, finally_, broken))

    def close(self) -> None:
        """Let what is under way come to its end; nobody is told any more."""
        self._open = False
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)

    def _run(self, errand: _Errand[Answer]) -> None:
        call: Callable[[], object]
        otherwise = errand.otherwise
        try:
            answer = errand.work()
        except KnownError as error:
            known = error
            call = (
                (lambda: errand.tell(lambda: otherwise(known)))
                if otherwise is not None
                else (lambda: self._break(errand, known))
            )
        except Exception as error:  # noqa: BLE001 whatever it is, the window goes on and somebody is told
            foreign = error
            call = lambda: self._break(errand, foreign)  # noqa: E731
        else:
            call = lambda: errand.tell(lambda: errand.then(answer))  # noqa: E731
        if self._open:
            self._answered.emit((errand.owner, call))

    def _break(self, errand: _Errand[Answer], error: Exception) -> None:
        broken = errand.broken
        try:
            errand.tell((lambda: broken(error)) if broken is not None else (lambda: None))
        finally:
            self.crashed.emit(error)

    @Slot(object)
    def _tell(self, told: tuple[QObject, Callable[[], object]]) -> None:
        owner, call = told
        if self._open and isValid(owner):
            call()
