"""What the settings refuse by name, and that a change on disk is whole or not at all."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from sync.errors import SettingsError
from terminal.settings import CameraSection, ScannerSection, Settings, StoreSection, amend, read, with_section, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "settings.toml"
    write(Settings(store=StoreSection(name="Riverside")), found)
    return found


@pytest.mark.parametrize(
    "source",
    [
        " 0",
        "0 ",
        "a\x00b",
        "line\nbreak",
        "ftp://camera/1",
        "rtsp://",
        "rtsp:///stream",
        "http://[::1",
        "file:///etc/x",
    ],
)
def test_a_camera_that_can_not_be_one_is_refused(source: str) -> None:
    with pytest.raises(ValidationError):
        CameraSection(source=source)


@pytest.mark.parametrize(
    "source", ["", "0", "/dev/v4l/by-id/usb-x-index0", "rtsp://user:pass@10.0.0.7/live", "C:\\a b.mp4", "录像.mp4"]
)
def test_a_camera_may_be_a_number_a_name_a_stream_or_a_file(source: str) -> None:
    assert CameraSection(source=source).source == source


@pytest.mark.parametrize(
    "serial", [" COM3", "COM3\n", "\x00", "usb:12:34", "usb:0c2e", "usb:0c2e:0901:", "USB:zzzz:0901"]
)
def test_a_port_that_can_not_be_one_is_refused(serial: str) -> None:
    with pytest.raises(ValidationError):
        ScannerSection(serial=serial)


@pytest.mark.parametrize("serial", ["", "COM3", "/dev/ttyUSB0", "usb:0c2e:0901", "USB:0C2E:0901:17 A"])
def test_a_port_may_be_a_name_or_an_identity(serial: str) -> None:
    assert ScannerSection(serial=serial).serial == serial


@pytest.mark.parametrize(
    "changes", [{"prefix": "\t"}, {"prefix": "123456789"}, {"gap_ms": 4}, {"gap_ms": 201}, {"x": 1}]
)
def test_a_change_is_checked_like_the_file(changes: dict[str, object]) -> None:
    settings = Settings(store=StoreSection(name="Riverside"))
    with pytest.raises(ValidationError):
        with_section(settings, "scanner", changes)


def test_a_change_leaves_alone_what_somebody_wrote_meanwhile(path: Path) -> None:
    write(with_section(read(path), "scanner", {"baud": 115200}), path)
    changed = amend(path, lambda before: with_section(before, "window", {"theme": "dark"}))
    assert (changed.window.theme, changed.scanner.baud) == ("dark", 115200)
    assert read(path) == changed


def test_a_change_of_a_broken_file_is_refused_and_the_file_stays(path: Path) -> None:
    path.write_text("store = 1", encoding="utf-8")
    with pytest.raises(SettingsError):
        amend(path, lambda before: before)
    assert path.read_text(encoding="utf-8") == "store = 1"


def test_a_change_that_is_not_valid_names_its_field(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="gap_ms"):
        amend(path, lambda settings: with_section(settings, "scanner", {"gap_ms": 1}))
    assert path.read_bytes() == before


def test_a_disk_that_takes_nothing_leaves_the_old_settings(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("terminal.settings.os.fsync", full)
    with pytest.raises(SettingsError):
        amend(path, lambda settings: with_section(settings, "window", {"theme": "dark"}))
    assert path.read_bytes() == before
