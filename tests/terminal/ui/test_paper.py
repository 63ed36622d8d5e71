"""Documents on paper: pages that hold what they must, letters that stay letters, files that are whole."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from terminal.receipts.document import Block, Column, Document, Facts, Note, Row, Section, Side, Signatures, Table, Tone
from terminal.ui.paper import pdf_of, put_on, save_pdf
from terminal.ui.typesetting import Piece, pages_of

COLUMNS = (Column("编号", 1), Column("内容", 3), Column("金额", 1, Side.RIGHT))
WIDTH, HEIGHT = 1740.0, 2520.0


@pytest.fixture(autouse=True)
def _letters(qapp: QApplication) -> None:
    """Only with an application does Qt know a typeface."""


def document(*blocks: Block, rows: int = 0) -> Document:
    table = Table(COLUMNS, tuple(Row((f"T1-{n:06}", "双人烤鱼套餐", "¥99.00")) for n in range(rows)))
    tables = (Section("待补录"), table) if rows else ()
    return Document("交班单", "江边烤鱼", (*blocks, *tables, Signatures((("交班人", "王芳"),))), "账本指纹")


def whole(pages: list[list[tuple[float, Piece]]]) -> list[float]:
    """How far down each page is written."""
    return [max(top + piece.height for top, piece in page) for page in pages]


def test_nothing_runs_over_the_end_of_a_page() -> None:
    pages = pages_of(document(rows=300), WIDTH, HEIGHT)
    assert len(pages) > 5
    assert all(end <= HEIGHT for end in whole(pages))


def test_every_row_is_there_once_and_every_page_has_the_columns_names() -> None:
    pages = pages_of(document(rows=300), WIDTH, HEIGHT)
    pieces = [piece for page in pages for _, piece in page]
    rows = [piece for piece in pieces if piece.heads]
    assert len(rows) == 300
    assert len({id(piece) for piece in rows}) == 300
    head = rows[0].heads[0]
    assert sum(piece is head for piece in pieces) == len([page for page in pages if any(one.heads for _, one in page)])
    for page in pages[1:]:
        assert page[0][1] is head or not page[0][1].heads


def test_a_title_never_stands_alone_at_the_foot_of_a_page() -> None:
    section = (Section("差异"), Table(COLUMNS, (Row(("1", "2", "3")),)))
    for rows in range(1, 60):
        blocks = (*document(rows=rows).blocks[:-1], *section)
        pages = pages_of(Document("交班单", "江边烤鱼", blocks, ""), WIDTH, HEIGHT)
        assert not any(page[-1][1].keeps for page in pages)


def test_a_row_higher_than_a_page_is_still_there() -> None:
    huge = Table((Column("内容", 1),), (Row(("长" * 20_000,)),))
    pages = pages_of(Document("a", "b", (huge,), "c"), WIDTH, HEIGHT)
    assert sum(bool(piece.heads) for page in pages for _, piece in page) == 1


def test_narrow_paper_puts_facts_under_each_other() -> None:
    facts = Facts((("开班", "王芳"), ("交班", "李雷")))
    wide = pages_of(Document("a", "b", (facts,), "c"), WIDTH, HEIGHT)
    narrow = pages_of(Document("a", "b", (facts,), "c"), 720, HEIGHT)
    assert len(narrow[0]) == len(wide[0]) + 1


def test_a_sentence_is_painted_in_its_tone() -> None:
    def painted(tone: Tone) -> QImage:
        picture = QImage(1740, 400, QImage.Format.Format_RGB32)
        picture.fill(0xFFFFFFFF)
        painter = QPainter(picture)
        for top, piece in pages_of(Document("", "", (Note("账实相符", tone),), ""), WIDTH, HEIGHT)[0]:
            piece.draw(painter, top)
        painter.end()
        return picture

    good, alarm = painted(Tone.GOOD), painted(Tone.ALARM)
    assert good != alarm
    assert painted(Tone.GOOD) == good


def test_the_pdf_has_the_typeface_inside_and_a_page_for_each_page() -> None:
    found = document(rows=300)
    pdf = pdf_of(found)
    assert pdf.startswith(b"%PDF")
    assert b"HexiaoSans" in pdf
    assert b"FontFile" in pdf
    assert pdf.count(b"/Type /Page\n") == len(pages_of(found, WIDTH, HEIGHT))


def test_the_file_is_whole_and_its_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "shift-0001.pdf"
    save_pdf(document(rows=3), path)
    assert path.read_bytes().startswith(b"%PDF")
    assert path.read_bytes().rstrip().endswith(b"%%EOF")
    assert [found.name for found in path.parent.iterdir()] == ["shift-0001.pdf"]


def test_a_folder_that_cannot_be_made_leaves_an_error_and_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("in the way")
    with pytest.raises(OSError, match="reports"):
        save_pdf(document(), tmp_path / "reports" / "shift-0001.pdf")
    assert [found.name for found in tmp_path.iterdir()] == ["reports"]


def test_a_printer_takes_it_on_whatever_paper_it_has(tmp_path: Path) -> None:
    sizes = {}
    for size in (QPageSize.PageSizeId.A4, QPageSize.PageSizeId.A5):
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / f"{size.name}.pdf"))
        printer.setFullPage(True)
        printer.setPageSize(QPageSize(size))
        assert put_on(document(rows=100), printer)
        sizes[size] = (tmp_path / f"{size.name}.pdf").read_bytes().count(b"/Type /Page\n")
    assert sizes[QPageSize.PageSizeId.A5] > sizes[QPageSize.PageSizeId.A4] > 1


def test_a_printer_that_takes_nothing_says_no(tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "missing" / "x.pdf"))
    assert not put_on(document(), printer)
