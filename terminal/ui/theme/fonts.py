"""The bundled typeface: loaded once, the same on every machine."""

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from terminal.paths import resource
from terminal.ui.theme import tokens

FILES = ("hexiao-sans-regular.otf", "hexiao-sans-bold.otf")
# For characters that ours lacks (a guest's name in an old hanzi); Qt falls through these in order.
FALLBACKS = ("Noto Sans CJK SC", "Microsoft YaHei UI", "PingFang SC")


@cache
def load() -> str:
    """The family's name, its files given to Qt; needs a QGuiApplication. Without readable files: Qt's own sans."""
    families = []
    for name in FILES:
        # By its path: the system maps the file, where data would be held in memory twice.
        number = QFontDatabase.addApplicationFont(str(resource("fonts", name)))
        families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families[0] if families else QFont().defaultFamily()


def font(size: int = tokens.BODY, bold: bool = False) -> QFont:
    """A font of `size` device-independent pixels, its digits of one width."""
    made = QFont([load(), *FALLBACKS])
    made.setPixelSize(size)
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    # Our digits are of one width as they are; a fallback's may need asking.
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
