"""Sets this machine up for hexiao and starts it: `python3 run.py` opens the demo, `python3 run.py test` checks all.

Any other words go to the `hexiao` command; words after `test` go to pytest. Standard library only. The file has to
parse and load on Python 3.8, so that somebody with an old Python reads a sentence and not a traceback.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import hashlib
import importlib
import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

NEEDED_PYTHON = (3, 11)
NEEDED_MB = 1300
STAMP_FORMAT = 1
CHECK_IMPORTS = "import cryptography, cv2, numpy, pydantic, requests, zxingcpp, PySide6.QtWidgets"
# Shared libraries that Qt's packages expect of the system, and the Debian packages that hold them: those without which
# Qt can't be loaded at all, and those that its windows on an X11 screen need besides.
QT_NEEDS = {
    "EGL": "libegl1",
    "GL": "libgl1",
    "X11": "libx11-6",
    "dbus-1": "libdbus-1-3",
    "fontconfig": "libfontconfig1",
    "glib-2.0": "libglib2.0-0",
    "xkbcommon": "libxkbcommon0",
}
XCB = "cursor0 icccm4 image0 keysyms1 randr0 render0 render-util0 shape0 shm0 sync1 util1 xfixes0 xkb1"
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "setxkbmap": "x11-xkb-utils",
    "dbus-run-session": "dbus-daemon",
    "gnome-keyring-daemon": "gnome-keyring",
}
WINDOW_NEEDS = {
    "X11-xcb": "libx11-xcb1",
    "brotlidec": "libbrotli1",
    "gssapi_krb5": "libgssapi-krb5-2",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    **{"xcb-" + name[:-1]: "libxcb-" + name for name in XCB.split()},
}
READER_NEEDS = {"zbar": "libzbar0"}
PROBE = (
    "import importlib.metadata as m, json, platform;"
    "names = {d.metadata['Name'] for d in m.distributions()};"
    "print(json.dumps([platform.python_version(), sorted(n for n in names if n)]))"
)
# (what the installer printed, what to tell): the first that matches is told.
CAUSES = [
    ("No space left|os error 28|not enough space", "The disk is full. Free some space and run it again."),
    (
        "DO NOT MATCH THE HASHES|[Hh]ash mismatch",
        "A downloaded package is not the one in requirements.lock (a proxy or mirror changed it). Try another network.",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED|invalid peer certificate|SSLError",
        "The registry's certificate is not trusted here. Check this machine's clock; behind a proxy, name its "
        "certificate in PIP_CERT and SSL_CERT_FILE.",
    ),
    (
        "name resolution|Name or service not known|dns error|getaddrinfo|unreachable|[Cc]onnection re(fused|set)"
        "|NewConnection|timed out|Could not connect|ProxyError|error sending request",
        "The package registry does not answer. Check the network or the proxy settings and run it again.",
    ),
    (
        "Read-only file system|Permission denied|Errno 13|Access is denied",
        "Something there can't be written. Move the project to a folder of your own, or run it as the folder's owner.",
    ),
    (
        "No matching distribution|no version of|no wheels? with a matching",
        "A locked package has no build for this Python or system. Use Python 3.11 to 3.14 on 64-bit Linux or Windows.",
    ),
]


class Stop(Exception):
    """The set-up can't go on; the text says why and what to do next."""


@dataclass(frozen=True)
class Place:
    """Where things are in one checkout."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def stamp(self) -> Path:
        return self.venv / "hexiao-stamp.json"

    @property
    def lock(self) -> Path:
        return self.root / "requirements.lock"

    @property
    def python(self) -> Path:
        return self.script("python")

    def script(self, name: str) -> Path:
        if os.name == "nt":
            return self.venv / "Scripts" / (name + ".exe")
        return self.venv / "bin" / name


def say(text: str) -> None:
    print(text, flush=True)


def old_python_sentence(version: tuple[int, int]) -> str:
    """What to tell when this Python is too old; names a newer one if the machine has it. "" when it is new enough."""
    if version >= NEEDED_PYTHON:
        return ""
    here = f"Python {version[0]}.{version[1]} is too old: hexiao needs 3.11 or newer."
    names = [f"python3.{minor}" for minor in range(14, 10, -1)]
    newer = [name for name in names if run_quietly([name, "--version"], Path.cwd())[0] == 0]
    if newer:
        return here + " This machine has one; run: " + newer[0] + " run.py"
    return here + " Install a newer Python (Debian 12, Ubuntu 24.04 and later have one) and run it with that."


def child_environment(base: dict[str, str] | None = None) -> dict[str, str]:
    """The environment for what this file starts: UTF-8 whatever the locale, and nobody else's Python or pip target."""
    env = dict(os.environ if base is None else base)
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV"):
        env.pop(name, None)
    if sys.platform.startswith("linux"):
        # Python 3.11 reads .pth files by the locale even in UTF-8 mode; the language stays what the person set.
        env["LANG"] = env.pop("LC_ALL", "") or env.get("LANG", "")
        env["LC_CTYPE"] = "C.UTF-8"
    env.update(PYTHONUTF8="1", PYTHONIOENCODING="utf-8", PIP_USER="0", PIP_NO_INPUT="1")
    return env


