"""The devices behind the window: what the settings change is started anew, and nobody waits for what is let go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event, current_thread, main_thread

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hardware.scanning.camera import CameraSettings, Preview
from hardware.scanning.scan import DeviceState, Heard, Scan, Told
from hardware.scanning.serial_port import SerialSettings
from hardware.speaker import State
from terminal.settings import Settings, StoreSection, with_section
from terminal.ui.bridges import devices as devices_file
from terminal.ui.bridges.devices import DeviceDesk, rgb_of
from terminal.ui.operation import Operations

PATIENCE_MS = 5_000


@dataclass(eq=False)
class Fake:
    """A device that does what it is told; `held`: its driver does not come back before that."""

    name: str
    heard: Heard
    told: Told
    held: Event | None = None
    calls: list[tuple[str, bool]] = field(default_factory=list)
    preview: Preview | None = None

    def start(self) -> None:
        self._note("start")
        self.told(DeviceState(self.name, "ready"))

    def stop(self) -> None:
        if self.held is not None:
            self.held.wait(5)
        self._note("stop")
        self.told(DeviceState(self.name, "off"))

    def latest(self) -> Preview | None:
        return self.preview

    def snapshot_png(self) -> bytes | None:
        return b"png"

    def _note(self, what: str) -> None:
        self.calls.append((what, current_thread() is main_thread()))


@dataclass
class Bench:
    """A desk of devices and every device that was made."""

    desk: DeviceDesk
    made: list[Fake]
    settings: Settings
    seen: list[object] = field(default_factory=list)

    def follow(self, section: str, **changes: object) -> None:
        self.settings = with_section(self.settings, section, changes)
        self.desk.follow(self.settings)


def until(true: Callable[[], bool]) -> None:
    waited_ms = 0
    while not true():
        assert waited_ms < PATIENCE_MS, "it never came true"
        QTest.qWait(2)
        waited_ms += 2


@pytest.fixture
def bench(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    made: list[Fake] = []

    def scanner(wish: SerialSettings, heard: Heard, told: Told) -> Fake:
        made.append(Fake(f"serial:{wish.port}", heard, told))
        return made[-1]

    def camera(wish: CameraSettings, heard: Heard, told: Told) -> Fake:
        made.append(Fake(wish.name, heard, told))
        return made[-1]

    monkeypatch.setattr(devices_file, "SerialScanner", scanner)
    monkeypatch.setattr(devices_file, "Camera", camera)
    operations = Operations()
    settings = Settings(store=StoreSection(name="Riverside"))
    found = Bench(DeviceDesk(settings, operations), made, settings)
    found.desk.pictured.connect(found.seen.append)
    try:
        yield found
    finally:
        for fake in made:
            if fake.held is not None:
                fake.held.set()
        found.desk.stop()
        operations.close()


def test_no_device_is_started_that_nobody_named(bench: Bench) -> None:
    assert (bench.made, bench.desk.states(), bench.desk.preview()) == ([], (), None)


def test_the_window_never_waits_for_a_device_that_hangs(bench: Bench) -> None:
    bench.follow("camera", source="0")
    until(lambda: bool(bench.desk.states()))
    old = bench.made[0]
    old.held = Event()
    bench.follow("camera", source="1")
    QTest.qWait(30)
    assert [what for what, _ in bench.made[1].calls] == []
    old.held.set()
    until(lambda: bool(bench.made[1].calls))
    assert old.calls == [("start", False), ("stop", False)]
    until(lambda: [state.name for state in bench.desk.states()] == ["camera:1"])
    assert bench.desk.states()[0].state == "ready"


def test_only_what_changed_is_started_anew(bench: Bench) -> None:
    bench.follow("camera", source="0")
    bench.follow("scanner", serial="COM3")
    until(lambda: len(bench.desk.states()) == 2)
    bench.follow("scanner", gap_ms=60)
    bench.follow("window", theme="dark")
    bench.follow("scanner", baud=115200)
    until(lambda: len(bench.made) == 3 and bool(bench.made[2].calls))
    assert [what for what, _ in bench.made[0].calls] == ["start"]
    assert [what for what, _ in bench.made[1].calls] == ["start", "stop"]


def test_leaving_waits_for_every_device_and_starts_none(bench: Bench) -> None:
    bench.follow("camera", source="0")
    until(lambda: bool(bench.desk.states()))
    bench.made[0].held = Event()
    bench.follow("camera", source="1")
    QTest.qWait(20)
    bench.made[0].held.set()
    bench.desk.stop()
    assert ("stop", True) in bench.made[0].calls
    QTest.qWait(30)
    started = [what for what, _ in bench.made[1].calls]
    assert started in ([], ["start", "stop"])


def test_what_a_dismissed_device_still_says_is_no_news(bench: Bench) -> None:
    bench.follow("scanner", serial="COM3")
    until(lambda: bool(bench.desk.states()))
    bench.follow("scanner", serial="")
    until(lambda: ("stop", False) in bench.made[0].calls)
    QTest.qWait(10)
    assert bench.desk.states() == ()


def test_each_scan_is_heard_once_with_its_source(bench: Bench) -> None:
    bench.follow("scanner", serial="COM3")
    heard: list[Scan] = []
    bench.desk.scanned.connect(heard.append)
    scan = Scan("0123456789", "", "serial:COM3", 1)
    bench.made[0].heard(scan)
    until(lambda: bool(heard))
    assert heard == [scan]
    assert bench.desk.last is not None
    assert (bench.desk.last.scan, bench.desk.last.pace_ms) == (scan, None)


def test_a_picture_is_shown_once_and_its_loss_too(bench: Bench) -> None:
    bench.follow("camera", source="0")
    until(lambda: bool(bench.desk.states()))
    picture = Preview(b"\x01\x02\x03", 1, 1, 5)
    bench.made[0].preview = picture
    until(lambda: bool(bench.seen))
    QTest.qWait(350)
    assert bench.seen == [picture]
    bench.follow("camera", source="")
    assert bench.seen == [picture, None]


def test_a_picture_turns_from_blue_first_to_red_first() -> None:
    assert rgb_of(Preview(bytes(range(6)), 2, 1, 0)) == bytes([2, 1, 0, 5, 4, 3])


def test_sound_follows_the_settings(bench: Bench) -> None:
    told: list[State] = [bench.desk.speaker]
    bench.follow("window", sound=False)
    bench.desk.try_sound(bench.desk, told.append)
    until(lambda: len(told) == 2)
    assert told == [State.CLOSED, State.OFF]
