"""A device's thread: what it says of the device, that it comes back, and that it ends."""

import queue
import threading

import pytest

from hardware.scanning import attendant as attending
from hardware.scanning.attendant import Attendance, Attendant, Away
from hardware.scanning.scan import DeviceState, State

PATIENCE_S = 20


def states(told: "queue.Queue[DeviceState]", number: int) -> list[State]:
    return [told.get(timeout=PATIENCE_S).state for _ in range(number)]


def test_what_is_lost_is_looked_for_until_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attending, "BACK_OFF_S", (0.01, 0.02))
    told: queue.Queue[DeviceState] = queue.Queue()
    plan: list[Exception | None] = [
        Away("missing"),
        None,
        Away("missing"),
        ValueError("a driver's whim"),
        Away("taken", "busy"),
        Away("taken", "busy still"),
        None,
    ]

    def serve(turn: Attendance) -> None:
        fault = plan.pop(0)
        if fault is not None:
            raise fault
        turn.ready()
        if plan:
            raise Away("lost")
        turn.wait(PATIENCE_S)

    attendant = Attendant("plan", serve, told.put)
    attendant.start()
    assert states(told, 5) == ["missing", "ready", "lost", "taken", "ready"]
    attendant.stop()
    assert states(told, 1) == ["off"]
    assert told.empty()


def test_tries_grow_rarer_until_the_device_was_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    plan = [False, False, False, False, False, True, False]

    def serve(turn: Attendance) -> None:
        if not plan:
            return
        if plan.pop(0):
            turn.ready()
        raise Away("taken")

    monkeypatch.setattr(Attendance, "wait", lambda _, seconds: pauses.append(seconds))
    ended = threading.Event()
    attendant = Attendant("rare", serve, lambda state: ended.set() if state.state == "off" else None)
    attendant.start()
    assert ended.wait(PATIENCE_S)
    attendant.stop()
    assert pauses == [0.25, 0.5, 1.0, 2.0, 2.0, 0.25, 0.5]


def test_its_thread_bears_its_name_and_is_gone_after_stop() -> None:
    seen: queue.Queue[str] = queue.Queue()

    def serve(turn: Attendance) -> None:
        seen.put(threading.current_thread().name)
        turn.wait(PATIENCE_S)

    attendant = Attendant("camera:7", serve, lambda _: None)
    attendant.start()
    attendant.start()
    assert seen.get(timeout=PATIENCE_S) == "camera:7"
    attendant.stop()
    assert seen.empty()
    assert "camera:7" not in [thread.name for thread in threading.enumerate()]
    attendant.start()
    assert seen.get(timeout=PATIENCE_S) == "camera:7"
    attendant.stop()


def test_stopping_before_starting_and_twice() -> None:
    attendant = Attendant("idle", lambda _: None, lambda _: None)
    attendant.stop()
    attendant.start()
    attendant.stop()
    attendant.stop()


def test_a_session_that_returns_is_not_repeated() -> None:
    told: queue.Queue[DeviceState] = queue.Queue()
    attendant = Attendant("short", lambda turn: turn.ready("once"), told.put)
    attendant.start()
    assert states(told, 2) == ["ready", "off"]
    attendant.stop()
    assert told.empty()


def test_a_device_may_be_stopped_from_its_own_thread() -> None:
    ended = threading.Event()

    def serve(turn: Attendance) -> None:
        attendant.stop()
        assert turn.stopping
        ended.set()

    attendant = Attendant("own", serve, lambda _: None)
    attendant.start()
    assert ended.wait(PATIENCE_S)
