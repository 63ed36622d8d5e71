"""What run.py asks of the system and tells people: packages, exact lines, sentences, exit codes."""

import ast
import ctypes.util
import os
import re
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

import run
from run import Place, Stop, explain, install_packages, line_to_run, old_python_sentence, provide_packages
from tests.setup.conftest import Fake

RUN = Path(run.__file__)


def in_another_python(lines: list[str]) -> subprocess.CompletedProcess[str]:
    """For what writes to the real standard output, or becomes another program."""
    words = [sys.executable, "-c", "\n".join(lines)]
    env = run.child_environment()
    return subprocess.run(words, cwd=RUN.parent, env=env, capture_output=True, encoding="utf-8", check=False)


def test_the_file_parses_on_an_old_python() -> None:
    ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_an_old_python_is_told(fake: Fake) -> None:
    assert old_python_sentence((3, 11)) == ""
    assert old_python_sentence((3, 14)) == ""
    assert "Python 3.8 is too old" in old_python_sentence((3, 8))
    assert "Install a newer Python" in old_python_sentence((3, 10))
    fake("python3.12", "exit 0")
    assert old_python_sentence((3, 10)).endswith("run: python3.12 run.py")


def test_the_line_to_run_is_one_that_a_shell_takes() -> None:
    assert line_to_run(["libzbar0"], has_sudo=False) == "su -c 'apt-get update && apt-get install -y libzbar0'"
    assert line_to_run(["a", "b"], has_sudo=True) == "sudo sh -c 'apt-get update && apt-get install -y a b'"


def test_without_apt_the_packages_are_named(fake: Fake) -> None:
    fake("true", "")
    assert "libzbar0" in install_packages(["libzbar0"])


def test_root_installs_and_refreshes_the_lists_only_if_that_fails(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    fake("env", 'shift; exec "$@"')
    log = fake("apt-get", 'case "$*" in *update) : > "$0.fresh";; *) [ -e "$0.fresh" ];; esac')
    assert install_packages(["libzbar0"]) == ""
    assert [line.split()[4] for line in log.read_text(encoding="utf-8").splitlines()] == [
        "install",
        "update",
        "install",
    ]
    log.unlink()
    assert install_packages(["libzbar0"]) == ""
    assert len(log.read_text(encoding="utf-8").splitlines()) == 1


def test_a_failing_apt_leaves_the_line(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    fake("env", 'shift; exec "$@"')
    fake("apt-get", "echo 'E: Unable to locate package'; exit 100")
    told = install_packages(["libzbar0"])
    assert "Unable to locate package" in told
    assert "su -c 'apt-get update && apt-get install -y libzbar0'" in told


def test_somebody_without_rights_gets_the_line(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    log = fake("apt-get", "")
    assert "\n    su -c 'apt-get" in install_packages(["libzbar0"])
    fake("sudo", "echo 'a password is required'; exit 1")
    assert "\n    sudo sh -c 'apt-get" in install_packages(["libzbar0"])
    assert not log.exists()


def test_sudo_without_a_password_is_used(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    fake("true", "")
    fake("env", 'shift; exec "$@"')
    fake("sudo", 'shift; exec "$@"')
    log = fake("apt-get", "")
    assert install_packages(["libzbar0"]) == ""
    assert "install" in log.read_text(encoding="utf-8")


def test_a_needed_package_stops_and_a_wanted_one_does_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "install_packages", lambda packages: "The line: " + " ".join(packages))
    monkeypatch.setattr(run, "missing_packages", lambda *_: (["python3.11-venv"], ["libzbar0"]))
    with pytest.raises(Stop, match=r"Missing: python3\.11-venv\. The line: python3\.11-venv libzbar0"):
        provide_packages(with_pip=True)
    monkeypatch.setattr(run, "missing_packages", lambda *_: ([], ["libzbar0"]))
    provide_packages(with_pip=True)
    assert "Going on without libzbar0, that is, without a second reader" in capsys.readouterr().out


def test_what_qt_needs_is_needed_and_what_a_window_needs_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: None)
    needed, wanted = run.missing_packages(with_pip=False)
    assert {"libegl1", "libgl1", "libxkbcommon0"} <= set(needed)
    assert {"libxcb-cursor0", "libxcb-render-util0", "libxcb-xkb1", "libxkbcommon-x11-0", "libzbar0"} <= set(wanted)
    assert not set(needed) & set(wanted)
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None if name == "xcb-icccm" else name)
    assert run.missing_packages(with_pip=False) == ([], ["libxcb-icccm4"])


def test_elsewhere_than_on_linux_qt_brings_all_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes.util, "find_library", lambda _: None)
    assert run.missing_packages(with_pip=False) == ([], [])


