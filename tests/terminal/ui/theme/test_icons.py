"""Icons take the colour that they are asked for, fill the screen's own pixels, and are all there."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from terminal.ui.theme import icons
from terminal.ui.theme.tokens import PALETTES, VERDICT_ICONS

FOLDER = Path(__file__).parents[4] / "resources" / "icons"
NAMES = sorted(path.stem for path in FOLDER.glob("*.svg"))


def inked(pixmap: QPixmap) -> list[QColor]:
    """The colours of the pixels that are wholly covered."""
    image = pixmap.toImage()
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return [color for color in (image.pixelColor(x, y) for x, y in points) if color.alpha() == 255]


def apart(one: QColor, other: QColor) -> tuple[int, int, int]:
    return one.red() - other.red(), one.green() - other.green(), one.blue() - other.blue()


def test_an_unknown_name_is_an_error(app: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icons.pixmap("no-such-icon", "#000000")


@pytest.mark.parametrize("name", NAMES)
def test_each_is_drawn_wholly_in_the_colour_asked_for(app: QApplication, name: str) -> None:
    drawn = inked(icons.pixmap(name, "#C3262B", 48))
    assert drawn
    # Where two strokes meet, rounding may cost one step.
    assert not [color.name() for color in drawn if max(map(abs, apart(color, QColor("#C3262B")))) > 1]


@pytest.mark.parametrize("name", NAMES)
def test_each_keeps_off_the_edge_of_its_square(app: QApplication, name: str) -> None:
    image = icons.pixmap(name, "#000000", 48).toImage()
    rim = [(0, at) for at in range(48)] + [(47, at) for at in range(48)]
    assert not any(image.pixelColor(*point).alpha() or image.pixelColor(*reversed(point)).alpha() for point in rim)


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_a_pixel_of_the_screen_is_a_pixel_of_the_picture(app: QApplication, ratio: float) -> None:
    drawn = icons.icon("scan", "#000000").pixmap(QSize(24, 24), ratio)
    assert drawn.size() == QSize(round(24 * ratio), round(24 * ratio))


def test_a_checked_button_shows_the_other_colour(app: QApplication) -> None:
    made = icons.icon("scan", "#000000", 24, on="#2251D1")
    on = made.pixmap(QSize(24, 24), 1.0, QIcon.Mode.Normal, QIcon.State.On)
    off = made.pixmap(QSize(24, 24), 1.0, QIcon.Mode.Normal, QIcon.State.Off)
    assert {color.name() for color in inked(on)} == {"#2251d1"}
    assert {color.name() for color in inked(off)} == {"#000000"}


def test_one_drawing_serves_all(app: QApplication) -> None:
    assert icons.icon("scan", "#123456") is icons.icon("scan", "#123456")


def test_each_verdict_has_its_drawing() -> None:
    assert set(VERDICT_ICONS.values()) <= set(NAMES)


@pytest.mark.parametrize("theme", PALETTES)
def test_pictures_that_can_not_be_tinted_have_the_theme_s_colours(theme: str) -> None:
    palette = PALETTES[theme]
    wanted = {"tick": palette.accent.on_fill, "up": palette.text_quiet, "down": palette.text_quiet}
    for name, color in wanted.items():
        svg = (FOLDER / theme / f"{name}.svg").read_text(encoding="utf-8")
        assert re.findall("#[0-9A-F]{6}", svg) == [color]
