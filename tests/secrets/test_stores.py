"""The two stores of secrets: what they keep, what they refuse, and that neither ever makes a value up."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring

from sync.domain.reasons import Code
from sync.errors import SecretsError
from sync.secrets.key_file import KeyFile
from sync.secrets.store import SecretStore
from sync.secrets.system import Keyring

_POSIX = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")


def _refuses(store: SecretStore) -> str:
    with pytest.raises(SecretsError) as reading:
        store.get("a")
    with pytest.raises(SecretsError) as writing:
        store.put("a", b"1")
    assert reading.value.reason.code is writing.value.reason.code is Code.SECRETS_UNAVAILABLE
    return reading.value.detail


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def test_a_key_file_keeps_what_it_is_given(path: Path) -> None:
    store = KeyFile(path)
    assert store.get("a") is None
    store.put("a", b"\x00\xff")
    store.put("b", b"")
    store.put("a", b"second")
    again = KeyFile(path)
    assert (again.get("a"), again.get("b"), again.get("c")) == (b"second", b"", None)
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@_POSIX
def test_a_key_file_is_its_owners_alone(path: Path) -> None:
    old = os.umask(0)
    try:
        KeyFile(path).put("a", b"1")
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600


@_POSIX
def test_what_a_crash_left_does_not_open_the_key_file(path: Path) -> None:
    part = path.with_suffix(".part")
    part.write_text("half")
    part.chmod(0o644)
    KeyFile(path).put("a", b"1")
    assert path.stat().st_mode & 0o777 == 0o600
    assert KeyFile(path).get("a") == b"1"


@_POSIX
def test_secrets_do_not_follow_a_planted_link(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    path.with_suffix(".part").symlink_to(elsewhere)
    KeyFile(path).put("a", b"1")
    assert not elsewhere.exists()
    assert not path.is_symlink()


@_POSIX
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620, 0o601, 0o777])
def test_a_key_file_that_others_can_reach_is_refused(path: Path, mode: int) -> None:
    KeyFile(path).put("a", b"1")
    path.chmod(mode)
    before = path.read_bytes()
    assert "chmod 600" in _refuses(KeyFile(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", b"[]", b"1", b"null", b'{"a": 1}', b'{"a": "xyz"}', b'{"a": "0"}', b'{"a": null}', b"\xff\xfe"],
)
def test_a_damaged_key_file_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)
    assert path.name in _refuses(KeyFile(path))
    assert path.read_bytes() == content


def test_a_key_file_in_no_folder(tmp_path: Path) -> None:
    store = KeyFile(tmp_path / "missing" / "keys.json")
    assert store.get("a") is None
    with pytest.raises(SecretsError):
        store.put("a", b"1")


def test_a_folder_in_its_place(path: Path) -> None:
    path.mkdir(mode=0o700)
    _refuses(KeyFile(path))


def test_an_interrupted_write_keeps_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = KeyFile(path)
    store.put("a", b"1")

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SecretsError, match="No space"):
        store.put("a", b"2")
    monkeypatch.undo()
    assert store.get("a") == b"1"
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_the_reason_names_no_secret(path: Path) -> None:
    path.write_text(json.dumps({"a": "secret-value"}), encoding="ascii")
    path.chmod(0o600)
    with pytest.raises(SecretsError) as caught:
        KeyFile(path).get("a")
    assert "secret-value" not in str(caught.value) + str(dict(caught.value.reason.facts))


class _Remembering(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def backend() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("backend")
def test_no_keyring_at_all() -> None:
    keyring.set_keyring(FailKeyring())  # type: ignore[no-untyped-call]
    assert "keyring" in _refuses(Keyring("hexiao"))


@pytest.mark.usefixtures("backend")
def test_a_keyring_that_forgets_is_noticed() -> None:
    keyring.set_keyring(NullKeyring())  # type: ignore[no-untyped-call]
    with pytest.raises(SecretsError, match="does not keep"):
        Keyring("hexiao").put("a", b"1")


@pytest.mark.usefixtures("backend")
def test_a_keyring_keeps_services_apart() -> None:
    memory = _Remembering()
    keyring.set_keyring(memory)
    Keyring("one").put("a", b"\x00\xff")
    assert Keyring("one").get("a") == b"\x00\xff"
    assert Keyring("two").get("a") is None
    memory.kept["one", "a"] = "not ours"
    with pytest.raises(SecretsError):
        Keyring("one").get("a")


class _InClear(_Remembering):
    """A keyring that somebody installed beside ours."""


_InClear.__module__ = "keyrings.alt.file"


@pytest.mark.usefixtures("backend")
def test_a_keyring_that_is_not_the_systems_is_refused() -> None:
    keyring.set_keyring(_InClear())
    assert "in clear" in _refuses(Keyring("hexiao"))


_SESSION = """
import sys
from sync.secrets.system import Keyring
Keyring("hexiao test").put("a", b"\\x00\\xff")
sys.exit(0 if Keyring("hexiao test").get("a") == b"\\x00\\xff" and Keyring("hexiao test").get("b") is None else 3)
"""


def test_the_systems_own_keyring(tmp_path: Path) -> None:
    session, daemon = shutil.which("dbus-run-session"), shutil.which("gnome-keyring-daemon")
    if session is None or daemon is None:
        pytest.skip("gnome-keyring or dbus-run-session is not installed")
    script = f'printf pass | "{daemon}" --unlock --components=secrets >/dev/null && exec "{sys.executable}" -c "$CODE"'
    surroundings = os.environ | {
        "CODE": _SESSION,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
    }
    command = [session, "--", "sh", "-c", script]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
