"""Who waits: how many, and of each text no more than its end."""

import pytest

from terminal.i18n import Words
from terminal.presenters.waiting import tail_of, waiting_line

ZH = Words("redeem", "zh")


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("123456789012", "…9012"),
        ("13800138000", "…8000"),
        ("138 0013 8000", "…8000"),
        ("1234", ""),
        ("", ""),
        ("https://v.douyin.com/abc123/", ""),
        ("1" * 321, ""),
    ],
)
def test_only_a_code_has_an_end_to_show(text: str, tail: str) -> None:
    assert tail_of(text) == tail


def test_nobody_waits_and_nothing_is_said() -> None:
    assert waiting_line(ZH, []) == ""


def test_all_are_counted_and_the_first_ones_named() -> None:
    line = waiting_line(ZH, [f"12345678{end}" for end in range(1000, 1005)])
    assert "5" in line
    assert "…1002" in line
    assert "…1003" not in line
    assert "12345678" not in line


def test_links_are_counted() -> None:
    assert waiting_line(ZH, ["https://v.douyin.com/a/"]) == ZH("waiting", "count", count=1)
