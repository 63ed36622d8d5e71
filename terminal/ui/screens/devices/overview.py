"""All devices at a glance: one card each, with its state and what can be chosen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from terminal.i18n import Words
from terminal.presenters.devices import BAUDS, ChosenView, KeyboardView, StateView
from terminal.ui.screens.devices.lines import StateLine
from terminal.ui.theme import icons, tokens
from terminal.ui.theme.tokens import Palette
from terminal.ui.widgets.parts import button, label, labelled, side_by_side, under_each_other

WIDEST = 960
PICTURE = (256, 144)


class Overview(QWidget):
    """Emits chosen(what, value): "port" with (port, baud) or "camera" with a source; setup_wanted, card_wanted,
    sound_wanted, search_wanted."""

    chosen = Signal(str, object)
    setup_wanted = Signal()
    card_wanted = Signal()
    sound_wanted = Signal()
    search_wanted = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self._words, self._palette = words, palette
        self._states = {name: StateLine(palette) for name in ("keyboard", "serial", "camera", "speaker")}
        self._text, self._facts = label("", "body", wrap=True), label("", "note")
        self._text.setWordWrap(True)
        self._port, self._baud, self._camera = QComboBox(), QComboBox(), QComboBox()
        self._use_port, self._use_camera = self._saver("port"), self._saver("camera")
        self._set: dict[str, tuple[str, ...]] = {}
        self._picture = QLabel()
        self._picture.setFixedSize(*PICTURE)
        self._picture.hide()
        self._picture.setAccessibleName(words("camera", "picture"))
        self._setup = button(words("page", "setup"), "plain", self.setup_wanted.emit)
        self._lay_out()
        for box in (self._port, self._baud, self._camera):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.currentIndexChanged.connect(self._compare)
        self.setFocusProxy(self._setup)

    def show_keyboard(self, view: KeyboardView) -> None:
        """The scanner that poses as a keyboard."""
        self._states["keyboard"].show_state(view.state)
        for part, said in ((self._text, view.text), (self._facts, view.facts)):
            part.setText(said)
            part.setVisible(bool(said))

    def show_serial(self, view: ChosenView, baud: int) -> None:
        """The scanner on a serial port."""
        self._states["serial"].show_state(view.state)
        bauds = sorted({*BAUDS, baud})
        self._set["port"] = (view.chosen, str(baud))
        self._fill(self._port, [(choice.name, choice.value) for choice in view.choices], view.chosen)
        self._fill(self._baud, [(str(one), str(one)) for one in bauds], str(baud))
        self._compare()

    def show_camera(self, view: ChosenView) -> None:
        """The camera's state and the cameras to choose from."""
        self._states["camera"].show_state(view.state)
        self._set["camera"] = (view.chosen,)
        self._fill(self._camera, [(choice.name, choice.value) for choice in view.choices], view.chosen)
        self._compare()

    def show_picture(self, width: int, height: int, rgb: bytes) -> None:
        """The camera's newest small picture; a width of 0: there is none."""
        self._picture.setVisible(width > 0)
        if width <= 0:
            return
        picture = QImage(rgb, width, height, 3 * width, QImage.Format.Format_RGB888)
        size, mode = self._picture.size(), Qt.AspectRatioMode.KeepAspectRatio
        self._picture.setPixmap(
            QPixmap.fromImage(picture).scaled(size, mode, Qt.TransformationMode.SmoothTransformation)
        )

    def show_speaker(self, view: StateView) -> None:
        """The loudspeaker."""
        self._states["speaker"].show_state(view)

    def _lay_out(self) -> None:
        words = self._words
        title = label(words("page", "title"), "title")
        search = button(words("page", "again"), "quiet", self.search_wanted.emit)
        cards = QGridLayout()
        cards.setSpacing(2 * tokens.SPACE)
        actions = side_by_side(self._setup, button(words("page", "card"), "plain", self.card_wanted.emit), 1)
        hear = side_by_side(button(words("speaker", "test"), "plain", self.sound_wanted.emit), 1)
        port, baud = labelled(words("fields", "port"), self._port), labelled(words("fields", "baud"), self._baud)
        which = labelled(words("fields", "camera"), self._camera)
        keyboard = self._card("keyboard", "keyboard", self._text, self._facts, 1, actions)
        camera = self._card("camera", "camera", self._picture, 1, _row(which, self._use_camera))
        cards.addWidget(keyboard, 0, 0)
        cards.addWidget(camera, 0, 1, 2, 1)
        cards.addWidget(self._card("serial", "scan", 1, port, _row(baud, self._use_port)), 1, 0, 2, 1)
        cards.addWidget(self._card("speaker", "sound", 1, hear), 2, 1)
        cards.setColumnStretch(0, 1)
        cards.setColumnStretch(1, 1)
        inside = QWidget()
        inside.setMaximumWidth(WIDEST)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, tokens.SPACE, 0)
        column.setSpacing(2 * tokens.SPACE)
        column.addWidget(side_by_side(title, 1, search))
        column.addLayout(cards)
        column.addWidget(label(words("page", "test_only"), "note"))
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        area.setWidget(inside)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(area)

    def _card(self, name: str, picture: str, *parts: QWidget | int) -> QFrame:
        icon = QLabel()
        icon.setPixmap(icons.pixmap(picture, self._palette.text_quiet, tokens.ICON))
        head = side_by_side(icon, label(self._words("titles", name), "heading"), 1, space=tokens.SPACE)
        card = QFrame()
        card.setProperty("kind", "card")
        # Both columns of one width, whatever stands in them.
        card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(card)
        column.setContentsMargins(*(2 * tokens.SPACE + 4,) * 4)
        column.addWidget(under_each_other(head, self._states[name], *parts, space=tokens.SPACE))
        return card

    def _saver(self, what: str) -> QPushButton:
        return button(self._words("page", "save"), "plain", lambda: self._choose(what))

    def _values(self, what: str) -> tuple[str, ...]:
        boxes = (self._port, self._baud) if what == "port" else (self._camera,)
        return tuple(str(box.currentData() or "") for box in boxes)

    def _choose(self, what: str) -> None:
        values = self._values(what)
        self.chosen.emit(what, (values[0], int(values[1])) if what == "port" else values[0])

    def _compare(self) -> None:
        """Only what differs from the settings can be used."""
        for what, use in (("port", self._use_port), ("camera", self._use_camera)):
            use.setEnabled(what in self._set and self._values(what) != self._set[what])

    def _fill(self, box: QComboBox, entries: list[tuple[str, str]], chosen: str) -> None:
        if [(box.itemText(place), box.itemData(place)) for place in range(box.count())] == entries:
            return
        # What the person has just picked outlives a list that was looked up meanwhile.
        values = [value for _, value in entries]
        wish = box.currentData() if box.count() and box.currentData() in values else chosen
        box.blockSignals(True)
        box.clear()
        for name, value in entries:
            box.addItem(name, value)
        box.setCurrentIndex(values.index(wish) if wish in values else 0)
        box.blockSignals(False)


def _row(*parts: QWidget) -> QWidget:
    """The first as wide as there is, all on one ground line."""
    made = side_by_side(*parts, space=tokens.SPACE)
    row = made.layout()
    assert isinstance(row, QHBoxLayout)
    row.setStretch(0, 1)
    for part in parts:
        row.setAlignment(part, Qt.AlignmentFlag.AlignBottom)
    return made