def test_what_is_needed_comes_alone_where_what_is_wanted_does_not_exist(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed: set[str] = set()

    def install(packages: list[str]) -> str:
        if "libxcb-cursor0" in packages:
            return "E: Unable to locate package libxcb-cursor0."
        installed.update(packages)
        return ""

    def missing(*_: object, **__: object) -> tuple[list[str], list[str]]:
        return sorted({"libegl1"} - installed), ["libxcb-cursor0"]

    monkeypatch.setattr(run, "install_packages", install)
    monkeypatch.setattr(run, "missing_packages", missing)
    provide_packages(with_pip=True)
    assert installed == {"libegl1"}
    assert "Going on without libxcb-cursor0, that is, without the window on an X11" in capsys.readouterr().out


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt brings its own libraries elsewhere")
def test_no_library_that_qt_loads_is_forgotten() -> None:
    ours = Path(PySide6.__file__).parent / "Qt"
    files = [ours / "lib" / f"libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "Svg", "PrintSupport", "DBus")]
    files += [ours / "plugins" / "platforms" / name for name in ("libqoffscreen.so", "libqxcb.so")]
    # What the C runtime, Debian's own base system and the packages in the tables bring along.
    brought = re.compile(r"lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+|z|zstd|freetype|gthread-2\.0|xcb|Qt6\w+|icu\w+)\.so")
    named = {f"lib{name}.so" for name in (*run.QT_NEEDS, *run.WINDOW_NEEDS)}
    asked = {name.decode() for path in files for name in re.findall(rb"\0(lib[\w.+-]+\.so)(?=\.\d)", path.read_bytes())}
    assert len(asked) > 20
    assert not {name for name in asked if not brought.match(name)} - named


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("Temporary failure in name resolution ... No matching distribution found", "Check the network"),
        ("dns error: failed to lookup address information", "Check the network"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "not the one in requirements.lock"),
        ("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED", "certificate is not trusted"),
        ("[Errno 30] Read-only file system: 'x'", "can't be written"),
        ("ERROR: No matching distribution found for numpy==9", "no build for this Python"),
        ("ImportError: libGL.so.1: cannot open shared object file", "system library libGL.so.1"),
        ("something new", "delete the folder .venv"),
    ],
)
def test_failures_become_sentences(output: str, sentence: str) -> None:
    assert sentence in explain(output)


def test_uv_that_fails_gives_way_to_pip(
    place: Place, fake: Fake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake("uv", "echo 'error: no cache folder'; exit 2")
    calls: list[Place] = []
    monkeypatch.setattr(run, "provide_packages", lambda **_: None)
    monkeypatch.setattr(run, "fill_with_pip", calls.append)
    monkeypatch.setattr(run, "must", lambda *_: None)
    run.rebuild(place)
    assert calls == [place]
    assert "error: no cache folder); going on with pip" in capsys.readouterr().out


def test_uv_that_works_is_enough(place: Place, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    log = fake("uv", "exit 0")
    monkeypatch.setattr(run, "provide_packages", lambda **_: None)
    monkeypatch.setattr(run, "fill_with_pip", lambda *_: pytest.fail("pip was used"))
    monkeypatch.setattr(run, "must", lambda *_: None)
    run.rebuild(place)
    made, installed = log.read_text(encoding="utf-8").splitlines()
    assert made.startswith("venv ")
    assert "--require-hashes" in installed


def test_a_full_disk_is_told_before_anything_is_fetched(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "NEEDED_MB", 10**12)
    with pytest.raises(Stop, match="MB are free"):
        run.rebuild(place)


def test_children_speak_utf8_and_install_nowhere_else() -> None:
    env = run.child_environment({"PATH": "/bin", "PYTHONPATH": "x", "PIP_TARGET": "y", "VIRTUAL_ENV": "z", "LANG": "C"})
    assert env["PYTHONUTF8"] == "1"
    assert env["PIP_USER"] == "0"
    assert {"PYTHONPATH", "PIP_TARGET", "VIRTUAL_ENV"}.isdisjoint(env)
    assert env["LANG"] == "C"
    if sys.platform.startswith("linux"):
        odd = run.child_environment({"LC_ALL": "zh_CN.GB18030", "LANG": "C"})
        assert (odd["LANG"], odd["LC_CTYPE"], "LC_ALL" in odd) == ("zh_CN.GB18030", "C.UTF-8", False)


def test_all_checks_run_and_one_failure_counts(place: Place) -> None:
    steps = [("lint", "print('bad'); raise SystemExit(3)"), ("tests", "print('团购'); print('7 passed in 0.1s')")]
    commands = [(name, [sys.executable, "-c", code]) for name, code in steps]
    lines = ["import pathlib, run, sys", f"run.check_commands = lambda *_: {commands!r}"]
    lines.append(f"sys.exit(run.test(run.Place(pathlib.Path({str(place.root)!r})), []))")
    done = in_another_python(lines)
    said = done.stdout.splitlines()
    assert done.returncode == 1
    assert "团购" in said
    assert said[-2:] == ["1 of 2 checks failed: lint", "7 passed in 0.1s"]
    assert any(line.split()[:2] == ["lint", "FAILED"] for line in said)


def test_the_checks_are_all_there(place: Place) -> None:
    checks = run.check_commands(place, ["-k", "ledger"])
    assert [name for name, _ in checks] == ["ruff check", "ruff format", "mypy --strict", "import contracts", "pytest"]
    assert checks[-1][1][-2:] == ["-k", "ledger"]


def test_words_reach_hexiao_unchanged(finished: Place) -> None:
    script = finished.script("hexiao")
    script.write_text("import sys, os\nprint(sys.argv[1:], os.getcwd(), sep='|')\nsys.exit(7)\n", encoding="utf-8")
    lines = ["import pathlib, run", f"place = run.Place(pathlib.Path({str(finished.root)!r}))"]
    done = in_another_python([*lines, "run.start_hexiao(place, ['scan', 'a b.png', '券'])"])
    assert (done.returncode, done.stdout.strip()) == (7, f"['scan', 'a b.png', '券']|{RUN.parent}")
