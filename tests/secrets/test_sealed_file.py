"""The sealed file: opens to its passphrase alone, tells tampering from a wrong one, and never shows what it holds."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.clock import SystemClock
from sync.domain.reasons import Code
from sync.errors import SecretsError
from sync.secrets.sealed_file import SealedFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "secrets.sealed"


def opened(path: Path, passphrase: str) -> SealedFile:
    return SealedFile(path, SystemClock(), lambda _new: passphrase)


def test_what_was_kept_comes_back_to_the_passphrase(path: Path) -> None:
    store = opened(path, "口令 1")
    assert store.get("a") is None
    store.put("a", b"\x00\xff")
    store.put("b", b"hush-hush")
    again = opened(path, "口令 1")
    assert (again.get("a"), again.get("b"), again.get("c")) == (b"\x00\xff", b"hush-hush", None)
    assert b"hush-hush".hex() not in path.read_text()
    assert b"hush" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("passphrase", ["", "口令 2"])
def test_another_passphrase_opens_nothing_and_spoils_nothing(path: Path, passphrase: str) -> None:
    opened(path, "口令 1").put("a", b"1")
    before = path.read_bytes()
    wrong = opened(path, passphrase)
    acts: tuple[Callable[[], object], ...] = (lambda: wrong.get("a"), lambda: wrong.put("b", b"2"))
    for act in acts:
        with pytest.raises(SecretsError) as caught:
            act()
        assert caught.value.reason.code is Code.SECRETS_LOCKED
    assert path.read_bytes() == before
    assert opened(path, "口令 1").get("a") == b"1"


def test_without_a_passphrase_no_file_is_made(path: Path) -> None:
    with pytest.raises(SecretsError):
        opened(path, "").put("a", b"1")
    assert not path.exists()


@pytest.mark.parametrize("part", ["kind", "salt", "nonce", "body"])
def test_a_file_that_was_tampered_with_is_refused(path: Path, part: str) -> None:
    opened(path, "p").put("a", b"1")
    sealed = json.loads(path.read_text())
    sealed[part] = "00" + sealed[part][2:] if part != "kind" else "hexiao secrets 9"
    path.write_text(json.dumps(sealed))
    with pytest.raises(SecretsError):
        opened(path, "p").get("a")


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"kind": "hexiao secrets 1", "salt": "zz"}'])
def test_a_damaged_file_is_refused(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(SecretsError) as caught:
        opened(path, "p").get("a")
    assert caught.value.reason.code is Code.SECRETS_UNAVAILABLE


def test_the_passphrase_is_asked_for_once_and_told_when_it_is_new(path: Path) -> None:
    asked: list[bool] = []

    def ask(new: bool) -> str:
        asked.append(new)
        return "p"

    store = SealedFile(path, SystemClock(), ask)
    for name in "abc":
        store.put(name, b"1")
    again = SealedFile(path, SystemClock(), ask)
    for name in "abc":
        assert again.get(name) == b"1"
    assert asked == [True, False]
