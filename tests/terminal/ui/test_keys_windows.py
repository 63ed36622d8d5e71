"""A scan while a menu, a list or a dialog is open, or the focus moves in the middle of it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QLineEdit, QMenu, QVBoxLayout

from tests.terminal.ui.keyboard import SCANNER_MS, Keyboard, keyboard

CODE = "https://v.douyin.com/iRNBho5p/"


@pytest.fixture
def board(qapp: QApplication) -> Iterator[Keyboard]:
    with keyboard() as found:
        yield found


def test_a_menu_that_is_open_takes_no_scan_for_a_choice(board: Keyboard) -> None:
    menu = QMenu(board.window)
    chosen: list[str] = []
    for name in ("0 one", "A two"):
        menu.addAction(name).triggered.connect(lambda _checked, name=name: chosen.append(name))
    menu.popup(board.window.mapToGlobal(QPoint(0, 0)))
    board.until(lambda: QApplication.activePopupWidget() is menu)
    board.scan("A0123456")
    board.decided()
    assert (board.scans, chosen, menu.isVisible()) == (["A0123456"], [], True)
    menu.close()


def test_a_list_that_is_open_takes_no_scan_for_a_choice(board: Keyboard) -> None:
    box = QComboBox(board.window)
    box.addItems(["left", "Abel", "0 nought"])
    board.window.layout().addWidget(box)  # type: ignore[union-attr]
    board.until_focus(box)
    box.showPopup()
    board.until(lambda: QApplication.activePopupWidget() is not None)
    board.scan("A0123456")
    board.decided()
    assert (board.scans, box.currentText()) == (["A0123456"], "left")
    box.hidePopup()


def test_a_file_dialog_takes_no_scan_for_a_name(board: Keyboard) -> None:
    dialog = QFileDialog(board.window)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.show()
    dialog.activateWindow()
    name = dialog.findChildren(QLineEdit)[0]
    board.until_focus(name)
    board.scan(CODE)
    board.decided()
    assert (board.scans, name.text(), dialog.isVisible()) == ([CODE], "", True)
    dialog.close()


def test_keys_go_to_where_they_were_typed_although_the_focus_moved(board: Keyboard) -> None:
    board.stroke("7", 0)
    dialog = QDialog(board.window)
    elsewhere = QLineEdit(dialog)
    QVBoxLayout(dialog).addWidget(elsewhere)
    dialog.show()
    board.until(elsewhere.hasFocus)
    board.decided()
    assert (board.field.text(), elsewhere.text()) == ("7", "")
    dialog.close()


def test_a_scan_over_two_windows_stays_whole(board: Keyboard) -> None:
    for letter in "01234567":
        board.stroke(letter, SCANNER_MS)
    dialog = QDialog(board.window)
    elsewhere = QLineEdit(dialog)
    QVBoxLayout(dialog).addWidget(elsewhere)
    dialog.show()
    dialog.windowHandle().requestActivate()
    while not elsewhere.hasFocus():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
    for letter in "89\r":
        board.stroke(letter, SCANNER_MS)
    assert board.scans == ["0123456789"]
    dialog.close()


def test_a_window_that_is_gone_takes_no_key_with_it(board: Keyboard) -> None:
    dialog = QDialog(board.window)
    elsewhere = QLineEdit(dialog)
    QVBoxLayout(dialog).addWidget(elsewhere)
    dialog.show()
    board.until(elsewhere.hasFocus)
    board.stroke("7", 0)
    dialog.close()
    dialog.deleteLater()
    board.window.activateWindow()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    board.until_focus(board.field)
    board.decided()
    assert board.field.text() == "7"


@pytest.mark.parametrize("modality", [Qt.WindowModality.ApplicationModal, Qt.WindowModality.WindowModal])
def test_a_dialog_that_wants_its_answer_first_lets_no_key_past_it(board: Keyboard, modality: Qt.WindowModality) -> None:
    dialog = QDialog(board.window)
    dialog.setWindowModality(modality)
    elsewhere = QLineEdit(dialog)
    QVBoxLayout(dialog).addWidget(elsewhere)
    board.stroke("6", 150)
    board.decided()
    board.stroke("7", 1)
    board.commit("é")
    dialog.show()
    board.until(lambda: QApplication.activeModalWidget() is dialog)
    board.decided()
    assert (board.field.text(), elsewhere.text()) == ("6", "")
    dialog.close()
    board.window.activateWindow()
    board.until_focus(board.field)
    board.type("8")
    assert board.field.text() == "68"


def test_what_was_typed_in_a_dialog_arrives_there(board: Keyboard) -> None:
    dialog = QDialog(board.window)
    dialog.setModal(True)
    field = QLineEdit(dialog)
    QVBoxLayout(dialog).addWidget(field)
    dialog.show()
    board.until(lambda: field.hasFocus() and QApplication.activeModalWidget() is dialog)
    board.type("1234")
    assert (field.text(), board.field.text()) == ("1234", "")
    dialog.close()
