"""The scanners, the camera and the loudspeaker of this terminal, started as the settings say and heard in one place."""

from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from hardware.scanning.camera import Camera, CameraSettings, Preview
from hardware.scanning.scan import DeviceState
from hardware.scanning.serial_port import SerialScanner, SerialSettings
from hardware.scanning.wedge import Rules
from hardware.speaker import Speaker, State
from terminal.settings import ScannerSection, Settings
from terminal.ui.bridges.keys import WedgeKeys
from terminal.ui.operation import DEVICE, Operations

PREVIEW_EVERY_MS = 100


class DeviceDesk(QObject):
    """`scanned` carries each Scan, whichever device it came from; `state_changed` a DeviceState; `pictured` the
    camera's newest small picture, or None when it went away."""

    scanned = Signal(object)
    state_changed = Signal(object)
    pictured = Signal(object)

    def __init__(self, settings: Settings, operations: Operations) -> None:
        super().__init__()
        self._operations = operations
        self._settings = settings
        self._keys = WedgeKeys(_rules(settings.scanner))
        self._keys.scanned.connect(self.scanned)
        self._serial: SerialScanner | None = None
        self._camera: Camera | None = None
        self._speaker = Speaker(settings.window.sound)
        self._states: dict[str, DeviceState] = {}
        self.state_changed.connect(self._note)
        self._look = QTimer(self, interval=PREVIEW_EVERY_MS)
        self._look.timeout.connect(self._show_picture)
        self._start(settings)

    @property
    def keys_held(self) -> bool:
        """Some key is still undecided between a scanner and a person."""
        return self._keys.holding

    def states(self) -> tuple[DeviceState, ...]:
        """How each device that the settings name is, by name."""
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

    def follow(self, settings: Settings) -> None:
        """New settings: only what they change is started anew."""
        before, self._settings = self._settings, settings
        if settings.scanner != before.scanner or settings.camera != before.camera:
            self._stop_readers()
            self._start(settings)

    def stop(self) -> None:
        """Let go of every device."""
        self._look.stop()
        self._keys.stop()
        self._stop_readers()
        self._speaker.close()

    def _play(self, name: str) -> None:
        if self._speaker.state in (State.CLOSED, State.LOST):
            self._speaker.open()
        self._speaker.play(Path(str(files("resources").joinpath("sounds", f"{name}.wav"))))

    def _start(self, settings: Settings) -> None:
        scanner, camera = settings.scanner, settings.camera
        self._keys.follow(_rules(scanner))
        if scanner.serial:
            wish = SerialSettings(scanner.serial, scanner.baud, silence_ms=scanner.silence_ms)
            self._serial = SerialScanner(wish, self.scanned.emit, self.state_changed.emit)
            self._serial.start()
        if camera.source:
            self._camera = Camera(CameraSettings(camera.source), self.scanned.emit, self.state_changed.emit)
            self._camera.start()
            self._look.start()

    def _stop_readers(self) -> None:
        for reader in (self._serial, self._camera):
            if reader is not None:
                reader.stop()
        if self._camera is not None:
            self.pictured.emit(None)
        self._look.stop()
        self._serial, self._camera = None, None
        self._states.clear()

    def _note(self, state: DeviceState) -> None:
        self._states[state.name] = state

    def _show_picture(self) -> None:
        self.pictured.emit(self.preview())


def _rules(section: ScannerSection) -> Rules:
    return Rules(section.gap_ms, prefix=section.prefix, suffix=section.suffix)
