"""Real photographs: each is read, and as exactly the text that lies beside it."""

from pathlib import Path

import pytest

from hardware.decoding.pipeline import Effort
from hardware.decoding.scan import scan_file

PHOTOGRAPHS = Path(__file__).parents[4] / "shared" / "data" / "qr-photos"
LEAST_READ = {"qrcode-3": 42, "qrcode-5": 19, "code128-1": 7}


def photographs(folder: str) -> list[Path]:
    pictures = sorted((PHOTOGRAPHS / folder).glob("*.png"))
    if not pictures:
        pytest.skip(f"no photographs in {PHOTOGRAPHS / folder}")
    return pictures


def written_beside(picture: Path) -> str:
    return picture.with_suffix(".txt").read_bytes().decode("utf-8")


@pytest.mark.parametrize("effort", ["A", "C"])
@pytest.mark.parametrize("folder", sorted(LEAST_READ))
def test_photographs_give_their_texts(folder: str, effort: Effort) -> None:
    pictures = photographs(folder)
    wrong, read = [], 0
    for picture in pictures:
        result = scan_file(picture, effort)
        assert result.error is None
        texts = [symbol.text for symbol in result.symbols]
        read += bool(texts)
        if texts and texts != [written_beside(picture)]:
            wrong.append((picture.name, texts))
    assert not wrong
    assert read >= LEAST_READ[folder]


def test_bar_codes_are_named() -> None:
    for picture in photographs("code128-1"):
        assert [symbol.symbology for symbol in scan_file(picture).symbols] == ["Code 128"]


def test_bar_codes_are_only_looked_for_where_asked() -> None:
    for picture in photographs("code128-1"):
        assert scan_file(picture, bars=False).symbols == ()
