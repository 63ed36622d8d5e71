"""The settings as a row of tabs: one subject at a time."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QSpinBox, QTabWidget, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.devices import Choice
from terminal.presenters.settings import Fact
from terminal.presenters.table import Column, Empty, Row
from terminal.settings import ScannerSection, Settings
from terminal.ui.screens.settings.fields import Field, show_all
from terminal.ui.theme import tokens
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, label, side_by_side
from terminal.ui.widgets.table import Table

WIDEST = 960
_FORM_WIDTH = 420
_GAP_MS = (1, 999)
_LONGEST_PREFIX = 8


class SettingsScreen(QWidget):
    """Emits kept(section, changes) for "store", "window" and "scanner" together, person_wanted(id, "" for somebody
    new)."""

    kept = Signal(object)
    person_wanted = Signal(str)

    def __init__(
        self,
        words: Words,
        palette: Palette,
        settings: Settings,
        people: Sequence[Column],
        limits: Sequence[Column],
    ) -> None:
        super().__init__()
        self._words = words
        self._language = _box(_choices(words, "languages", ("zh", "en")), settings.store.language)
        self._theme = _box(_choices(words, "themes", ("light", "dark", "system")), settings.window.theme)
        self._sound, self._still = QCheckBox(words("look", "sound")), QCheckBox(words("look", "reduced_motion"))
        self._sound.setChecked(settings.window.sound)
        self._still.setChecked(settings.window.reduced_motion)
        self._prefix, self._gap = QLineEdit(), QSpinBox()
        self._suffix = _box(_choices(words, "suffixes", ("enter", "tab", "none")), settings.scanner.suffix)
        self._take(settings.scanner)
        self._fields = {
            "gap_ms": Field(words("scanner", "gap"), self._gap, words("scanner", "gap_hint")),
            "prefix": Field(words("scanner", "prefix"), self._prefix, words("scanner", "prefix_hint")),
            "suffix": Field(words("scanner", "suffix"), self._suffix, words("scanner", "suffix_hint")),
        }
        self._people = Table(people, palette, name=words("tabs", "people"))
        self._people.show_empty(Empty(words("people", "nobody")))
        self._limits = Table(limits, palette, name=words("tabs", "limits"))
        self._change = button(words("people", "change"), "plain", self._open_person)
        self._lay_out()

    @property
    def tab(self) -> int:
        """Which subject is in front."""
        return self._tabs.currentIndex()

    def show_tab(self, place: int) -> None:
        """Bring a subject to the front."""
        self._tabs.setCurrentIndex(place)

    def show_people(self, rows: Sequence[Row]) -> None:
        """Everybody who may sign in."""
        self._people.show_rows(rows)
        self._change.setEnabled(bool(rows))

    def show_limits(self, rows: Sequence[Row]) -> None:
        """The limits of trust."""
        self._limits.show_rows(rows)

    def show_facts(self, facts: Sequence[Fact], path: str) -> None:
        """What is not changed here, and the file where it stands."""
        for fact in facts:
            value = label(fact.value, "body", wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addRow(label(fact.name, "quiet"), value)
        for place in self._paths:
            place.setText(self._words("file", "where", path=path))

    def show_wrong(self, wrong: Mapping[str, str]) -> None:
        """What can't be taken of the scanner's fields."""
        show_all(self._fields, wrong)

    def take_focus(self) -> None:
        """The page came to the front."""
        self._tabs.tabBar().setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, scanner: ScannerSection) -> None:
        self._prefix.setText(scanner.prefix)
        self._prefix.setMaxLength(_LONGEST_PREFIX)
        self._prefix.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._gap.setRange(*_GAP_MS)
        self._gap.setSuffix(self._words("scanner", "ms"))
        self._gap.setValue(scanner.gap_ms)
        self._gap.lineEdit().setTextMargins(tokens.SPACE, 0, 0, 0)

    def _lay_out(self) -> None:
        words = self._words
        self._tabs = QTabWidget()
        self._paths = [label("", "note", wrap=True) for _ in range(2)]
        for place in self._paths:
            place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(4 * tokens.SPACE)
        self._facts.setVerticalSpacing(2 * tokens.SPACE)
        look = (
            Field(words("look", "language"), self._language),
            Field(words("look", "theme"), self._theme),
            self._sound,
            self._still,
        )
        add = button(words("people", "add"), "plain", lambda: self.person_wanted.emit(""))
        self._people.opened.connect(lambda who: self.person_wanted.emit(str(who)))
        hint = label(words("people", "hint"), "note", wrap=True)
        facts = QWidget()
        facts.setLayout(self._facts)
        self._facts.setContentsMargins(0, 0, 0, 0)
        for name, parts in (
            ("look", (*look, self._saver())),
            ("scanner", (*self._fields.values(), self._saver())),
            ("people", (self._people, hint, side_by_side(add, self._change, 1))),
            ("limits", (self._limits, label(words("limits", "hint"), "note", wrap=True), self._paths[0])),
            ("store", (facts, self._paths[1])),
        ):
            wide = name in ("people", "limits", "store")
            self._tabs.addTab(_sheet(parts, None if wide else _FORM_WIDTH), words("tabs", name))
        inside = QWidget()
        inside.setMaximumWidth(WIDEST)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.SPACE)
        column.addWidget(label(words("page", "title"), "title"))
        column.addWidget(self._tabs, 1)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(inside)

    def _saver(self) -> QWidget:
        return side_by_side(button(self._words("page", "save"), "primary", self._keep), 1)

    def _keep(self) -> None:
        self.kept.emit(
            {
                "store": {"language": self._language.currentData()},
                "window": {
                    "theme": self._theme.currentData(),
                    "sound": self._sound.isChecked(),
                    "reduced_motion": self._still.isChecked(),
                },
                "scanner": {
                    "gap_ms": self._gap.value(),
                    "prefix": self._prefix.text(),
                    "suffix": self._suffix.currentData(),
                },
            }
        )

    def _open_person(self) -> None:
        if self._people.chosen_id is not None:
            self.person_wanted.emit(str(self._people.chosen_id))


def _sheet(parts: Sequence[QWidget], width: int | None) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 3 * tokens.SPACE, 0, 0)
    column.setSpacing(2 * tokens.SPACE)
    for part in parts:
        if width is not None:
            part.setMaximumWidth(width)
        column.addWidget(part)
    if not any(isinstance(part, Table) for part in parts):
        column.addStretch()
    return made


def _choices(words: Words, section: str, values: Sequence[str]) -> list[Choice]:
    return [Choice(value, words(section, value)) for value in values]


def _box(choices: Sequence[Choice], chosen: str) -> QComboBox:
    made = QComboBox()
    for choice in choices:
        made.addItem(choice.name, choice.value)
    made.setCurrentIndex(made.findData(chosen))
    return made
