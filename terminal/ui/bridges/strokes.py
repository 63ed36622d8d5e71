"""What a key event is to the keyboard wedge, and how to make it a second time."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent

from hardware.scanning.burst import Kind

_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_COMMANDS = _ALT_GR | Qt.KeyboardModifier.MetaModifier
_MODIFIERS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_Mode_switch,
    }
)
# A dead key types nothing by itself, and must not tear the scan that it stands in.
_DEAD_KEYS = range(Qt.Key.Key_Dead_Grave, Qt.Key.Key_Dead_Longsolidusoverlay + 1)


def kind_of(event: QKeyEvent) -> Kind:
    """What sort of key it is."""
    key, commands = event.key(), event.modifiers() & _COMMANDS
    if key in _MODIFIERS or key in _DEAD_KEYS:
        return "modifier"
    types = bool(event.text()) and event.text().isprintable()
    # Windows says Ctrl and Alt for the key that gives @ and [ on many keyboards.
    if commands and not (commands == _ALT_GR and types):
        return "other"
    match key:
        case Qt.Key.Key_Return | Qt.Key.Key_Enter:
            return "enter"
        case Qt.Key.Key_Tab:
            return "tab"
        case _:
            return "printable" if types else "other"


def copy_of(event: QKeyEvent, kind: QEvent.Type = QEvent.Type.KeyPress) -> QKeyEvent:
    """The same key once more, at the same time."""
    made = QKeyEvent(
        kind,
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )
    made.setTimestamp(event.timestamp())
    return made


def committed(event: QInputMethodEvent) -> str:
    """The text that an input method commits; empty while it is still composing, or changes what stands already."""
    if event.preeditString() or event.replacementLength() or not event.commitString().isprintable():
        return ""
    return event.commitString()
