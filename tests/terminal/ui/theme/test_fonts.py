"""The bundled fonts draw every text of ours by themselves, on a machine that has no font at all."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RESOURCES = Path(__file__).parents[4] / "resources"
MARKS = "✓✔✕✗●◐◑○▾▸☑☐–—…·¥→←↑↓①②③×≥≤‘’“”「」（），。：；？《》％"

ASK = """
import json, sys
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QGuiApplication, QRawFont
app = QGuiApplication([])
from terminal.ui.theme import fonts, tokens
wanted = set(sys.stdin.read())
family = fonts.load()
absent = QRawFont.fromFont(fonts.font()).glyphIndexesForString("\\u3042")
told = {"family": family, "absent": list(absent), "families": QFontDatabase.families()}
for bold in (False, True):
    font = fonts.font(tokens.AMOUNT, bold)
    raw, metrics = QRawFont.fromFont(font, QFontDatabase.WritingSystem.SimplifiedChinese), QFontMetrics(font)
    told["bold" if bold else "regular"] = {
        "lacks": sorted(one for one in wanted if one.isprintable() and 0 in raw.glyphIndexesForString(one)),
        "widths": sorted({metrics.horizontalAdvance(digit) for digit in "0123456789"}),
        "weight": raw.weight(),
        "pairs": sorted({metrics.horizontalAdvance(a + b) for a in "0123456789" for b in "0123456789"}),
    }
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("fontless")
    config = folder / "fonts.conf"
    config.write_text(f"<fontconfig><cachedir>{folder / 'cache'}</cachedir></fontconfig>", encoding="utf-8")
    texts = [path.read_text(encoding="utf-8") for path in sorted((RESOURCES / "i18n").glob("*.toml"))]
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        input="".join([*texts, MARKS]),
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=RESOURCES.parent,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "FONTCONFIG_FILE": str(config), "PYTHONUTF8": "1"},
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_ours_is_the_only_family_there(told: dict[str, Any]) -> None:
    assert told["family"] == "Hexiao Sans"
    if sys.platform.startswith("linux"):
        # The other three are names that fontconfig always answers to.
        assert set(told["families"]) <= {"Hexiao Sans", "Monospace", "Sans Serif", "Serif"}


def test_a_character_that_is_not_there_is_noticed(told: dict[str, Any]) -> None:
    assert told["absent"] == [0]


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_no_character_of_a_catalogue_is_missing(told: dict[str, Any], weight: str) -> None:
    assert told[weight]["lacks"] == []


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_digits_stand_under_each_other(told: dict[str, Any], weight: str) -> None:
    assert len(told[weight]["widths"]) == 1
    assert len(told[weight]["pairs"]) == 1


def test_bold_is_a_cut_of_its_own(told: dict[str, Any]) -> None:
    assert (told["regular"]["weight"], told["bold"]["weight"]) == (400, 700)


@pytest.mark.parametrize("name", ["hexiao-sans-regular.otf", "hexiao-sans-bold.otf"])
def test_a_font_is_no_burden(name: str) -> None:
    assert (RESOURCES / "fonts" / name).stat().st_size < 7_000_000
    assert (RESOURCES / "fonts" / "OFL.txt").exists()
