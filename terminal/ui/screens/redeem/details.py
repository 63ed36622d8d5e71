"""What is in a package and under which terms: as tall as it is, scrolled where there is less room."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.ui.screens.redeem.flow import Flow
from terminal.ui.theme import tokens
from terminal.ui.widgets.parts import button, label, side_by_side
from terminal.ui.widgets.story import Scrolled

TERMS_SHOWN = 2
_PAGE = 4
# Of one that long a line may be too narrow for it.
_LONG_LINE = 24
# On a card, and not on the page that the theme takes every scrolled ground for.
_BARE = "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"


def bare(area: QScrollArea) -> None:
    """Without a ground of its own."""
    area.setStyleSheet(_BARE)


class Details(QWidget):
    """Contents and terms; of many terms the first ones, and all of them on demand."""

    def __init__(self, words: Words, *, beside: bool = True) -> None:
        super().__init__()
        self._words = words
        self._said: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        self._all = False
        self._beside = beside
        self._contents = QWidget()
        self._lines = Flow()
        self._contents.setLayout(self._lines)
        self._terms = label("", "quiet", wrap=True)
        self._more = button("", "quiet", self._turn)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(self._contents)
        row = side_by_side(self._terms, self._more)
        row.layout().setStretch(0, 1)  # type: ignore[union-attr]
        row.layout().setAlignment(self._more, Qt.AlignmentFlag.AlignTop)  # type: ignore[union-attr]
        column.addWidget(row)
        self._area = Scrolled(inside)
        bare(self._area)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(self._area)

    def show_package(self, contents: tuple[str, ...], terms: tuple[str, ...]) -> None:
        """Of another package from the beginning."""
        if self._said == (contents, terms):
            return
        self._said, self._all = (contents, terms), False
        self._area.verticalScrollBar().setValue(0)
        self._show_contents(contents)
        self._show_terms()
        self.setVisible(bool(contents or terms))

    def by_page(self, pages: int) -> None:
        """Scroll."""
        self._area.by(pages * _PAGE)

    def _show_contents(self, contents: tuple[str, ...]) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line in contents:
            kind = "label" if self._beside else "body"
            self._lines.addWidget(label(f"✓ {line}", kind, wrap=len(line) > _LONG_LINE))
        self._contents.setVisible(bool(contents))

    def _turn(self) -> None:
        self._all = not self._all
        self._show_terms()

    def _show_terms(self) -> None:
        terms = self._said[1] if self._said is not None else ()
        # Where it is narrow all of them, under each other: it scrolls anyway.
        few = self._beside and not self._all
        shown = terms[:TERMS_SHOWN] if few else terms
        said = " · ".join(shown) if self._beside else "".join(f"\n· {one}" for one in shown)
        self._terms.setText(self._words("offer", "terms", said=said) if terms else "")
        self._terms.setVisible(bool(terms))
        self._more.setVisible(self._beside and len(terms) > TERMS_SHOWN)
        self._more.setText(self._words("offer", "fewer" if self._all else "all", count=len(terms)))
