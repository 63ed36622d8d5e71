"""A till without a loudspeaker goes on; one with it plays the newest sound, all of it, and gives the device back."""

import io
import sys
import threading
import wave
from collections.abc import Callable
from pathlib import Path

import miniaudio  # type: ignore[import-untyped]
import pytest

from hardware.speaker import RATE_HZ, Device, Player, Speaker, State, decode, has_a_way_out, open_default

SOUNDS = Path(__file__).parents[2] / "resources" / "sounds"
NAMES = ("redeemed", "recorded", "manager", "refused", "scan")


class FalseDevice:
    """Hands out what the player gives, as a sound card's thread would ask for it."""

    def __init__(self) -> None:
        self.stop_callback: Callable[[], None] | None = None
        self.player: Player | None = None
        self.closed = 0

    def start(self, callback_generator: Player) -> None:
        self.player = callback_generator

    def close(self) -> None:
        self.closed += 1

    def ask(self, frames: int) -> bytes:
        assert self.player is not None
        return self.player.send(frames)


def wav(samples: bytes, rate: int = RATE_HZ, channels: int = 1) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)
    return made.getvalue()


def refuse() -> Device:
    raise miniaudio.MiniaudioError("failed to init device", -401)


@pytest.fixture
def device() -> FalseDevice:
    return FalseDevice()


@pytest.fixture
def speaker(device: FalseDevice) -> Speaker:
    made = Speaker(True, lambda: device)
    assert made.open() is State.READY
    return made


def test_a_till_without_a_loudspeaker_says_so_and_goes_on() -> None:
    speaker = Speaker(True, refuse)
    assert speaker.open() is State.NO_DEVICE
    assert not speaker.play(SOUNDS / "redeemed.wav")
    speaker.close()
    assert speaker.state is State.CLOSED


def test_a_machine_without_card_and_server_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert not has_a_way_out({}, tmp_path)
    (tmp_path / "pcmC0D0c").touch()
    assert not has_a_way_out({}, tmp_path), "a microphone is no loudspeaker"
    (tmp_path / "pcmC0D0p").touch()
    assert has_a_way_out({}, tmp_path)


def test_a_sound_server_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    runtime = tmp_path / "runtime"
    assert not has_a_way_out({"XDG_RUNTIME_DIR": str(runtime)}, tmp_path)
    (runtime / "pulse").mkdir(parents=True)
    (runtime / "pulse" / "native").touch()
    assert has_a_way_out({"XDG_RUNTIME_DIR": str(runtime)}, tmp_path)
    assert has_a_way_out({"PULSE_SERVER": "tcp:till"}, tmp_path)


def test_the_default_device_never_breaks_the_till() -> None:
    speaker = Speaker(True, open_default)
    assert speaker.open() in (State.READY, State.NO_DEVICE)
    speaker.close()


@pytest.mark.parametrize("junk", [b"", b"RIFF", b"\0" * 5000, wav(b"")[:20]])
def test_what_is_no_sound_is_passed_over(speaker: Speaker, device: FalseDevice, junk: bytes) -> None:
    assert not speaker.play(junk)
    assert device.ask(100) == b""
    assert speaker.state is State.READY


def test_a_file_that_is_not_there_is_passed_over(speaker: Speaker, tmp_path: Path) -> None:
    assert not speaker.play(tmp_path / "none.wav")


def test_a_silenced_till_opens_nothing() -> None:
    speaker = Speaker(False, refuse)
    assert speaker.open() is State.OFF
    assert not speaker.play(SOUNDS / "scan.wav")
    speaker.close()
    assert speaker.state is State.OFF


def test_before_it_is_open_a_sound_is_not_kept_for_later(device: FalseDevice) -> None:
    speaker = Speaker(True, lambda: device)
    assert not speaker.play(wav(b"\1\0" * 50))
    speaker.open()
    assert device.ask(100) == b""


def test_a_sound_comes_whole_and_once(speaker: Speaker, device: FalseDevice) -> None:
    samples = bytes(range(200))
    assert speaker.play(wav(samples))
    assert device.ask(30) + device.ask(30) + device.ask(100) == samples
    assert device.ask(100) == b""


def test_a_new_sound_takes_the_place_of_the_old(speaker: Speaker, device: FalseDevice) -> None:
    speaker.play(wav(b"\1\0" * 100))
    assert device.ask(10) == b"\1\0" * 10
    speaker.play(wav(b"\2\0" * 5))
    speaker.play(wav(b"\3\0" * 5))
    assert device.ask(100) == b"\3\0" * 5


def test_another_rate_and_two_channels_are_brought_to_ours() -> None:
    assert len(decode(wav(b"\0\0\0\0" * 44_100, rate=44_100, channels=2))) == pytest.approx(RATE_HZ * 2, rel=0.01)


def test_a_device_that_was_pulled_out_is_told_and_taken_again(speaker: Speaker, device: FalseDevice) -> None:
    assert device.stop_callback is not None
    device.stop_callback()
    assert speaker.state is State.LOST
    assert not speaker.play(wav(b"\1\0" * 5))
    assert speaker.open() is State.READY
    assert device.closed == 1


def test_closing_gives_the_device_back_once_and_is_no_loss(speaker: Speaker, device: FalseDevice) -> None:
    speaker.close()
    speaker.close()
    assert device.closed == 1
    assert device.stop_callback is None
    assert speaker.state is State.CLOSED


def test_opening_twice_takes_one_device(speaker: Speaker, device: FalseDevice) -> None:
    first = device.player
    assert speaker.open() is State.READY
    assert device.player is first


def test_the_library_s_own_thread_takes_a_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = threading.Event()

    class Listening(Speaker):
        def _samples(self) -> Player:
            inner = super()._samples()
            part = next(inner)
            while True:
                part = inner.send((yield part))
                if part:
                    taken.set()

    def nowhere() -> Device:
        made: Device = miniaudio.PlaybackDevice(
            nchannels=1, sample_rate=RATE_HZ, buffersize_msec=20, backends=[miniaudio.Backend.NULL]
        )
        return made

    speaker = Listening(True, nowhere)
    assert speaker.open() is State.READY
    assert speaker.play(SOUNDS / "redeemed.wav")
    assert taken.wait(10)
    speaker.close()


@pytest.mark.parametrize("name", NAMES)
def test_each_sound_is_short_and_not_too_loud(name: str) -> None:
    with wave.open(str(SOUNDS / f"{name}.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        assert file.getnframes() / RATE_HZ <= 0.402
        samples = memoryview(file.readframes(file.getnframes())).cast("h")
    assert 8_000 < max(abs(value) for value in samples) < 24_000
    assert abs(samples[0]) < 100
    assert abs(samples[-1]) < 100


def test_no_two_sounds_are_alike() -> None:
    assert len({(SOUNDS / f"{name}.wav").read_bytes() for name in NAMES}) == len(NAMES)
