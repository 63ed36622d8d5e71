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


def test_an_error_is_kept_with_code_type_and_stack(tmp_path: Path) -> None:
    with logs.kept_in(tmp_path):
        logs.note("账本 opened")
        logs.unexpected("0A1B2C3D", "ValueError\nsettle:12 courier.py")
        logs.unexpected("0A1B2C3D", "ValueError\nsettle:12 courier.py", 8)
    logs.note("after the end")
    text = kept(tmp_path)
    assert "INFO 账本 opened" in text
    assert "ERROR 0A1B2C3D ValueError\nsettle:12 courier.py" in text
    assert "ERROR 0A1B2C3D x8 ValueError\nsettle:12 courier.py" in text
    assert "after the end" not in text


@pytest.mark.parametrize(
    ("secret", "telling"),
    [
        ("102934857610", "1029"),
        ("0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0a1b"),
        ("13800138000", "1380"),
        ("138-0013-8000", "0013"),
        ("+86 138 0013 8000", "8000"),
        ("(0571) 8888 1234", "8888"),
        ("https://v.douyin.com/aBc12345/", "aBc1"),
        ("https://v.douyin.com/iRNBho5p/", "iRNB"),
        ("https://v.douyin.com/abcdef/", "abcdef"),
        ("v.douyin.com/abcdef", "abcdef"),
        ("http://dpurl.cn/kXzQwYz?code=ab", "code"),
        ("https://wang:geheim@shop.cn/", "geheim"),
        ("iRNBho5p", "iRNB"),
        ("HX8K2P", "K2P"),
        ("JHGFKDQW", "JHGF"),
        ("券码A1b2C3已用", "b2C"),
        ("A-2024-0001", "2024"),
    ],
)
def test_whatever_could_be_a_code_or_a_secret_is_hidden(tmp_path: Path, secret: str, telling: str) -> None:
    with logs.kept_in(tmp_path):
        logs.note(f"no answer for {secret} at 10:42")
    text = kept(tmp_path).splitlines()[0]
    assert secret not in text
    assert telling not in text.partition("INFO")[2]
    assert "no answer for" in text
    assert "at 10:42" in text


@pytest.mark.parametrize(
    "said", ["opened", "not opened: ledger_in_use", "not opened: secrets_unavailable", "账本 closed"]
)
def test_what_the_program_says_of_itself_can_be_read(said: str) -> None:
    assert logs.masked(said) == said


def test_who_a_link_leads_to_may_be_told() -> None:
    assert logs.masked("https://v.douyin.com/iRNBho5p/") == "https://v.douyin.com/▒"


def test_the_file_is_turned_over_before_it_grows_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LONGEST_B", 2_000)
    with logs.kept_in(tmp_path):
        for _ in range(400):
            logs.note("a line of the program's own life")
    files = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert files == ["hexiao.log", *(f"hexiao.log.{number}" for number in range(1, 6))]
    assert all(path.stat().st_size <= 2_000 for path in (tmp_path / "logs").iterdir())


def test_nothing_goes_to_anybody_elses_log(capsys: pytest.CaptureFixture[str]) -> None:
    logs.unexpected("0A1B2C3D", "ValueError")
    assert logging.getLogger("hexiao").propagate is False
    assert capsys.readouterr() == ("", "")
