"""The log file holds what happened to the program, and nothing that a customer or a secret is made of."""

import logging
from pathlib import Path

import pytest

from terminal import logs


def kept(data: Path) -> str:
    return (data / "logs" / "hexiao.log").read_text(encoding="utf-8")


def test_nothing_is_made_where_there_is_no_terminal(tmp_path: Path) -> None:
    with logs.kept_in(tmp_path / "none"):
        logs.note("opened")
    assert not (tmp_path / "none").exists()


def test_a_folder_that_takes_no_log_keeps_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file", encoding="utf-8")
    with logs.kept_in(tmp_path):
        logs.note("opened")
    assert (tmp_path / "logs").read_text(encoding="utf-8") == "a file"


def test_an_error_is_kept_with_code_message_and_stack(tmp_path: Path) -> None:
    with logs.kept_in(tmp_path):
        logs.note("账本 opened")
        logs.unexpected(ValueError("database disk image is malformed"), "0A1B2C3D", "ValueError\nsettle:12 courier.py")
    logs.note("after the end")
    text = kept(tmp_path)
    assert "INFO 账本 opened" in text
    assert "ERROR 0A1B2C3D database disk image is malformed\nValueError\nsettle:12 courier.py" in text
    assert "after the end" not in text


@pytest.mark.parametrize(
    "secret",
    [
        "102934857610",
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "13800138000",
        "https://v.douyin.com/aBc12345/",
        "A-2024-0001",
    ],
)
def test_whatever_could_be_a_code_or_a_secret_is_hidden(tmp_path: Path, secret: str) -> None:
    with logs.kept_in(tmp_path):
        logs.unexpected(RuntimeError(f"no answer for {secret} at 10:42"), "0A1B2C3D", "RuntimeError")
    digits = "".join(letter for letter in secret if letter.isdigit())
    text = kept(tmp_path).splitlines()[0]
    assert secret not in text
    assert digits not in text
    assert "no answer for" in text
    assert "at 10:42" in text


def test_the_file_is_turned_over_before_it_grows_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LONGEST_B", 2_000)
    with logs.kept_in(tmp_path):
        for _ in range(400):
            logs.note("a line of the program's own life")
    files = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert files == ["hexiao.log", *(f"hexiao.log.{number}" for number in range(1, 6))]
    assert all(path.stat().st_size <= 2_000 for path in (tmp_path / "logs").iterdir())


def test_nothing_goes_to_anybody_elses_log(capsys: pytest.CaptureFixture[str]) -> None:
    logs.unexpected(ValueError("a message"), "0A1B2C3D", "ValueError")
    assert logging.getLogger("hexiao").propagate is False
    assert capsys.readouterr() == ("", "")
