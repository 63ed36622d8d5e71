"""Puts a document on paper: a PDF with its typeface inside, or a printer's pages."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QWidget

from terminal.receipts.document import Document
from terminal.ui.theme.tokens import LIGHT
from terminal.ui.typesetting import SMALL, pages_of, set_font

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

# In tenths of a millimetre.
MARGIN, _FOOT = 180, 90
_UNITS_PER_INCH = 254
_RESOLUTION = 1200


def save_pdf(document: Document, path: Path) -> None:
    """Write a document as an A4 PDF, whole or not at all; its folder is made where it is missing. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(pdf_of(document))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def pdf_of(document: Document) -> bytes:
    """A document as an A4 PDF. Without a window, Qt is started as far as letters need it."""
    _letters()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_RESOLUTION)
    writer.setTitle(f"{document.title} {document.subtitle}")
    writer.setCreator("hexiao")
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    put_on(document, writer)
    buffer.close()
    return bytes(buffer.data().data())


def put_on(document: Document, device: QPagedPaintDevice) -> bool:
    """Paint a document on a device that has pages, whatever their size; False where the device takes none."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    full = device.pageLayout().fullRect(QPageLayout.Unit.Millimeter)
    width, height = full.width() * 10 - 2 * MARGIN, full.height() * 10 - 2 * MARGIN - _FOOT
    scale = device.logicalDpiX() / _UNITS_PER_INCH
    pages = pages_of(document, width, height)
    for number, page in enumerate(pages, start=1):
        if number > 1 and not device.newPage():
            painter.end()
            return False
        painter.save()
        painter.scale(scale, scale)
        painter.translate(MARGIN, MARGIN)
        for top, piece in page:
            piece.draw(painter, top)
        said = document.page.format(page=number, pages=len(pages))
        _foot(painter, document.foot, said, QRectF(0, height + _FOOT - SMALL * 2, width, SMALL * 2))
        painter.restore()
    return painter.end()


def printers() -> tuple[str, ...]:
    """The machine's printers by name; a print server that does not answer may keep one waiting for long."""
    # Only here: the printing system is not loaded for what is only saved.
    from PySide6.QtPrintSupport import QPrinterInfo

    return tuple(QPrinterInfo.availablePrinterNames())


def ask_printer(document: Document, parent: QObject | None, chosen: "Callable[[QPrinter], object]") -> None:
    """Ask which of the `printers`; `chosen` hears it. Only on the window's thread."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

    printer = QPrinter(QPrinterInfo.defaultPrinter(), QPrinter.PrinterMode.HighResolution)
    printer.setFullPage(True)
    printer.setDocName(f"{document.title} {document.subtitle}")
    dialog = QPrintDialog(printer, parent if isinstance(parent, QWidget) else None)
    dialog.accepted.connect(lambda: chosen(printer))
    dialog.finished.connect(lambda _answer: dialog.deleteLater())
    dialog.setModal(True)
    dialog.show()


def _foot(painter: QPainter, said: str, page: str, where: QRectF) -> None:
    painter.setFont(set_font(SMALL))
    painter.setPen(QColor(LIGHT.text_quiet))
    painter.drawText(where, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), said)
    painter.drawText(where, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom), page)


@cache
def _letters() -> QGuiApplication:
    """The application that is there, or one without a screen: only with one does Qt know any typeface."""
    found = QGuiApplication.instance()
    return found if isinstance(found, QGuiApplication) else QGuiApplication(["hexiao", "-platform", "offscreen"])
