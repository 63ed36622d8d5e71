"""The folder a demo plays in: one demo at a time, and what an earlier one left is kept aside."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

TERMINAL, SCREENS = "terminal", "screens"
PICTURES = "pictures"
REPORT, DAY, SHIFT, SHIFT_PDF = "report.json", "day.txt", "shift.txt", "shift.pdf"
_OURS = (TERMINAL, SCREENS, PICTURES, REPORT, DAY, SHIFT, SHIFT_PDF)
_LOCK, _MARK = ".demo.lock", ".demo"


class FolderTaken(Exception):
    """The folder can't be used; `key` names the sentence that says why."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.detail = detail


@contextmanager
def stage(folder: Path) -> Iterator[Path]:
    """The folder, ours alone for the length of the block, without anything an earlier demo left in its way. Raises
    FolderTaken; what does not come from a demo is never touched."""
    lock = FileLock(folder / _LOCK, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise FolderTaken("in_use") from error
    except OSError as error:
        raise FolderTaken("not_writable", str(error.strerror)) from error
    try:
        _make_room(folder)
        (folder / SCREENS).mkdir()
        yield folder
    finally:
        lock.release()


def _make_room(folder: Path) -> None:
    """Move an earlier demo's things into `earlier-N`."""
    mark = folder / _MARK
    left = [folder / name for name in _OURS if (folder / name).exists()]
    if left and not mark.exists():
        raise FolderTaken("not_a_demo", left[0].name)
    if left:
        number = 1
        while (folder / f"earlier-{number}").exists():
            number += 1
        aside = folder / f"earlier-{number}"
        aside.mkdir()
        for path in left:
            path.rename(aside / path.name)
    mark.touch()
