"""What the till must be able to rely on in Qt's binding."""

import sys

from PySide6.QtWidgets import QApplication, QLabel

CALLS = 2_000


def test_calls_that_return_nothing_lose_no_reference_to_none(qapp: QApplication) -> None:
    """A binding that does (PySide6 6.12.0 on Python 3.11) ends the program after some hundred redemptions."""
    label = QLabel()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        label.setText("核销")
    assert sys.getrefcount(None) - before > -CALLS // 2
