"""One device's thread: serves the device, says how it is, and tries again when it is away."""

import threading
from collections.abc import Callable

from hardware.scanning.scan import DeviceState, State, Told

BACK_OFF_S = (0.25, 0.5, 1.0, 2.0)
_JOIN_S = 5.0


class Away(Exception):
    """The device cannot be used now."""

    def __init__(self, state: State, detail: str = "") -> None:
        super().__init__(detail or state)
        self.state = state
        self.detail = detail


class Attendance:
    """One run of the thread, as the session that serves the device sees it."""

    __slots__ = ("_name", "_said", "_stop", "_told", "was_ready")

    def __init__(self, name: str, told: Told) -> None:
        self._name = name
        self._told = told
        self._stop = threading.Event()
        self._said: DeviceState | None = None
        self.was_ready = False

    @property
    def stopping(self) -> bool:
        """Whether the session should return."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask the session to return."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Pass that much time; True at once when the session should return."""
        return self._stop.wait(seconds)

    def ready(self, detail: str = "") -> None:
        """The device answers."""
        self.was_ready = True
        self._say("ready", detail)

    def away(self, state: State, detail: str = "") -> None:
        """The device does not answer. What was there and is missing is lost, until it is back."""
        was_there = self._said is not None and self._said.state in ("ready", "lost")
        self._say("lost" if state == "missing" and was_there else state, detail)

    def off(self) -> None:
        """Nobody listens to the device any more."""
        self._say("off", "")

    def _say(self, state: State, detail: str) -> None:
        # The words of one fault may change from try to try; only a new state is news.
        if self._said is None or self._said.state != state:
            self._said = DeviceState(self._name, state, detail)
            self._told(self._said)


Session = Callable[[Attendance], None]
"""Opens the device, says `ready`, serves it until `stopping`; raises Away. Returning unasked ends the run."""


class Attendant:
    """Keeps one device in use from a thread called `name`: each session that fails is followed by another."""

    def __init__(self, name: str, session: Session, told: Told) -> None:
        self._name = name
        self._session = session
        self._told = told
        self._turn: Attendance | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; nothing happens if it is already running."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._turn = Attendance(self._name, self._told)
        self._thread = threading.Thread(target=self._run, args=(self._turn,), name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; returns when the thread has ended, or after 5 s if a driver does not come back."""
        thread, turn = self._thread, self._turn
        if thread is None or turn is None:
            return
        turn.stop()
        if thread is not threading.current_thread():
            thread.join(_JOIN_S)
        self._thread = None

    def _run(self, turn: Attendance) -> None:
        tries = 0
        while not turn.stopping:
            turn.was_ready = False
            try:
                self._session(turn)
                break
            except Away as away:
                turn.away(away.state, away.detail)
            # What drivers raise cannot be listed, and the next customer must be served all the same.
            except Exception as error:  # noqa: BLE001
                turn.away("lost", repr(error))
            tries = 0 if turn.was_ready else tries
            turn.wait(BACK_OFF_S[min(tries, len(BACK_OFF_S) - 1)])
            tries += 1
        turn.off()
