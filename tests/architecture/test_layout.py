"""The checkout holds what a newcomer needs, nothing beside it, and no trace of one machine or registry."""

import os
import tomllib
from pathlib import Path, PurePosixPath

import pytest

from tests.architecture.layout import REQUIRED, beside_the_agreed, missing, outside_words
from tests.architecture.source import ROOT, kept_files

PATHS = kept_files(ROOT)


def test_the_required_files_are_there() -> None:
    assert missing(PATHS) == []


def test_nothing_else_lies_at_the_top() -> None:
    assert beside_the_agreed(PATHS) == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    assert outside_words(ROOT, PATHS) == []


def test_ci_can_be_started() -> None:
    assert os.name == "nt" or os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "python3 run.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_a_readme_gives_the_two_commands(name: str) -> None:
    lines = [line.strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    assert "python3 run.py" in lines
    assert "python3 run.py test" in lines


def test_the_lock_pins_every_package_with_a_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = [entry for entry in lock.replace("\\\n", " ").splitlines() if entry.strip()]
    assert entries
    assert [entry[:40] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_lock_knows_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {name.split(";")[0].split(">")[0].split("=")[0].split("[")[0].strip() for name in wanted}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {line.split("==")[0].split("[")[0] for line in lock.splitlines() if "==" in line and line[0].isalnum()}
    assert sorted(names - locked) == []


def test_a_planted_tree_is_caught(tmp_path: Path) -> None:
    machine = "/" + "home" + "/somebody/x"
    registry = "https://" + "pypi" + ".org/simple"
    for name, text in (("notes.txt", machine), ("docs/a.md", registry), ("docs/b.md", "C:\\" + "Users" + "\\me")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    (tmp_path / "docs" / "c.md").write_text("api/" + "home/ and https://a.b/" + "work/\n", encoding="utf-8")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "x").write_text(machine, encoding="utf-8")
    (tmp_path / ".gitignore").write_text("dist/\n", encoding="utf-8")
    paths = kept_files(tmp_path)
    assert missing(paths) == list(REQUIRED)
    assert beside_the_agreed(paths) == ["notes.txt"]
    assert [line.split(":")[0] for line in outside_words(tmp_path, paths)] == ["docs/a.md", "docs/b.md", "notes.txt"]


def test_what_is_agreed_passes() -> None:
    assert missing([PurePosixPath(name) for name in REQUIRED]) == []
    assert beside_the_agreed([PurePosixPath(name) for name in (*REQUIRED, "sync/a.py", ".gitignore")]) == []
