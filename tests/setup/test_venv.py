"""When run.py takes a .venv for finished, mends it or makes it again; and that only one run.py makes it."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import run
from run import Place, Stop, only_one, remove_venv, set_up, take_lock, venv_state, write_stamp


def test_a_finished_one_is_ready_and_left_alone(finished: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert venv_state(finished) == "ready"
    monkeypatch.setattr(run, "rebuild", lambda *_: pytest.fail("was made again"))
    set_up(finished)
    assert not (finished.root / ".setup").exists()


def test_none_at_all_is_made(place: Place) -> None:
    assert venv_state(place) == "rebuild"


HALF = '{"locked": "", "project": "", "distributions": 3}'


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"locked": 1}', HALF])
def test_a_broken_stamp_is_no_stamp(finished: Place, text: str) -> None:
    finished.stamp.write_text(text, encoding="utf-8")
    assert venv_state(finished) == "rebuild"


def test_another_lock_means_another_venv(finished: Place) -> None:
    finished.lock.write_text("click==2.0 --hash=sha256:00\n", encoding="utf-8")
    assert venv_state(finished) == "rebuild"


def test_line_ends_of_windows_are_the_same_lock(finished: Place) -> None:
    finished.lock.write_bytes(finished.lock.read_bytes().replace(b"\n", b"\r\n"))
    assert venv_state(finished) == "ready"


def test_a_changed_project_is_only_installed_again(finished: Place) -> None:
    (finished.root / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert venv_state(finished) == "project"


def test_a_lost_command_is_only_installed_again(finished: Place) -> None:
    finished.script("hexiao").unlink()
    assert venv_state(finished) == "project"


def test_a_moved_checkout_is_made_again(finished: Place) -> None:
    moved = Place(finished.root.with_name("elsewhere"))
    finished.root.rename(moved.root)
    assert venv_state(moved) == "rebuild"


def test_a_lost_package_is_noticed(finished: Place) -> None:
    stamp = json.loads(finished.stamp.read_text(encoding="utf-8"))
    stamp["distributions"].append("a-package-that-was-removed")
    finished.stamp.write_text(json.dumps(stamp), encoding="utf-8")
    assert venv_state(finished) == "rebuild"


@pytest.mark.parametrize("lines", ["exit 1", "echo nonsense", "echo '[1, 2, 3]'", "kill -9 $$"])
def test_a_python_that_does_not_run_is_noticed(finished: Place, lines: str) -> None:
    finished.python.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    assert venv_state(finished) == "rebuild"


def test_a_lost_python_is_noticed(finished: Place) -> None:
    finished.python.unlink()
    assert venv_state(finished) == "rebuild"


def test_the_stamp_comes_last(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(where: Place) -> None:
        where.venv.mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "rebuild", interrupted)
    with pytest.raises(KeyboardInterrupt):
        set_up(place)
    assert venv_state(place) == "rebuild"


def test_a_failed_mending_leaves_no_stamp(finished: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(place: Place) -> None:
        raise Stop("no")

    finished.script("hexiao").unlink()
    monkeypatch.setattr(run, "install_project", failing)
    with pytest.raises(Stop):
        set_up(finished)
    assert not finished.stamp.exists()


def test_a_stamp_is_what_makes_it_ready(finished: Place) -> None:
    finished.stamp.unlink()
    assert venv_state(finished) == "rebuild"
    write_stamp(finished)
    assert venv_state(finished) == "ready"
    assert [path.name for path in finished.venv.glob("hexiao-stamp*")] == ["hexiao-stamp.json"]


def test_removing_takes_a_folder_a_link_and_nothing(finished: Place, tmp_path: Path) -> None:
    remove_venv(finished)
    remove_venv(finished)
    assert not finished.venv.exists()
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept").touch()
    finished.venv.symlink_to(other)
    remove_venv(finished)
    assert not finished.venv.exists()
    assert (other / "kept").exists()


def test_an_incomplete_copy_is_named(finished: Place) -> None:
    finished.lock.unlink()
    with pytest.raises(Stop, match=r"requirements\.lock can't be read"):
        venv_state(finished)


def test_a_folder_that_cannot_be_written_is_named(place: Place) -> None:
    (place.root / ".setup").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(Stop, match="can't be written"), only_one(place):
        pass


def test_the_second_waits_for_the_first(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    order = []
    inside, may_leave = threading.Event(), threading.Event()

    def first() -> None:
        with only_one(place):
            inside.set()
            may_leave.wait(10)
            order.append("first")

    holder = threading.Thread(target=first, name="first-run")
    holder.start()
    assert inside.wait(10)
    # Let go only when the second is seen to wait: its message comes before it blocks.
    waiter = threading.Timer(0.2, may_leave.set)
    waiter.start()
    with only_one(place):
        order.append("second")
    holder.join()
    waiter.join()
    assert order == ["first", "second"]
    assert "Another run.py is setting up here" in capsys.readouterr().out


def test_a_killed_run_gives_its_lock_back_when_its_installer_ends(place: Place) -> None:
    if os.name == "nt":
        pytest.skip("Windows does not hand the lock on to children")
    read_end, write_end = os.pipe()
    installer = [sys.executable, "-c", f"import os; os.read({read_end}, 1)"]
    code = [
        "import os, pathlib, run",
        f"with run.only_one(run.Place(pathlib.Path({str(place.root)!r}))):",
        f"    run.started({installer!r}, pathlib.Path('/'))",
        "    print('inside', flush=True)",
        "    os._exit(9)",
    ]
    words = [sys.executable, "-c", "\n".join(code)]
    here = Path(run.__file__).parent
    with subprocess.Popen(words, pass_fds=[read_end], stdout=subprocess.PIPE, cwd=here) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"inside\n"
        assert killed.wait() == 9
    os.close(read_end)
    with (place.root / ".setup" / "lock").open("a+b") as lock:
        assert not take_lock(lock.fileno(), wait=False)
        os.close(write_end)
        assert take_lock(lock.fileno(), wait=True)
