"""One demo at a time in a folder; what an earlier one left is kept, what is not a demo's is not touched."""

from pathlib import Path

import pytest

from terminal.demo.folder import REPORT, SCREENS, TERMINAL, FolderTaken, stage


def test_a_folder_is_made_with_any_name(tmp_path: Path) -> None:
    with stage(tmp_path / "新 的" / "a b") as folder:
        assert (folder / SCREENS).is_dir()


def test_what_an_earlier_demo_left_is_kept_aside(tmp_path: Path) -> None:
    for number in range(3):
        with stage(tmp_path):
            assert not (tmp_path / REPORT).exists()
            (tmp_path / REPORT).write_text(str(number), encoding="utf-8")
            (tmp_path / TERMINAL).mkdir()
    assert (tmp_path / REPORT).read_text(encoding="utf-8") == "2"
    assert [(tmp_path / f"earlier-{number}" / REPORT).read_text(encoding="utf-8") for number in (1, 2)] == ["0", "1"]


def test_what_lies_beside_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with stage(tmp_path):
        pass
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_what_is_not_a_demos_is_not_moved(tmp_path: Path) -> None:
    (tmp_path / TERMINAL).mkdir()
    with pytest.raises(FolderTaken) as caught, stage(tmp_path):
        pass
    assert caught.value.key == "not_a_demo"
    assert (tmp_path / TERMINAL).is_dir()


def test_two_at_once_are_kept_apart(tmp_path: Path) -> None:
    with stage(tmp_path), pytest.raises(FolderTaken) as caught, stage(tmp_path):
        pass
    assert caught.value.key == "in_use"
    with stage(tmp_path):
        pass


def test_a_folder_that_can_not_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderTaken) as caught, stage(tmp_path / "file" / "under"):
        pass
    assert caught.value.key == "not_writable"
