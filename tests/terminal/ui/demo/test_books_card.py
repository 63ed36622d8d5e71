"""Both books at the foot: how they stand is said, every platform has its figures, and nothing is cut where it is
narrow."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from sync.platforms.registry import PLATFORMS
from terminal.demo.customers import Kind, Phone
from terminal.demo.figures import Figures
from terminal.demo.sides import Side
from terminal.i18n import LANGUAGES, Words, text
from terminal.ui.demo.books import BooksCard
from terminal.ui.demo.phone import in_groups
from terminal.ui.demo.screen import AREA, MOST_ACROSS, CustomersWindow, width_of

PEOPLE = [("收银员一", "1111"), ("店长", "8888")]
# What a cashier may come to in a long day of playing.
BUSY = tuple(Side(name, 128, 1_638_400, 127, 1_625_600, owed=1) for name in PLATFORMS)
AGREED, FEWER = Side("meituan", 3, 5_970, 3, 5_970), Side("meituan", 3, 5_970, 2, 3_980)
DUE = Side("meituan", 3, 5_970, 2, 3_980, owed=2)
FALLEN_SHORT = Side("douyin", 0, 0, 1, 990)


def figures(card: BooksCard) -> dict[str, tuple[str, str]]:
    return {name: (theirs.text(), ours.text()) for name, (theirs, ours) in card.cells.items()}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Figures((AGREED,)), "✓ 两边一致"),
        (Figures((DUE,)), "⏳ 网络恢复后自动补录"),
        (Figures((FEWER,)), "✕ 两边不一致"),
        (Figures((DUE, FALLEN_SHORT)), "✕ 两边不一致"),
        (Figures((AGREED,), second_attempts=1), "✕ 两边不一致"),
    ],
)
def test_how_the_books_stand_is_said(qapp: QApplication, found: Figures, said: str) -> None:
    window = CustomersWindow(Words(AREA, "zh"), PEOPLE)
    window.show_figures(found)
    assert window.standing == said
    window.deleteLater()


@pytest.mark.parametrize("wide", [True, False])
def test_every_platform_has_both_figures_and_so_have_all_together(qapp: QApplication, wide: bool) -> None:
    card = BooksCard(Words(AREA, "zh"), wide)
    card.show_figures(Figures((AGREED, FALLEN_SHORT)))
    assert figures(card) == {"meituan": ("3", "3"), "douyin": ("1", "0"), "": ("4", "3")}
    card.show_figures(Figures((AGREED, Side("douyin", 1, 990, 1, 990))))
    assert figures(card)["douyin"] == ("1", "1")
    card.deleteLater()


def test_the_platform_that_disagrees_is_marked_and_no_other(qapp: QApplication) -> None:
    card = BooksCard(Words(AREA, "zh"), wide=True)
    card.show_figures(Figures((AGREED, FALLEN_SHORT, Side("dianping", 1, 1, 0, 0, owed=1))))
    tones = {name: cells[0].property("tone") or "" for name, cells in card.cells.items()}
    assert tones == {"meituan": "", "douyin": "refused", "dianping": "recorded", "": "refused"}
    card.deleteLater()


def test_what_is_nought_is_not_said(qapp: QApplication) -> None:
    card = BooksCard(Words(AREA, "zh"), wide=True)
    card.show_figures(Figures((DUE,)))
    shown = [one.text() for one in card.findChildren(QLabel) if not one.isHidden()]
    assert "待补录 2 笔" in shown
    card.show_figures(Figures((AGREED,)))
    shown = [one.text() for one in card.findChildren(QLabel) if not one.isHidden()]
    assert not any("待补录" in one or "差异" in one for one in shown)
    card.deleteLater()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("across", range(1, MOST_ACROSS + 1))
def test_the_window_needs_no_more_width_than_it_is_given(qapp: QApplication, language: str, across: int) -> None:
    """Else it hangs over the screen's edge, or over the till."""
    window = CustomersWindow(Words(AREA, language), PEOPLE, across)
    window.show_phones(tuple(Phone(kind, "", "1234567890123456789", 12_800) for kind in Kind))
    for up in (True, False):
        window.show_line(up)
        window.show_figures(Figures(BUSY, 2, 3))
        window.ensurePolished()
        assert window.minimumSizeHint().width() <= width_of(across)
    window.deleteLater()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_platform_is_named_in_words(qapp: QApplication, language: str) -> None:
    card = BooksCard(Words(AREA, language), wide=False)
    card.show_figures(Figures(BUSY))
    shown = [one.text() for one in card.findChildren(QLabel)]
    assert {text(language, "platforms", name) for name in PLATFORMS} <= set(shown)
    card.deleteLater()


@pytest.mark.parametrize(
    ("code", "said"),
    [("13800138001", "138 0013 8001"), ("0123456789", "0123 4567 89"), ("123456789012", "1234 5678 9012"), ("", "")],
)
def test_digits_are_grouped_as_people_read_them(code: str, said: str) -> None:
    assert in_groups(code) == said
