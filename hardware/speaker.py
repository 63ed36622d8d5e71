"""The loudspeaker: plays one short sound at a time and keeps nobody waiting."""

import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Generator
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

logger = logging.getLogger(__name__)

RATE_HZ = 22_050
# What is asked for at a time: as long as a sound may come late.
PERIOD_MS = 40
FRAME_BYTES = 2

Player = Generator[bytes, int, None]


class State(StrEnum):
    """What the devices page says of it."""

    OFF = "off"
    CLOSED = "closed"
    READY = "ready"
    NO_DEVICE = "no_device"
    LOST = "lost"


class Device(Protocol):
    """The part of a miniaudio device that is used here."""

    stop_callback: Callable[[], None] | None

    def start(self, callback_generator: Player) -> None: ...

    def close(self) -> None: ...


def has_a_way_out(environment: dict[str, str], devices: Path = Path("/dev/snd")) -> bool:
    """False where Linux has neither a card nor a sound server: asking ALSA there prints a page of complaints."""
    if not sys.platform.startswith("linux"):
        return True
    server = Path(environment.get("XDG_RUNTIME_DIR", "/nonexistent")) / "pulse" / "native"
    return "PULSE_SERVER" in environment or server.exists() or any(devices.glob("pcm*p"))


def open_default() -> Device:
    """This machine's chosen loudspeaker; OSError or miniaudio's own error if there is none."""
    if not has_a_way_out(dict(os.environ)):
        raise OSError("no sound card and no sound server")
    import miniaudio  # type: ignore[import-untyped]

    device: Device = miniaudio.PlaybackDevice(
        nchannels=1, sample_rate=RATE_HZ, buffersize_msec=PERIOD_MS, app_name="hexiao"
    )
    return device


def decode(wav: bytes) -> bytes:
    """Samples as the device wants them, whatever rate and width the file has; miniaudio's error if it is no sound."""
    import miniaudio

    sound: Any = miniaudio.decode(wav, nchannels=1, sample_rate=RATE_HZ)
    return bytes(sound.samples.tobytes())


class Speaker:
    """`open()` may take seconds (a sound server that starts), so its caller runs it beside the window; `play()` never
    waits. Neither raises: a silent till goes on, and `state` tells why it is silent."""

    def __init__(self, enabled: bool, open_device: Callable[[], Device] = open_default) -> None:
        self.state = State.CLOSED if enabled else State.OFF
        self._open_device = open_device
        self._device: Device | None = None
        # The newest sound wins: an old verdict means nothing once there is a new one.
        self._next: deque[bytes] = deque(maxlen=1)
        self._decoded: dict[Path, bytes] = {}

    def open(self) -> State:
        """Blocks until the device runs or is known to be absent; again after it was lost or plugged in."""
        if self.state in (State.OFF, State.READY):
            return self.state
        # Loaded at the first sound: a till without one starts faster.
        import miniaudio

        self._release()
        player = self._samples()
        next(player)
        try:
            self._device = self._open_device()
            self._device.stop_callback = self._lost
            self._device.start(player)
        except (OSError, miniaudio.MiniaudioError) as error:
            logger.info("No loudspeaker: %s", error)
            self._release()
            self.state = State.NO_DEVICE
        else:
            self.state = State.READY
        return self.state

    def play(self, wav: bytes | Path) -> bool:
        """Starts a sound in place of the one that plays; whether it can be heard."""
        if self.state is not State.READY:
            return False
        import miniaudio

        try:
            samples = decode(wav) if isinstance(wav, bytes) else self._read(wav)
        except (OSError, miniaudio.MiniaudioError) as error:
            logger.warning("Not a sound: %s", error)
            return False
        self._next.append(samples)
        return True

    def close(self) -> None:
        """Gives the device back; `open()` takes it again."""
        self._release()
        self._next.clear()
        if self.state is not State.OFF:
            self.state = State.CLOSED

    def _read(self, path: Path) -> bytes:
        if path not in self._decoded:
            self._decoded[path] = decode(path.read_bytes())
        return self._decoded[path]

    def _release(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.stop_callback = None
            device.close()

    def _lost(self) -> None:
        self.state = State.LOST

    def _samples(self) -> Player:
        """Runs on the sound library's own thread, which asks for so many frames; b"" is silence."""
        rest = b""
        frames = yield b""
        while True:
            if self._next:
                rest = self._next.pop()
            wanted = frames * FRAME_BYTES
            part, rest = rest[:wanted], rest[wanted:]
            frames = yield part
