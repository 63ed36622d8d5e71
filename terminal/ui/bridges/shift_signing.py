"""Closing a shift: both PINs, a manager's where the count is off by too much, and the close itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from sync.domain.reasons import Code, Reason
from sync.domain.staff import Deed, Staff
from sync.errors import KnownError, NotAllowed
from terminal.presenters.shift import AREA, hand_over
from terminal.ui.desk import Desk
from terminal.ui.screens.shift.hand_over import HandOverSheet
from terminal.wording import word


@dataclass(frozen=True, slots=True)
class Wrong:
    """One of two PINs was not taken."""

    receiver: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Signed:
    """Both PINs were right; `receiver` None: nobody takes over."""

    receiver: Staff | None


class Signing(QObject):
    """`closed` carries the ShiftReport once the shift is closed for good."""

    closed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._busy = False

    def ask(self, people: Sequence[Staff]) -> None:
        """Lay the sheet for both PINs over the page; it stays until both were right, or somebody cancels."""
        if self._busy:
            return
        desk, frame = self._desk, self._desk.frame
        sheet = HandOverSheet(desk.words(AREA), hand_over(desk.staff, people))
        sheet.cancelled.connect(frame.close_sheet)

        def checked(answer: Wrong | Signed) -> None:
            match answer:
                case Wrong(receiver, reason):
                    sheet.show_wrong(word(reason, desk.language, desk.zone).line, receiver=receiver)
                case Signed(receiver):
                    frame.close_sheet()
                    self._close(receiver)

        def signed(pin: str, receiver_id: str | None, receiver_pin: str) -> None:
            check = lambda: self._check(pin, receiver_id, receiver_pin)  # noqa: E731
            desk.operations.start(sheet, check, checked, self._refuse, finally_=sheet.show_ready)

        sheet.signed.connect(signed)
        frame.show_sheet(sheet)

    def _check(self, pin: str, receiver_id: str | None, receiver_pin: str) -> Wrong | Signed:
        """On a worker: a PIN takes its time."""
        people = self._desk.store.people
        try:
            people.sign_in(self._desk.staff.id, pin)
        except NotAllowed as error:
            return Wrong(False, error.reason)
        if receiver_id is None:
            return Signed(None)
        try:
            return Signed(people.authorise(receiver_id, receiver_pin, Deed.REDEEM))
        except NotAllowed as error:
            return Wrong(True, error.reason)

    def _close(self, receiver: Staff | None, approved_by: Staff | None = None) -> None:
        if self._busy:
            return
        self._busy = True
        desk, frame = self._desk, self._desk.frame
        shifts, staff = desk.store.shifts, desk.staff

        def otherwise(error: KnownError) -> None:
            if error.reason.code is Code.OFF_TOO_MUCH:
                why = word(error.reason, desk.language, desk.zone).line
                frame.authorise(why, Deed.APPROVE_CLOSE, lambda manager: self._close(receiver, manager))
            else:
                self._refuse(error)

        desk.operations.start(
            self,
            lambda: shifts.close(staff, receiver, approved_by),
            self.closed.emit,
            otherwise,
            finally_=self._done,
        )

    def _done(self) -> None:
        self._busy = False

    def _refuse(self, error: KnownError) -> None:
        self._desk.frame.notice(word(error.reason, self._desk.language, self._desk.zone).line, "bad")
