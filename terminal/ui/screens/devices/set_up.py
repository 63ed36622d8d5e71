"""Setting a scanner up: the code to scan on the left, what became of it on the right."""

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from hardware.scanning.layout import PROBE_TEXT
from terminal.i18n import Words
from terminal.presenters.devices import Health
from terminal.presenters.set_up import SetUpView, waiting
from terminal.ui.screens.devices.lines import icon_of, ink_of, tone_of
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.style import mark
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.codes import CodeView
from terminal.ui.widgets.parts import button, card, label, side_by_side, under_each_other

WIDEST = 960
_SIDE = 296
_SILENCE_MS = 600
_MOST_KEYS = 400


class SetUpScreen(QWidget):
    """Emits fix_wanted(changes of the scanner's settings), back, and typed(text, longest pause in ms) for keys that
    came too slowly to be a scan."""

    fix_wanted = Signal(object)
    back = Signal()
    typed = Signal(str, int)

    def __init__(self, words: Words, palette: Palette, *, may_fix: bool) -> None:
        super().__init__()
        self._words, self._palette, self._may_fix = words, palette, may_fix
        self._change: Mapping[str, object] = {}
        self._keys: list[tuple[str, int]] = []
        self._silence = QTimer(self, singleShot=True, interval=_SILENCE_MS)
        self._silence.timeout.connect(self._tell_typed)
        self._icon, self._what = QLabel(), label("", "heading", wrap=True)
        self._why, self._steps = label("", "label", wrap=True), label("", "body", wrap=True)
        self._changed, self._pairs = label(words("setup", "changed"), "note"), label("", "label")
        self._got_title, self._got = label(words("setup", "got"), "note"), label("", "note", wrap=True)
        self._fix = button("", "plain", lambda: self.fix_wanted.emit(self._change))
        self._ask = label(words("setup", "ask"), "quiet", wrap=True)
        # Keys that are too slow for a scan must press no button: the page itself has the focus.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self.begin()

    def begin(self) -> None:
        """Nothing scanned yet."""
        self._keys.clear()
        self.show_view(waiting(self._words), "")

    def show_view(self, view: SetUpView, got: str) -> None:
        """How the scan arrived; `got`: the text itself."""
        ink = ink_of(view.health, self._palette)
        self._icon.setPixmap(icons.pixmap(icon_of(view.health), ink, tokens.LARGE_ICON))
        self._what.setText(view.what)
        mark(self._what, tone=tone_of(view.health))
        mark(self._panel, banner=tone_of(view.health))
        steps = "\n".join(f"{place}. {step}" for place, step in enumerate(view.steps, start=1))
        pairs = "     ".join(f"{wanted} → {came}" for wanted, came in view.pairs)
        shown = got if view.health is Health.TROUBLE else ""
        ask = view.fix is not None and not self._may_fix
        for part, said in (
            (self._why, view.why),
            (self._steps, steps if len(view.steps) > 1 else "".join(view.steps)),
            (self._pairs, pairs),
            (self._got, _breakable(shown)),
        ):
            part.setText(said)
            part.setVisible(bool(said))
        self._changed.setVisible(bool(pairs))
        self._got_title.setVisible(bool(shown))
        self._ask.setVisible(ask)
        self._fix.setVisible(view.fix is not None and self._may_fix)
        if view.fix is not None:
            self._change = view.fix.change
            self._fix.setText(view.fix.said)
        self._panel.setAccessibleName("。".join(filter(None, (view.what, view.why, *view.steps))))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 Qt calls it
        """Esc goes back; letters are a scanner that is too slow, or nothing."""
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
        elif event.text().isprintable() and event.text() and len(self._keys) < _MOST_KEYS:
            self._keys.append((event.text(), event.timestamp()))
            self._silence.start()
        else:
            super().keyPressEvent(event)

    def _tell_typed(self) -> None:
        keys, self._keys = self._keys, []
        times = [at for _, at in keys]
        pauses = [later - earlier for earlier, later in pairwise(times)]
        self.typed.emit("".join(letter for letter, _ in keys), max(pauses, default=0))

    def _lay_out(self) -> None:
        words = self._words
        probe = label(_breakable(PROBE_TEXT), "note", wrap=True)
        probe.setFixedWidth(_SIDE)
        code = CodeView(PROBE_TEXT, _SIDE)
        left = card(label(words("setup", "lead"), "heading"), code, label(words("setup", "text"), "note"), probe)
        left.layout().setAlignment(code, Qt.AlignmentFlag.AlignHCenter)  # type: ignore[union-attr]
        head = side_by_side(self._icon, self._what)
        head.layout().setStretch(1, 1)  # type: ignore[union-attr]
        parts = under_each_other(
            head, self._why, self._steps, self._changed, self._pairs, self._got_title, self._got,
            side_by_side(self._fix, 1), self._ask, 1, space=2 * tokens.SPACE,
        )  # fmt: skip
        self._panel = QFrame()
        self._panel.setProperty("kind", "card")
        inside = QVBoxLayout(self._panel)
        inside.setContentsMargins(*(3 * tokens.SPACE,) * 4)
        inside.addWidget(parts)
        both = QWidget()
        both.setMaximumWidth(WIDEST)
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * tokens.SPACE)
        row.addWidget(left)
        row.addWidget(self._panel, 1)
        back = button(words("page", "back"), "quiet", self.back.emit)
        top = side_by_side(label(words("setup", "title"), "title"), 1, back)
        top.setMaximumWidth(WIDEST)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(top)
        column.addWidget(both, 0)
        column.addStretch()


def _breakable(text: str) -> str:
    """A text without blanks, to be broken anywhere."""
    return "\u200b".join(text)
