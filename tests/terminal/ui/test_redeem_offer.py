"""An offer on a small screen: however much a package holds, its line to read out and its buttons are in view."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QScrollArea, QScrollBar, QWidget

from terminal.i18n import Words
from terminal.presenters.counter import Need, Offer
from terminal.ui.screens.redeem.offer import OfferFace
from terminal.ui.theme import style
from terminal.ui.theme.tokens import LIGHT
from terminal.wording import Sentence

# What the frame leaves of 1024 × 768.
ROOM = (888, 680)
PATIENCE_MS, STEP_MS = 10_000, 5
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
LONG = Offer(
    platform="抖音",
    title="双人烤鱼超值套餐（含清江鱼一条、配菜四份、米饭两碗，另赠酸梅汤一扎）周一至周五通用",
    code_tail="1234",
    amount_fen=12_800,
    units=1,
    units_most=5,
    uses="可用 5 次（共 5 次）",
    contents=tuple(f"清江鱼配菜第{place}份 × {place}" for place in range(1, 40)),
    terms=tuple(f"周五至周日需提前预约，第{place}条" for place in range(1, 20)),
    until="有效至 2026-12-31",
    script="请确认是 2 人套餐，含一条鱼、四份配菜。" * 4,
    need=Need.EVIDENCE,
    why=Sentence("需要登记凭据", "连不上平台，本机也不认识这张券", "请拍下顾客的券页或抄订单号"),
    asks_amount=True,
)


@pytest.fixture
def face(qapp: QApplication) -> Iterator[OfferFace]:
    """An offer that is shown."""
    style.apply(qapp, "light")
    made = OfferFace(Words("redeem", "zh"), LIGHT)
    made.setFixedSize(*ROOM)
    made.show()
    try:
        yield made
    finally:
        made.close()
        made.deleteLater()


def too_long(face: OfferFace) -> QScrollBar:
    """A package that does not fit, once it is laid out."""
    face.show_view(LONG)
    bar = face.findChildren(QScrollArea)[0].verticalScrollBar()
    for _ in range(PATIENCE_MS // STEP_MS):
        if bar.maximum() > 0:
            return bar
        QTest.qWait(STEP_MS)
    raise AssertionError("it fits")


def whole(face: QWidget, part: QWidget) -> bool:
    """Neither pressed flat nor pushed out of the face."""
    top = part.mapTo(face, QPoint(0, 0)).y()
    return top >= 0 and top + part.height() <= face.height() and part.height() >= part.minimumSizeHint().height()


def test_what_must_be_read_and_pressed_is_whole_however_long_the_package(face: OfferFace) -> None:
    too_long(face)
    scripts = [part for part in face.findChildren(QLabel) if part.text().startswith("「")]
    parts = [*scripts, *face.findChildren(QLineEdit), *face.findChildren(QPushButton, options=_DIRECT)]
    assert len(scripts) == 1
    assert [part for part in parts if part.isVisible() and not whole(face, part)] == []


def test_page_down_brings_the_rest_into_view(face: OfferFace) -> None:
    bar = too_long(face)
    face.keyPressEvent(QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier))
    assert bar.value() > 0


def test_another_package_begins_at_its_beginning(face: OfferFace) -> None:
    bar = too_long(face)
    bar.setValue(bar.maximum())
    other = (*LONG.contents, "另一份 × 1")
    face.show_view(replace(LONG, contents=other))
    assert bar.value() == 0
