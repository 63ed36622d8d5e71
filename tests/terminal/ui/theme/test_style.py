"""The style sheet is understood by Qt and does what the marks on widgets promise."""

import re
from collections.abc import Callable

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from terminal.ui.theme import style, tokens
from terminal.ui.theme.sheet_fields import picture

THEMES = list(tokens.PALETTES)


def colours_of(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(image.height())}


Show = Callable[..., QWidget]


@pytest.fixture
def show(app: QApplication, qtbot: QtBot) -> Show:
    """Puts widgets into a window that lives as long as the test."""

    def shown(*widgets: QWidget) -> QWidget:
        window = QWidget()
        layout = QVBoxLayout(window)
        for widget in widgets:
            layout.addWidget(widget)
        windows.append(window)
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        return window

    windows: list[QWidget] = []
    return shown


@pytest.mark.parametrize("theme", THEMES)
def test_qt_understands_every_rule(app: QApplication, show: Show, theme: str, qtlog: object) -> None:
    style.apply(app, theme)
    show(QPushButton("核销"), QCheckBox("核销"), QComboBox(), QTableWidget(1, 1))
    assert not [record.message for record in getattr(qtlog, "records", []) if "parse" in record.message.lower()]


@pytest.mark.parametrize("theme", THEMES)
def test_the_sheet_has_no_colour_of_its_own(theme: str) -> None:
    sheet = style.stylesheet(tokens.PALETTES[theme])
    palette = tokens.PALETTES[theme]
    known = set(re.findall("#[0-9A-F]{6}", repr(palette)))
    assert set(re.findall("#[0-9A-Fa-f]{3,8}", sheet)) <= known


@pytest.mark.parametrize("theme", THEMES)
def test_what_the_sheet_draws_is_there(theme: str) -> None:
    addresses = re.findall(r'url\("([^"]+)"\)', style.stylesheet(tokens.PALETTES[theme]))
    assert picture(tokens.PALETTES[theme], "tick") in addresses
    for address in addresses:
        with open(address, encoding="utf-8") as drawing:  # noqa: PTH123
            assert "<svg" in drawing.read()


def test_an_unknown_theme_is_the_system_s(app: QApplication) -> None:
    assert style.apply(app, "sepia") in tokens.PALETTES.values()


def test_the_theme_changes_while_the_window_is_open(app: QApplication, show: Show) -> None:
    style.apply(app, "light")
    window = show(QLineEdit())
    assert tokens.LIGHT.surface in colours_of(window)
    style.apply(app, "dark")
    assert tokens.LIGHT.surface not in colours_of(window)
    assert tokens.DARK.surface in colours_of(window)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", ["plain", "quiet", "primary", "danger", "field", "box", "choice", "table"])
def test_the_focus_is_seen(app: QApplication, qtbot: QtBot, show: Show, theme: str, kind: str) -> None:
    palette = style.apply(app, theme)
    made: QWidget
    match kind:
        case "field":
            made = QLineEdit()
        case "box":
            made = QCheckBox("核销")
        case "choice":
            made = QComboBox()
        case "table":
            made = QTableWidget(1, 1)
        case _:
            made = QPushButton("核销")
            style.mark(made, kind=kind)
    other = QPushButton("取消")
    show(other, made)
    other.setFocus()
    ring = palette.text if kind in ("primary", "danger") else palette.accent.ink

    def ringed() -> int:
        image, middle = made.grab().toImage(), made.height() // 2
        return sum(image.pixelColor(x, middle) == QColor(ring) for x in (0, 1))

    qtbot.waitUntil(other.hasFocus)
    assert ringed() == 0
    before = made.size()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    assert ringed() == tokens.FOCUS_RING
    assert made.size() == before


@pytest.mark.parametrize(("kind", "height"), [("plain", 48), ("quiet", 48), ("danger", 48), ("primary", 56)])
def test_buttons_are_large_enough_for_a_finger(app: QApplication, show: Show, kind: str, height: int) -> None:
    style.apply(app, "light")
    button = QPushButton("核销")
    style.mark(button, kind=kind)
    show(button)
    assert button.sizeHint().height() == height


def test_a_wrong_field_is_marked_and_unmarked(app: QApplication, show: Show) -> None:
    palette = style.apply(app, "light")
    field = QLineEdit("123")
    show(QPushButton(), field)
    style.mark(field, wrong=True)
    assert {palette.refused.ink, palette.refused.soft} <= colours_of(field)
    style.mark(field, wrong=False)
    assert not {palette.refused.ink, palette.refused.soft} & colours_of(field)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("verdict", tokens.VERDICTS)
def test_a_panel_turns_with_its_verdict_and_so_does_all_text_on_it(
    app: QApplication, show: Show, theme: str, verdict: str
) -> None:
    palette = style.apply(app, theme)
    panel, note = QFrame(), QLabel("凭签名验证")
    style.mark(note, kind="note")
    QVBoxLayout(panel).addWidget(note)
    show(panel)
    assert palette.verdicts[verdict].fill not in colours_of(panel)
    style.mark(panel, verdict=verdict)
    tone = palette.verdicts[verdict]
    assert tone.fill in colours_of(panel)
    assert note.palette().windowText().color() == QColor(tone.on_fill)


def test_a_table_has_rows_for_a_finger_and_no_grid(app: QApplication, show: Show) -> None:
    style.apply(app, "light")
    table = QTableWidget(2, 2)
    style.tabulate(table)
    show(table)
    assert table.rowHeight(0) == tokens.ROW_HEIGHT
    assert not table.showGrid()
    assert table.verticalHeader().isHidden()
