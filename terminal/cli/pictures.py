"""The demo's pictures of the window, taken by a program of their own, so that no fault of painting spoils the day."""

import os
import subprocess
import sys
from pathlib import Path

from sync.clock import SystemClock
from terminal.cli import output
from terminal.cli.window import AREA, said
from terminal.demo import folder
from terminal.demo.step import words
from terminal.i18n import Words
from terminal.ui.display import CHOICE, drawing_obstacle, obstacle

_LONGEST_S = 240
_NO_SCREEN = "offscreen"
_CROSS = "✕ "


def have_taken(out: Path) -> str:
    """Have the pictures taken beside the day that was played in `out`; why some are missing, or nothing."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "terminal"]
    try:
        done = subprocess.run(
            [*program, "demo", "--pictures", "--out", str(out)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_LONGEST_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    told = [line.removeprefix(_CROSS) for line in lines if line.startswith(_CROSS)]
    # A program that was torn down says what it died of first, and where afterwards.
    died = [line for line in lines if "rror" in line][:1]
    return (told or died or lines or [str(done.returncode)])[-1]


def take(out: Path, language: str) -> bool:
    """Take the pictures, and put the shift of the day on paper; False where some are missing, which is said."""
    os.environ.setdefault(CHOICE, _NO_SCREEN)
    if obstacle() is not None:
        os.environ[CHOICE] = _NO_SCREEN
    blocked = drawing_obstacle()
    if blocked is not None:
        output.note(_CROSS + said(blocked, Words(AREA, language)))
        return False
    try:
        from terminal.ui.demo import pictures, shift_pdf
    except ImportError as error:
        output.note(_CROSS + Words(AREA, language)("lacks", "qt", detail=error))
        return False
    clock = SystemClock()
    missed = pictures.take(out / folder.PICTURES, clock)
    if (out / folder.REPORT).exists():
        shift_pdf.save_shift(out / folder.TERMINAL, out / folder.SHIFT_PDF, language, clock)
    if missed:
        output.note(_CROSS + words(language, "words", "missed", names=", ".join(missed)))
    return not missed
