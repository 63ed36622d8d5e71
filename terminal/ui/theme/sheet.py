"""The style sheet: what each kind of widget looks like in a palette.

Widgets say what they are by dynamic properties:
QLabel kind = title, heading, label, body, note, quiet, amount, code, verdict; tone = a verdict or accent;
QPushButton kind = primary, plain, quiet, danger; QFrame kind = card, raised, rail, top, edge, rule;
QFrame verdict = a verdict (filled) or banner = a verdict (tinted); QToolButton kind = rail, chip;
any field wrong = true.
"""

from terminal.ui.theme import sheet_fields, tokens
from terminal.ui.theme.tokens import Palette


def stylesheet(palette: Palette) -> str:
    """The whole QSS of one theme."""
    parts = (ground, labels, buttons, tool_buttons, frames, verdicts, *sheet_fields.PARTS)
    return "\n".join(part(palette) for part in parts)


def ground(p: Palette) -> str:
    return f"""
QWidget {{ color: {p.text}; font-size: {tokens.BODY}px; }}
QWidget:disabled {{ color: {p.text_disabled}; }}
QMainWindow, QDialog, QStackedWidget, QScrollArea, QScrollArea > QWidget > QWidget {{
    background: {p.page}; border: 0;
}}
QToolTip {{ background: {p.text}; color: {p.surface}; border: 0; padding: 8px; font-size: {tokens.NOTE}px; }}
QMenu {{ background: {p.surface}; border: 1px solid {p.line}; padding: 8px 0; }}
QMenu::item {{ padding: 10px 32px 10px 24px; }}
QMenu::item:selected {{ background: {p.accent.soft}; color: {p.text}; }}
QMenu::item:disabled {{ color: {p.text_disabled}; }}
QMenu::separator {{ height: 1px; background: {p.line}; margin: 8px 0; }}
"""


def labels(p: Palette) -> str:
    sizes = {
        "title": (tokens.TITLE, True),
        "heading": (tokens.LABEL, True),
        "label": (tokens.LABEL, False),
        "body": (tokens.BODY, False),
        "quiet": (tokens.BODY, False),
        "note": (tokens.NOTE, False),
        "amount": (tokens.AMOUNT, True),
        "code": (tokens.AMOUNT, False),
        "verdict": (tokens.VERDICT, True),
    }
    rules = ["QLabel { background: transparent; border: 0; }"]
    for kind, (size, bold) in sizes.items():
        weight = "bold" if bold else "normal"
        rules.append(f'QLabel[kind="{kind}"] {{ font-size: {size}px; font-weight: {weight}; }}')
    rules.append(f'QLabel[kind="note"], QLabel[kind="quiet"] {{ color: {p.text_quiet}; }}')
    for name, tone in {**p.verdicts, "accent": p.accent}.items():
        rules.append(f'QLabel[tone="{name}"] {{ color: {tone.ink}; }}')
    rules.append(f"QLabel[kind]:disabled {{ color: {p.text_disabled}; }}")
    return "\n".join(rules)


def buttons(p: Palette) -> str:
    # The ring takes the place of the border and one pixel of padding, so that nothing moves with the focus.
    ring = f"border: {tokens.FOCUS_RING}px solid {p.accent.ink}; padding: 0 23px;"
    filled = ""
    for kind, tone in (("primary", p.accent), ("danger", p.refused)):
        here = f'QPushButton[kind="{kind}"]'
        filled += f"""
{here} {{ background: {tone.fill}; color: {tone.on_fill}; border-color: {tone.fill}; font-weight: bold; }}
{here}:hover, {here}:pressed {{ background: {tone.hover}; border-color: {tone.hover}; }}
{here}:focus {{ border-color: {p.text}; }}
{here}:disabled {{ background: {p.raised}; border-color: {p.raised}; color: {p.text_disabled}; }}
"""
    return f"""
QPushButton {{
    background: {p.surface}; border: 1px solid {p.edge}; border-radius: {tokens.CORNER}px;
    min-height: {tokens.BUTTON_HEIGHT - 2}px; padding: 0 24px;
}}
QPushButton:hover, QPushButton:pressed {{ background: {p.raised}; }}
QPushButton:checked {{ background: {p.accent.soft}; font-weight: bold; }}
QPushButton:checked, QPushButton:focus {{ {ring} min-height: {tokens.BUTTON_HEIGHT - 4}px; }}
QPushButton:disabled {{ border-color: {p.line}; color: {p.text_disabled}; }}
QPushButton[kind="quiet"] {{ background: transparent; border-color: transparent; color: {p.accent.ink}; }}
QPushButton[kind="quiet"]:hover, QPushButton[kind="quiet"]:pressed {{ background: {p.raised}; }}
QPushButton[kind="quiet"]:focus {{ border-color: {p.accent.ink}; }}
QPushButton[kind="quiet"]:disabled {{ color: {p.text_disabled}; }}
{filled}
QPushButton[kind="primary"] {{
    font-size: {tokens.LABEL}px; min-height: {tokens.PRIMARY_HEIGHT - 2}px; padding: 0 32px;
}}
QPushButton[kind="primary"]:focus {{ min-height: {tokens.PRIMARY_HEIGHT - 4}px; padding: 0 31px; }}
"""