def base_python() -> str:
    """The Python behind any virtual environment this one runs in, so that .venv can be rebuilt from inside itself."""
    return getattr(sys, "_base_executable", None) or sys.executable


def fingerprints(place: Place, version: str) -> dict[str, str]:
    """Hashes of what a finished .venv was made from; scripts in it hold its path, so the path counts too."""

    def digest(*parts: bytes) -> str:
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    try:
        lock, project = place.lock.read_bytes(), (place.root / "pyproject.toml").read_bytes()
    except OSError as error:
        raise Stop(f"{error.filename} can't be read ({error.strerror}). Get a complete copy of the project.") from None
    # Git on Windows may write CRLF: the same lock all the same.
    lock = lock.replace(b"\r\n", b"\n")
    made_from = digest(str(STAMP_FORMAT).encode(), version.encode(), os.fsencode(place.root), lock)
    return {"locked": made_from, "project": digest(project)}


def probe_venv(place: Place) -> tuple[str, list[str]] | None:
    """Version and installed distributions as .venv's own Python tells them; None if it doesn't run."""
    # Not -I: isolated, Python 3.11 reads our own .pth by the locale and dies of a path that this one can't spell.
    code, output = run_quietly([str(place.python), "-P", "-X", "utf8", "-c", PROBE], place.root)
    try:
        version, names = json.loads(output if code == 0 else "")
    except ValueError:
        return None
    return str(version), [str(name) for name in names]


def venv_state(place: Place) -> str:
    """ "ready", "project" (only our own package has to be installed again) or "rebuild"."""
    try:
        stamp = json.loads(place.stamp.read_text(encoding="utf-8"))
        recorded = set(stamp["distributions"])
        made_from = {"locked": stamp["locked"], "project": stamp["project"]}
    except (OSError, ValueError, KeyError, TypeError):
        return "rebuild"
    found = probe_venv(place)
    if found is None:
        return "rebuild"
    wanted = fingerprints(place, found[0])
    if wanted["locked"] != made_from["locked"] or not recorded.issubset(found[1]):
        return "rebuild"
    whole = wanted["project"] == made_from["project"] and place.script("hexiao").exists()
    return "ready" if whole else "project"


def write_stamp(place: Place) -> None:
    """The last act of a set-up, and atomic: a .venv with a stamp is a finished one."""
    found = probe_venv(place)
    if found is None:
        raise Stop("The new .venv does not start. Delete the folder .venv and run it again.")
    stamp = dict(fingerprints(place, found[0]), distributions=found[1])
    half = place.stamp.with_suffix(".half")
    half.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    os.replace(half, place.stamp)  # noqa: PTH105


def started(words: Sequence[str], cwd: Path) -> subprocess.Popen[bytes]:
    """Output and errors in one pipe, no input: nothing that this file starts may wait for an answer."""
    environment, pipe = child_environment(), subprocess.PIPE
    return subprocess.Popen(
        list(words),
        cwd=str(cwd),
        env=environment,
        close_fds=False,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=subprocess.STDOUT,
    )


def run_quietly(words: Sequence[str], cwd: Path) -> tuple[int, str]:
    """Exit code and whole output; a person at a terminal sees the latest line move."""
    shown = sys.stdout.isatty()
    lines: list[str] = []
    try:
        with started(words, cwd) as process:
            for raw in process.stdout or ():
                lines.append(raw.decode("utf-8", "replace"))
                if shown:
                    print("\r  " + lines[-1].strip()[:72].ljust(74), end="", flush=True)
    except OSError as error:
        return 127, str(error)
    if shown and lines:
        print("\r" + " " * 76 + "\r", end="", flush=True)
    return process.returncode, "".join(lines)


