"""Short things beside each other, and on the next line where there is no more room: none is broken in two."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem

from terminal.ui.theme import tokens


class Flow(QLayout):
    """Lines from left to right."""

    def __init__(self, space: int = 3 * tokens.SPACE, between_lines: int = tokens.SPACE // 2) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._space, self._between_lines = space, between_lines
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 Qt calls it
        """One more at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many."""
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:  # noqa: N802 Qt calls it
        """One of them."""
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem | None:  # noqa: N802 Qt calls it
        """One of them, out of the layout."""
        return self._items.pop(place) if 0 <= place < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 Qt calls it
        """Takes no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 Qt calls it
        """Narrower is taller."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 Qt calls it
        """Of all lines."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, room: QRect) -> None:  # noqa: N802 Qt calls it
        """Everything to its place."""
        super().setGeometry(room)
        self._arrange(room, move=True)

    def sizeHint(self) -> QSize:  # noqa: N802 Qt calls it
        """The widest one; the height follows from the width."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802 Qt calls it
        """The widest one."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, room: QRect, *, move: bool) -> int:
        x, y, tall = room.x(), room.y(), 0
        for item in self._items:
            size = item.sizeHint()
            # Longer than a line: on as many as it takes.
            wide = min(size.width(), room.width())
            high = item.heightForWidth(wide) if item.hasHeightForWidth() else size.height()
            if x > room.x() and x + wide > room.x() + room.width():
                x, y, tall = room.x(), y + tall + self._between_lines, 0
            if move:
                item.setGeometry(QRect(x, y, wide, high))
            x, tall = x + wide + self._space, max(tall, high)
        return y + tall - room.y()
