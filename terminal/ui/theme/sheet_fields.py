"""The part of the style sheet for what is filled in, chosen from or scrolled."""

from terminal.paths import resource
from terminal.ui.theme import tokens
from terminal.ui.theme.tokens import Palette


def picture(palette: Palette, name: str) -> str:
    """The address of a small picture that QSS draws itself; it can't tint, so each theme has its own."""
    return resource("icons", palette.name, f"{name}.svg").as_posix()


def fields(p: Palette) -> str:
    kinds = (
        "QLineEdit",
        "QComboBox",
        "QSpinBox",
        "QDoubleSpinBox",
        "QDateEdit",
        "QTimeEdit",
        "QPlainTextEdit",
        "QTextEdit",
    )

    def each(state: str) -> str:
        return ", ".join(kind + state for kind in kinds)

    return f"""
{each("")} {{
    background: {p.surface}; border: 1px solid {p.edge}; border-radius: {tokens.INNER_CORNER}px; padding: 0 12px;
    min-height: {tokens.BUTTON_HEIGHT - 2}px; selection-background-color: {p.accent.fill};
    selection-color: {p.accent.on_fill}; placeholder-text-color: {p.text_quiet};
}}
QPlainTextEdit, QTextEdit {{ padding: 8px 12px; }}
{each(":focus")} {{
    border: {tokens.FOCUS_RING}px solid {p.accent.ink}; padding: 0 11px; min-height: {tokens.BUTTON_HEIGHT - 4}px;
}}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: 7px 11px; }}
{each(":disabled")} {{ background: {p.page}; border-color: {p.line}; color: {p.text_disabled}; }}
{each('[wrong="true"]')} {{
    border: {tokens.FOCUS_RING}px solid {p.refused.ink}; padding: 0 11px; min-height: {tokens.BUTTON_HEIGHT - 4}px;
    background: {p.refused.soft};
}}
QLineEdit[kind="code"] {{ font-size: {tokens.TITLE}px; min-height: 62px; }}
QLineEdit[kind="code"]:focus, QLineEdit[kind="code"][wrong="true"] {{ min-height: 60px; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit, QComboBox QLineEdit:focus {{
    border: 0; background: transparent; min-height: 0; padding: 0;
}}
QAbstractSpinBox, QAbstractSpinBox:focus, QAbstractSpinBox[wrong="true"] {{ padding: 0 0 0 10px; }}
QComboBox::drop-down {{ border: 0; width: 40px; }}
QComboBox::down-arrow {{ image: url("{picture(p, "down")}"); width: 20px; height: 20px; }}
QComboBox QAbstractItemView {{ background: {p.surface}; border: 1px solid {p.edge}; padding: 4px; }}
QComboBox QAbstractItemView::item {{ min-height: {tokens.ROW_HEIGHT}px; padding: 0 8px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ background: transparent; border: 0; width: 40px; }}
QAbstractSpinBox::up-arrow {{ image: url("{picture(p, "up")}"); width: 20px; height: 20px; }}
QAbstractSpinBox::down-arrow {{ image: url("{picture(p, "down")}"); width: 20px; height: 20px; }}
"""


def boxes(p: Palette) -> str:
    return f"""
QCheckBox, QRadioButton {{
    min-height: {tokens.ROW_HEIGHT}px; spacing: 12px; padding: 0 6px; border: 2px solid transparent;
    border-radius: {tokens.INNER_CORNER}px;
}}
QCheckBox:focus, QRadioButton:focus {{ border-color: {p.accent.ink}; }}
QCheckBox::indicator, QRadioButton::indicator {{
    width: 22px; height: 22px; border: 1px solid {p.edge}; background: {p.surface};
}}
QCheckBox::indicator {{ border-radius: 6px; }}
QRadioButton::indicator {{ border-radius: 12px; }}
QCheckBox::indicator:checked {{
    background: {p.accent.fill}; border-color: {p.accent.fill}; image: url("{picture(p, "tick")}");
}}
QRadioButton::indicator:checked {{ border: 7px solid {p.accent.fill}; width: 10px; height: 10px; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ background: {p.raised}; border-color: {p.line}; }}
"""


def tables(p: Palette) -> str:
    return f"""
QTableView {{
    background: {p.surface}; alternate-background-color: {p.surface}; border: 1px solid {p.line};
    border-radius: {tokens.INNER_CORNER}px; gridline-color: transparent; outline: 0;
    selection-background-color: {p.accent.soft}; selection-color: {p.text};
}}
QTableView:focus {{ border: {tokens.FOCUS_RING}px solid {p.accent.ink}; }}
QTableView::item {{ border: 0; border-bottom: 1px solid {p.line}; padding: 0 12px; }}
QTableView::item:selected {{ background: {p.accent.soft}; color: {p.text}; }}
QTableView::item:focus {{ background: {p.accent.soft}; color: {p.accent.ink}; }}
QHeaderView {{ background: transparent; border: 0; }}
QHeaderView::section {{
    background: {p.surface}; color: {p.text_quiet}; border: 0; border-bottom: 1px solid {p.edge}; padding: 0 15px;
    font-size: {tokens.NOTE}px; font-weight: normal; min-height: 36px;
}}
QTableCornerButton::section {{ background: {p.surface}; border: 0; }}
"""


def lists(p: Palette) -> str:
    return f"""
QListView, QTreeView {{
    background: {p.surface}; border: 1px solid {p.line}; border-radius: {tokens.INNER_CORNER}px; outline: 0;
}}
QListView:focus, QTreeView:focus {{ border: {tokens.FOCUS_RING}px solid {p.accent.ink}; }}
QListView::item, QTreeView::item {{ min-height: {tokens.ROW_HEIGHT}px; padding: 0 12px; color: {p.text}; }}
QListView::item:hover, QTreeView::item:hover {{ background: {p.raised}; }}
QListView::item:selected, QTreeView::item:selected {{ background: {p.accent.soft}; color: {p.text}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {p.line}; }}
QTabBar::tab {{ background: transparent; color: {p.text_quiet}; padding: 12px 20px; border: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {p.text}; font-weight: bold; border-bottom-color: {p.accent.ink}; }}
QTabBar::tab:focus {{ border-color: {p.accent.ink}; }}
"""


def bars(p: Palette) -> str:
    return f"""
QProgressBar {{
    background: {p.raised}; border: 0; border-radius: 4px; min-height: 8px; max-height: 8px; color: transparent;
}}
QProgressBar::chunk {{ background: {p.working.fill}; border-radius: 4px; }}
QScrollBar {{ background: transparent; border: 0; margin: 0; }}
QScrollBar:vertical {{ width: 12px; }}
QScrollBar:horizontal {{ height: 12px; }}
QScrollBar::handle {{ background: {p.edge}; border-radius: 3px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 40px; }}
QScrollBar::handle:horizontal {{ min-width: 40px; }}
QScrollBar::handle:hover {{ background: {p.text_quiet}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: {p.line}; }}
"""


PARTS = (fields, boxes, tables, lists, bars)