def last_line(output: str) -> str:
    return ([line.strip() for line in output.splitlines() if line.strip()] or ["no message"])[-1]


def explain(output: str) -> str:
    """The sentence for a person behind what an installer printed."""
    library = re.search(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object", output)
    if library:
        return f"The system library {library.group(1)} is missing. Install the package that has it and run it again."
    for pattern, sentence in CAUSES:
        if re.search(pattern, output):
            return sentence
    return "The lines above are the installer's own. Run it again; if it stays, delete the folder .venv first."


def must(what: str, words: Sequence[str], cwd: Path) -> None:
    """Runs it or stops with its last lines and a sentence."""
    code, output = run_quietly(words, cwd)
    if code != 0:
        tail = "\n".join("    " + line[:160] for line in output.strip().splitlines()[-8:])
        raise Stop(f"{tail}\n{what} failed. {explain(output)}")


def missing_packages(with_pip: bool) -> tuple[list[str], list[str]]:
    """Debian packages that are (needed, merely wanted) and not there."""
    importlib.invalidate_caches()
    needed = []
    if with_pip and not (importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")):
        needed.append(f"python3.{sys.version_info[1]}-venv")
    if not sys.platform.startswith("linux"):
        return needed, []
    return needed + absent(QT_NEEDS), absent({**WINDOW_NEEDS, **READER_NEEDS})


def absent(libraries: dict[str, str]) -> list[str]:
    """The packages of those shared libraries that the system does not find."""
    return [package for name, package in libraries.items() if ctypes.util.find_library(name) is None]


def losses(packages: Sequence[str]) -> str:
    """What this machine can't do without these wanted packages."""
    groups = [
        (WINDOW_NEEDS, "the window on an X11 screen"),
        (READER_NEEDS, "a second reader for hard pictures of codes"),
    ]
    return " and ".join(what for group, what in groups if set(packages) & set(group.values()))


def apt_commands(packages: Sequence[str]) -> tuple[list[str], list[str]]:
    """(refresh the lists, install)."""
    # Another apt may hold the lock for a while on a freshly started machine.
    apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=120"]
    return [*apt, "update"], [*apt, "install", "--no-install-recommends", *packages]


def line_to_run(packages: Sequence[str], has_sudo: bool) -> str:
    """The one line that a person without rights here passes to somebody who has them."""
    both = "apt-get update && apt-get install -y " + " ".join(packages)
    return ("sudo sh -c " if has_sudo else "su -c ") + shlex.quote(both)


def administrator_prefix() -> list[str] | None:
    """Words to put before apt-get: none for root, sudo where it asks no password, None where there is no way."""
    env = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return env
    if shutil.which("sudo") and run_quietly(["sudo", "-n", "true"], Path("/"))[0] == 0:
        return ["sudo", "-n", *env]
    return None


def install_packages(packages: Sequence[str]) -> str:
    """Installs them with apt; "" or, if that can't be done, a sentence with the line to run."""
    if os.name == "nt" or shutil.which("apt-get") is None:
        return "No apt-get here: install with this system's own tool what Debian calls " + ", ".join(packages) + "."
    by_hand = line_to_run(packages, shutil.which("sudo") is not None)
    prefix = administrator_prefix()
    if prefix is None:
        return "An administrator has to run this line once:\n\n    " + by_hand + "\n"
    say("Installing system packages: " + " ".join(packages))
    update, install = apt_commands(packages)
    # The lists of a fresh image may be absent or old; refreshing them every time would cost seconds.
    if run_quietly(prefix + install, Path("/"))[0] == 0:
        return ""
    run_quietly(prefix + update, Path("/"))
    code, output = run_quietly(prefix + install, Path("/"))
    if code == 0:
        return ""
    return f"apt-get could not install them ({last_line(output)}). Check the network, then run:\n\n    {by_hand}\n"


def provide_packages(with_pip: bool) -> None:
    """What the set-up needs from the system: stops if a needed one stays away, goes on without a wanted one."""
    needed, wanted = missing_packages(with_pip)
    if not needed + wanted:
        return
    trouble = install_packages(needed + wanted)
    if wanted and missing_packages(with_pip)[0]:
        # apt installs all or nothing: one that this system does not have must not cost what is needed.
        install_packages(needed)
    needed, wanted = missing_packages(with_pip)
    if needed:
        raise Stop(f"Missing: {' '.join(needed)}. {trouble}\nThen run this again.")
    if wanted:
        say(f"Going on without {' '.join(wanted)}, that is, without {losses(wanted)}. {trouble}")


def provide_test_programs() -> None:
    """What plays a person before the real window; without it those tests are skipped, and say so."""
    if not sys.platform.startswith("linux"):
        return
    missing = [package for program, package in TEST_PROGRAMS.items() if shutil.which(program) is None]
    trouble = install_packages(missing) if missing else ""
    if trouble:
        say(f"Going on without {' '.join(missing)}: tests of the window on a real screen are skipped. {trouble}")


@contextlib.contextmanager
def only_one(place: Place) -> Iterator[None]:
    """One set-up at a time in this checkout; the system frees the lock when a process dies, however it dies."""
    folder = place.root / ".setup"
    try:
        folder.mkdir(exist_ok=True)
        handle = (folder / "lock").open("a+b")
    except OSError as error:
        raise Stop(f"{place.root} can't be written ({error.strerror}). Move the project to a folder of your own, "
                   "or run it as the folder's owner.") from None  # fmt: skip
    with handle:
        if os.name != "nt":
            # An installer that outlives a killed run.py keeps the lock until it, too, has stopped writing.
            os.set_inheritable(handle.fileno(), True)
        if not take_lock(handle.fileno(), wait=False):
            say("Another run.py is setting up here; waiting for it to finish.")
            while not take_lock(handle.fileno(), wait=True):
                pass
        yield


def take_lock(descriptor: int, wait: bool) -> bool:
    """Whether the lock is ours now. Closing the file gives it back."""
    if sys.platform == "win32":
        import msvcrt

        try:
            # LK_LOCK tries for ten seconds and gives up: the caller asks again.
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
    else:
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        except OSError:
            # Some network file systems have no locks: better without than not at all.
            return True
    return True


def remove_venv(place: Place) -> None:
    """Stamp first: what is half removed must never look finished."""
    try:
        if place.stamp.exists():
            place.stamp.unlink()
        if place.venv.is_symlink() or place.venv.is_file():
            place.venv.unlink()
        elif place.venv.exists():
            shutil.rmtree(str(place.venv))
    except OSError as error:
        raise Stop(f"The old .venv can't be removed ({error.strerror}: {error.filename}). "
                   "Close what uses it, delete the folder by hand and run it again.") from None  # fmt: skip


def fill_with_uv(place: Place, uv: str) -> bool:
    """Whether uv made .venv with everything that is locked."""
    say("Installing the locked packages into .venv (uv).")
    make = [uv, "venv", "--quiet", "--no-project", "--python", base_python(), str(place.venv)]
    install = [uv, "pip", "install", "--python", str(place.python), "--require-hashes", "-r", str(place.lock)]
    for words in (make, install):
        code, output = run_quietly(words, place.root)
        if code != 0:
            say(f"uv could not do it ({last_line(output)}); going on with pip.")
            return False
    return True


def fill_with_pip(place: Place) -> None:
    if missing_packages(with_pip=True)[0]:
        # Only after uv has failed: until then nothing needed what pip needs.
        provide_packages(with_pip=True)
    remove_venv(place)
    say("Installing the locked packages into .venv (pip; a minute or two the first time).")
    must("Making .venv", [base_python(), "-m", "venv", str(place.venv)], place.root)
    install = ["install", "--require-hashes", "--no-deps", "--retries", "3", "--progress-bar", "off"]
    must("Installing", [str(place.python), "-m", "pip", *install, "-r", str(place.lock)], place.root)


def install_project(place: Place) -> None:
    """Our own package, editable; its build tools are in the lock, so that nothing unlocked is fetched for it."""
    words = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "-e", "."]
    must("Installing hexiao itself", [str(place.python), *words], place.root)


def respell_paths(place: Place) -> None:
    """Python below 3.13 reads .pth files in Windows' own code page, while installers write UTF-8."""
    for path in (place.venv / "Lib" / "site-packages").glob("*hexiao*.pth"):
        try:
            path.write_text(path.read_text(encoding="utf-8"), encoding="mbcs", errors="strict")
        except UnicodeError:
            raise Stop(f"Windows can't spell {place.root} here. Move the project to a path of plain letters.") from None


def rebuild(place: Place) -> None:
    # What the old one holds is free again once it is gone.
    remove_venv(place)
    free_mb = shutil.disk_usage(str(place.root)).free // 1_000_000
    if free_mb < NEEDED_MB:
        raise Stop(
            f"Only {free_mb} MB are free here and the set-up takes about {NEEDED_MB} MB. Free some and run it again."
        )
    uv = shutil.which("uv")
    provide_packages(with_pip=uv is None)
    if uv is None or not fill_with_uv(place, uv):
        fill_with_pip(place)
    must("A first import of what was installed", [str(place.python), "-P", "-c", CHECK_IMPORTS], place.root)


def set_up(place: Place) -> None:
    """Leaves a finished .venv; touches nothing when it already is one."""
    if venv_state(place) == "ready":
        return
    with only_one(place):
        # While we waited another run may have done it.
        state = venv_state(place)
        if state == "ready":
            return
        began = time.monotonic()
        if state == "rebuild":
            rebuild(place)
        elif place.stamp.exists():
            place.stamp.unlink()
        install_project(place)
        if os.name == "nt" and sys.version_info < (3, 13):
            respell_paths(place)
        write_stamp(place)
        say(f"Set up in {time.monotonic() - began:.0f} s.")


def start_hexiao(place: Place, words: Sequence[str]) -> int:
    """Becomes the command (POSIX), so that signals and exit codes are its own; waits for it on Windows."""
    script = str(place.script("hexiao"))
    sys.stdout.flush()
    if os.name != "nt":
        # Through the interpreter: a "#!" line has a length limit and may stand on a volume mounted noexec.
        os.execve(str(place.python), [str(place.python), script, *words], child_environment())
    process = subprocess.Popen([script, *words], env=child_environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The console sent it to the child too: its own ending is the one that counts.
            continue


def check_commands(place: Place, words: Sequence[str]) -> list[tuple[str, list[str]]]:
    python = str(place.python)
    lint_imports = str(place.script("lint-imports"))
    return [
        ("ruff check", [python, "-m", "ruff", "check", "."]),
        ("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        ("mypy --strict", [python, "-m", "mypy"]),
        ("import contracts", [lint_imports] if os.name == "nt" else [python, lint_imports]),
        ("pytest", [python, "-m", "pytest", "-n", "2", *words]),
    ]


def run_check(words: Sequence[str], cwd: Path) -> tuple[int, str]:
    """Exit code and last line; the output is passed on as it comes."""
    tail = b""
    with started(words, cwd) as process:
        while process.stdout and (chunk := os.read(process.stdout.fileno(), 65536)):
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            tail = (tail + chunk)[-4096:]
    return process.returncode, last_line(tail.decode("utf-8", "replace"))


def summary(results: Sequence[tuple[str, int, float]], closing: str) -> str:
    """The table at the end; pytest's own closing line stays the last one, where people and CI look for it."""
    rows = [f"{name:<18}{'ok' if code == 0 else 'FAILED':<8}{seconds:7.1f} s" for name, code, seconds in results]
    failed = [name for name, code, _ in results if code != 0]
    verdict = f"{len(failed)} of {len(results)} checks failed: {', '.join(failed)}" if failed else "All checks passed."
    return "\n".join(["", *rows, verdict, closing])


def test(place: Place, words: Sequence[str]) -> int:
    """Every check, also after one failed; 0 only if all passed."""
    results: list[tuple[str, int, float]] = []
    closing = ""
    for name, command in check_commands(place, words):
        say(f"--- {name}")
        began = time.monotonic()
        code, closing = run_check(command, place.root)
        results.append((name, code, time.monotonic() - began))
    say(summary(results, closing))
    return 1 if any(code for _, code, _ in results) else 0


def main(words: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        # A pipe on an odd locale would turn a sentence about a path into a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    too_old = old_python_sentence(sys.version_info[:2])
    if too_old:
        say(too_old)
        return 2
    place = Place(Path(__file__).resolve().parent)
    try:
        set_up(place)
        if list(words[:1]) == ["test"]:
            provide_test_programs()
            return test(place, words[1:])
        return start_hexiao(place, words or ["demo", "--out", str(place.root / "demo-out")])
    except Stop as stop:
        say(str(stop))
        return 1
    except OSError as error:
        say(f"{error.filename or 'The system'}: {error.strerror}. {explain(str(error))}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
