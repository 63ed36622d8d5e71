"""The scanners, the camera and the loudspeaker of this terminal, started as the settings say and heard in one place."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from hardware.scanning.camera import Camera, CameraSettings, Preview, cameras
from hardware.scanning.scan import DeviceState, Scan
from hardware.scanning.serial_port import SerialScanner, SerialSettings, ports
from hardware.scanning.wedge import Rules
from hardware.speaker import Speaker, State
from terminal.presenters.devices import Found, LastScan
from terminal.settings import CameraSection, ScannerSection, Settings
from terminal.ui.bridges.keys import WedgeKeys
from terminal.ui.operation import DEVICE, Operations

PREVIEW_EVERY_MS = 100
_TRIED = "redeemed"


class Reader(Protocol):
    """A device with a thread of its own."""

    name: str

    def start(self) -> None: ...

    def stop(self) -> None: ...


class DeviceDesk(QObject):
    """`scanned` carries each Scan, whichever device it came from; `state_changed` a DeviceState; `pictured` the
    camera's newest small picture, or None when it went away; `unread` says that a code did not arrive whole."""

    scanned = Signal(object)
    unread = Signal()
    state_changed = Signal(object)
    pictured = Signal(object)
    _arrived = Signal(object)
    _told = Signal(object)

    def __init__(self, settings: Settings, operations: Operations) -> None:
        super().__init__()
        self._operations = operations
        self._settings = settings
        self._keys = WedgeKeys(_rules(settings.scanner))
        self._keys.scanned.connect(self._typed)
        self._keys.unread.connect(self.unread)
        self._arrived.connect(self._read)
        self._told.connect(self._note)
        self._serial: SerialScanner | None = None
        self._camera: Camera | None = None
        self._started: list[Reader] = []
        self._gate, self._ended = Lock(), False
        self._speaker = Speaker(settings.window.sound)
        self._states: dict[str, DeviceState] = {}
        self._last: LastScan | None = None
        self._seen: Preview | None = None
        self._look = QTimer(self, interval=PREVIEW_EVERY_MS)
        self._look.timeout.connect(self._show_picture)
        self._serial, self._camera = self._scanner_of(settings.scanner), self._camera_of(settings.camera)
        self._swap([], [reader for reader in (self._serial, self._camera) if reader is not None])

    @property
    def keys_held(self) -> bool:
        """Some key is still undecided between a scanner and a person."""
        return self._keys.holding

    @property
    def last(self) -> LastScan | None:
        """The last scan of all, and how it was typed."""
        return self._last

    @property
    def speaker(self) -> State:
        """How the loudspeaker is."""
        return self._speaker.state

    def states(self) -> tuple[DeviceState, ...]:
        """How each device that the settings name is, by name; a device that has not said anything yet is left out."""
        return tuple(state for _, state in sorted(self._states.items()))

    def preview(self) -> Preview | None:
        """The camera's newest small picture, if one is on."""
        return self._camera.latest() if self._camera is not None else None

    def snapshot(self) -> bytes | None:
        """The camera's whole picture as PNG; asked for off the window's thread."""
        return self._camera.snapshot_png() if self._camera is not None else None

    def sound(self, name: str) -> None:
        """One of resources/sounds."""
        if self._settings.window.sound:
            self._operations.start(self, lambda: self._play(name), lambda _: None, lane=DEVICE)

    def try_sound(self, owner: QObject, then: Callable[[State], object]) -> None:
        """Play one, on a loudspeaker that may have come since; `then` hears how it is."""
        self._operations.start(owner, lambda: self._play(_TRIED, afresh=True), then, lane=DEVICE)

    def find(self, owner: QObject, then: Callable[[Found], object]) -> None:
        """Look for the serial ports and cameras of this machine."""
        self._operations.start(owner, lambda: Found(tuple(ports()), tuple(cameras())), then, lane=DEVICE)

    def follow(self, settings: Settings) -> None:
        """New settings: only what they change is started anew, and nobody waits for what is let go."""
        before, self._settings = self._settings, settings
        old: list[Reader] = []
        new: list[Reader] = []
        if _rules(settings.scanner) != _rules(before.scanner):
            self._keys.follow(_rules(settings.scanner))
        if _line(settings.scanner) != _line(before.scanner):
            old += [self._serial] if self._serial is not None else []
            self._serial = self._scanner_of(settings.scanner)
            new += [self._serial] if self._serial is not None else []
        if settings.camera != before.camera:
            old += [self._camera] if self._camera is not None else []
            self._look.stop()
            self._show_picture()
            self._camera = self._camera_of(settings.camera)
            new += [self._camera] if self._camera is not None else []
        if old or new:
            for reader in old:
                self._states.pop(reader.name, None)
            # One job, so that a device is let go before it is taken again.
            self._operations.start(self, lambda: self._swap(old, new), lambda _: None, lane=DEVICE)
        if settings.window.sound != before.window.sound:
            speaker, self._speaker = self._speaker, Speaker(settings.window.sound)
            self._operations.start(self, speaker.close, lambda _: None, lane=DEVICE)

    def stop(self) -> None:
        """Let go of every device; waits for them, as nothing comes after."""
        self._look.stop()
        self._keys.stop()
        with self._gate:
            self._ended = True
            started = list(self._started)
        for reader in started:
            reader.stop()
        self._speaker.close()

    def _swap(self, old: list[Reader], new: list[Reader]) -> None:
        for reader in old:
            reader.stop()
        with self._gate:
            if self._ended:
                return
            self._started = [reader for reader in self._started if reader not in old] + new
            for reader in new:
                reader.start()

    def _play(self, name: str, *, afresh: bool = False) -> State:
        speaker = self._speaker
        if speaker.state in (State.CLOSED, State.LOST) or (afresh and speaker.state is State.NO_DEVICE):
            speaker.open()
        speaker.play(Path(str(files("resources").joinpath("sounds", f"{name}.wav"))))
        return speaker.state

    def _scanner_of(self, scanner: ScannerSection) -> SerialScanner | None:
        if not scanner.serial:
            return None
        wish = SerialSettings(scanner.serial, scanner.baud, silence_ms=scanner.silence_ms)
        return SerialScanner(wish, self._arrived.emit, self._told.emit)

    def _camera_of(self, camera: CameraSection) -> Camera | None:
        if not camera.source:
            return None
        self._look.start()
        return Camera(CameraSettings(camera.source), self._arrived.emit, self._told.emit)

    def _typed(self, scan: Scan) -> None:
        burst = self._keys.burst
        self._hear(LastScan(scan, burst.pace_ms, burst.ended) if burst is not None else LastScan(scan))

    def _read(self, scan: Scan) -> None:
        self._hear(LastScan(scan))

    def _hear(self, last: LastScan) -> None:
        self._last = last
        self.scanned.emit(last.scan)

    def _note(self, state: DeviceState) -> None:
        # What a device says while it is being let go is no news any more.
        if state.name in {reader.name for reader in (self._serial, self._camera) if reader is not None}:
            self._states[state.name] = state
            self.state_changed.emit(state)

    def _show_picture(self) -> None:
        seen = self.preview() if self._look.isActive() else None
        if seen is not self._seen:
            self._seen = seen
            self.pictured.emit(seen)


def rgb_of(preview: Preview) -> bytes:
    """The pixels in the order that Qt's screens take."""
    turned = bytearray(preview.pixels)
    turned[0::3], turned[2::3] = preview.pixels[2::3], preview.pixels[0::3]
    return bytes(turned)


def _rules(section: ScannerSection) -> Rules:
    return Rules(section.gap_ms, prefix=section.prefix, suffix=section.suffix)


def _line(section: ScannerSection) -> tuple[str, int, int]:
    return section.serial, section.baud, section.silence_ms
