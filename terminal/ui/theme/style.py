"""Puts a theme on the application, and tells one widget what kind it is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from terminal.ui.theme import fonts, tokens
from terminal.ui.theme.sheet import stylesheet
from terminal.ui.theme.tokens import DARK, LIGHT, Palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView

__all__ = ["apply", "mark", "palette_for", "stylesheet", "tabulate"]


def palette_for(app: QApplication, theme_name: str) -> Palette:
    """ "light", "dark", or what the system has for "system" and for any other word."""
    if theme_name in tokens.PALETTES:
        return tokens.PALETTES[theme_name]
    return DARK if app.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT


def apply(app: QApplication, theme_name: str) -> Palette:
    """Dresses the whole application; may be called again to change the theme while it runs."""
    palette = palette_for(app, theme_name)
    app.setStyle("Fusion")
    app.setPalette(colours(palette))
    app.setFont(fonts.font())
    app.setStyleSheet(stylesheet(palette))
    return palette


def colours(palette: Palette) -> QPalette:
    """What Fusion paints by itself: menus, selections, what the style sheet leaves alone."""
    role = QPalette.ColorRole
    made = QPalette()
    for name, color in (
        (role.Window, palette.page),
        (role.WindowText, palette.text),
        (role.Base, palette.surface),
        (role.AlternateBase, palette.page),
        (role.Text, palette.text),
        (role.Button, palette.surface),
        (role.ButtonText, palette.text),
        (role.BrightText, palette.refused.ink),
        (role.ToolTipBase, palette.text),
        (role.ToolTipText, palette.surface),
        (role.PlaceholderText, palette.text_quiet),
        (role.Highlight, palette.accent.fill),
        (role.HighlightedText, palette.accent.on_fill),
        (role.Accent, palette.accent.fill),
        (role.Link, palette.accent.ink),
        (role.LinkVisited, palette.accent.ink),
        (role.Light, palette.raised),
        (role.Midlight, palette.raised),
        (role.Mid, palette.line),
        (role.Dark, palette.edge),
        (role.Shadow, palette.line),
    ):
        made.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(palette.text_disabled))
    return made


def mark(widget: QWidget, **properties: str | bool) -> None:
    """Sets what the style sheet looks at (kind, verdict, tone, banner, wrong) and redraws; "" takes a mark away."""
    changed = {name: value for name, value in properties.items() if (widget.property(name) or "") != (value or "")}
    for name, value in changed.items():
        widget.setProperty(name, value)
    # Polishing anew is what costs on the way to a verdict.
    if changed and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        # A rule such as QFrame[verdict="refused"] QLabel hangs on the parent's mark.
        for touched in (widget, *widget.findChildren(QWidget)):
            touched.style().unpolish(touched)
            touched.style().polish(touched)
            touched.update()


def tabulate(table: "QTableView") -> None:
    """What a style sheet can't say of a table: rows of one height, whole rows chosen, no grid, no row numbers."""
    # The first face has no table: PySide makes these classes when they are first asked for.
    from PySide6.QtWidgets import QAbstractItemView, QHeaderView

    table.verticalHeader().setVisible(False)
    table.verticalHeader().setDefaultSectionSize(tokens.ROW_HEIGHT)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTabKeyNavigation(False)
