"""Whether what is in view could have been read: a yes to what nobody has seen yet is none."""

from PySide6.QtCore import QElapsedTimer

# Nobody reads faster; a key that was on its way for what was in view before is no yes to this.
READABLE_MS = 250


class Reading:
    """A stopwatch from the first painting on."""

    def __init__(self) -> None:
        self._painted = QElapsedTimer()

    @property
    def done(self) -> bool:
        """It was painted, and could have been read since."""
        return self._painted.isValid() and self._painted.elapsed() >= READABLE_MS

    def renew(self) -> None:
        """Something else is to be read now."""
        self._painted.invalidate()

    def painted(self) -> None:
        """It is on the screen."""
        if not self._painted.isValid():
            self._painted.start()