def tool_buttons(p: Palette) -> str:
    chip = tokens.CHIP_HEIGHT
    toned = "\n".join(
        f'QToolButton[kind="chip"][tone="{name}"] '
        f"{{ background: {tone.soft}; color: {tone.ink}; border-color: {tone.ink}; }}"
        for name, tone in p.verdicts.items()
    )
    return f"""
QToolButton {{
    background: transparent; border: 2px solid transparent; border-radius: {tokens.INNER_CORNER}px;
    min-width: {tokens.BUTTON_HEIGHT - 4}px; min-height: {tokens.BUTTON_HEIGHT - 4}px;
}}
QToolButton:hover, QToolButton:pressed {{ background: {p.raised}; }}
QToolButton:focus {{ border-color: {p.accent.ink}; }}
QToolButton:disabled {{ color: {p.text_disabled}; }}
QToolButton::menu-indicator {{ image: none; }}
QToolButton[kind="rail"] {{
    color: {p.text_quiet}; font-size: {tokens.BODY}px; padding: 8px 0; border-radius: {tokens.CORNER}px;
    min-width: {tokens.RAIL_WIDTH - 20}px; max-width: {tokens.RAIL_WIDTH - 20}px; min-height: 56px;
}}
QToolButton[kind="rail"]:hover {{ color: {p.text}; }}
QToolButton[kind="rail"]:checked {{ background: {p.accent.soft}; color: {p.accent.ink}; font-weight: bold; }}
QToolButton[kind="rail"]:disabled {{ color: {p.text_disabled}; }}
QToolButton[kind="chip"] {{
    background: {p.surface}; border: 1px solid {p.line}; border-radius: {chip // 2}px; font-size: {tokens.BODY}px;
    min-width: 0; min-height: {chip - 2}px; padding: 0 15px;
}}
QToolButton[kind="chip"]:hover, QToolButton[kind="chip"]:pressed {{ background: {p.raised}; }}
QToolButton[kind="chip"]:focus {{ border: 2px solid {p.accent.ink}; min-height: {chip - 4}px; padding: 0 14px; }}
QToolButton[kind="chip"]:disabled {{ color: {p.text_disabled}; }}
{toned}
"""


def frames(p: Palette) -> str:
    return f"""
QFrame[kind="card"] {{ background: {p.surface}; border: 1px solid {p.line}; border-radius: {tokens.CORNER}px; }}
QFrame[kind="raised"] {{ background: {p.raised}; border: 0; border-radius: {tokens.INNER_CORNER}px; }}
QFrame[kind="rail"] {{ background: {p.surface}; border: 0; border-right: 1px solid {p.line}; }}
QFrame[kind="top"] {{ background: {p.surface}; border: 0; border-bottom: 1px solid {p.line}; }}
QFrame[kind="edge"] {{ background: {p.recorded.fill}; border: 0; }}
QFrame[kind="edge"] QLabel, QFrame[kind="edge"] QLabel[kind] {{ color: {p.recorded.on_fill}; }}
QFrame[kind="rule"] {{ background: {p.line}; border: 0; max-height: 1px; min-height: 1px; }}
"""


def verdicts(p: Palette) -> str:
    rules = []
    for name, tone in p.verdicts.items():
        panel, banner = f'QFrame[verdict="{name}"]', f'QFrame[banner="{name}"]'
        rules.append(f"""
{panel} {{ background: {tone.fill}; border: 0; border-radius: {tokens.CORNER}px; }}
{panel} QLabel, {panel} QLabel[kind] {{ color: {tone.on_fill}; }}
{panel} QPushButton[kind="quiet"] {{ color: {tone.on_fill}; border-color: {tone.on_fill}; }}
{panel} QPushButton[kind="quiet"]:hover, {panel} QPushButton[kind="quiet"]:pressed {{ background: {tone.hover}; }}
{panel} QPushButton[kind]:focus {{ border-color: {tone.on_fill}; }}
{panel} QPushButton[kind="quiet"]:focus {{ background: {tone.hover}; }}
{banner} {{ background: {tone.soft}; border: 0; border-left: 4px solid {tone.ink}; }}
{banner} QLabel[kind="heading"], {banner} QLabel[kind="label"] {{ color: {tone.ink}; }}
""")
    return "\n".join(rules)
