"""The shift's screen as one: shows whichever face a view asks for and passes intents on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from terminal.i18n import Words
from terminal.presenters.shift import CountingView, ReadyView, RunningView, ShiftView
from terminal.presenters.shift_report import ReportView
from terminal.ui.screens.shift.counting import CountingFace
from terminal.ui.screens.shift.past import PastFace
from terminal.ui.screens.shift.ready import ReadyFace
from terminal.ui.screens.shift.report import ReportFace
from terminal.ui.screens.shift.running import RunningFace
from terminal.ui.theme.tokens import Palette


class ShiftScreen(QWidget):
    """Its faces emit the intents; `back` and `past_wanted` come from several of them."""

    back = Signal()
    past_wanted = Signal()

    def __init__(self, words: Words, palette: Palette) -> None:
        super().__init__()
        self.ready = ReadyFace(words, palette)
        self.running = RunningFace(words, palette)
        self.counting = CountingFace(words, palette)
        self.report = ReportFace(words, palette)
        self.past = PastFace(words, palette)
        self._faces = QStackedWidget()
        # Until the ledger has answered there is nothing to say.
        self._faces.addWidget(QWidget())
        for face in (self.ready, self.running, self.counting, self.report, self.past):
            self._faces.addWidget(face)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._faces)
        for signal in (self.counting.back, self.report.back, self.past.back):
            signal.connect(self.back)
        for signal in (self.ready.past_wanted, self.running.past_wanted):
            signal.connect(self.past_wanted)

    def show_view(self, view: ShiftView, *, just_closed: bool = False) -> None:
        """One face; the focus goes to its main thing when it comes to the front, and stays where it is after that."""
        match view:
            case ReadyView():
                self.ready.show_view(view)
                self._bring(self.ready)
            case RunningView():
                self.running.show_view(view)
                self._bring(self.running)
            case CountingView():
                self.counting.show_view(view)
                self._bring(self.counting)
            case ReportView():
                fresh = self._faces.currentWidget() is not self.report or self.report.is_other(view)
                self.report.show_view(view, just_closed=just_closed)
                self._faces.setCurrentWidget(self.report)
                if fresh:
                    self.report.begin()
            case tuple():
                self.past.show_view(view)
                self._bring(self.past)

    def take_focus(self) -> None:
        """Where work goes on when the page comes to the front."""
        face = self._faces.currentWidget()
        if face is self.report:
            self.report.begin()
        elif face is not None:
            face.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bring(self, face: QWidget) -> None:
        if self._faces.currentWidget() is not face:
            self._faces.setCurrentWidget(face)
            face.setFocus(Qt.FocusReason.OtherFocusReason)
