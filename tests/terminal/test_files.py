"""Missing, broken, busy or full: a plain message that says what to do, exit code 1, and nothing lost."""

import json
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sync.clock import SystemClock
from sync.ledger.ledger import FILE_NAME
from terminal.bootstrap import KEY_FILE_NAME, open_store
from terminal.settings import FILE_NAME as SETTINGS
from tests.terminal.desk import NOTED, Desk


def refused(desk: Desk, reason: str, *arguments: str) -> None:
    """The command says why in a document for scripts and in three lines for people."""
    said = desk.told(*arguments, code=1)
    assert (said["reason"], said["ok"]) == (reason, False)
    people = desk.run(*arguments)
    assert people.exit_code == 1
    assert people.stdout == ""
    assert people.stderr.startswith("✕ ")
    assert "→ " in people.stderr
    assert "Traceback" not in people.stderr


def spoil(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (Path.unlink, "settings_missing"),
        (spoil(""), "settings_broken"),
        (spoil("not = [toml"), "settings_broken"),
        (spoil("[store]\nname = 5\n"), "settings_broken"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00"), "settings_broken"),
        (lambda path: path.write_text(path.read_text() + "\n[nonsense]\nx = 1\n"), "settings_broken"),
    ],
)
def test_settings(desk: Desk, trouble: Callable[[Path], object], reason: str) -> None:
    trouble(desk.data / SETTINGS)
    refused(desk, reason, "redeem", "104686126200130")
    refused(desk, reason, "outbox", "deliver")


def test_a_wrong_field_is_named(desk: Desk) -> None:
    path = desk.data / SETTINGS
    path.write_text(path.read_text(encoding="utf-8").replace("cutoff_hour = 4", "cutoff_hour = 40"), encoding="utf-8")
    assert "cutoff_hour" in desk.told("doctor", code=1)["message"]


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (Path.unlink, "ledger_missing"),
        (lambda path: path.write_bytes(b"\x00" * 4096), "ledger_broken"),
        (lambda path: path.write_bytes(b"no database at all" * 100), "ledger_broken"),
        (lambda path: path.write_bytes(path.read_bytes()[:8192]), "ledger_broken"),
    ],
)
def test_a_broken_ledger_is_left_as_it_is(desk: Desk, trouble: Callable[[Path], object], reason: str) -> None:
    desk.told("redeem", desk.coupon("douyin")["code"])
    path = desk.data / FILE_NAME
    trouble(path)
    before = path.read_bytes() if path.exists() else None
    refused(desk, reason, "redeem", desk.coupon("douyin")["code"])
    assert (path.read_bytes() if path.exists() else None) == before
    assert len(desk.booked()) == 1


def test_a_copy_can_be_put_back(desk: Desk, tmp_path: Path) -> None:
    coupon = desk.coupon("douyin")
    desk.told("redeem", coupon["code"])
    copy = tmp_path / "copy.sqlite3"
    assert desk.told("ledger", "backup", str(copy))["file"] == str(copy)
    assert desk.told("ledger", "backup", str(copy), code=1)["reason"] == "ledger_exists"
    (desk.data / FILE_NAME).write_bytes(b"garbage" * 1000)
    for beside in desk.data.glob(f"{FILE_NAME}-*"):
        beside.unlink()
    restored = desk.told("ledger", "restore", str(copy))
    assert restored["replaced"] is not None
    assert desk.told("redeem", coupon["code"], code=1)["reason"] == "used_here"
    assert desk.told("ledger", "verify")["ok"]


def test_a_ledger_in_use_by_a_second_program(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def impatient(data: Path, clock: SystemClock) -> object:
        return open_store(data, clock, lock_wait_s=0.1)

    monkeypatch.setattr("terminal.bootstrap.open_store", impatient)
    store = open_store(desk.data, SystemClock())
    try:
        refused(desk, "ledger_in_use", "redeem", desk.coupon("douyin")["code"])
        # Looking at the journal needs no second writer.
        assert desk.told("ledger", "verify")["ok"]
    finally:
        store.close()
    assert desk.told("redeem", desk.coupon("douyin")["code"])["outcome"] == "redeemed"


def test_the_key_is_missing_or_another_one(desk: Desk) -> None:
    path = desk.data / KEY_FILE_NAME
    secrets = json.loads(path.read_text(encoding="ascii"))
    path.unlink()
    refused(desk, "secrets_unavailable", "redeem", "104686126200130")
    path.write_text(json.dumps(secrets), encoding="ascii")
    path.chmod(0o644)
    if os.name == "posix":
        refused(desk, "secrets_unavailable", "redeem", "104686126200130")
    path.chmod(0o600)
    assert desk.told("redeem", "104686126200130", code=1)["outcome"] == "refused"


def test_setting_up_twice_overwrites_nothing(desk: Desk) -> None:
    before = (desk.data / FILE_NAME).stat().st_size, (desk.data / SETTINGS).read_bytes()
    refused(desk, "ledger_exists", "init", "--profile", str(desk.sandbox.profile))
    assert (desk.data / FILE_NAME).stat().st_size >= before[0]
    assert (desk.data / SETTINGS).read_bytes() == before[1]


def test_a_profile_of_a_real_store_may_not_point_hosts_elsewhere(desk: Desk, tmp_path: Path) -> None:
    profile = tmp_path / "real.toml"
    text = desk.sandbox.profile.read_text(encoding="utf-8").replace("demo = true", "demo = false")
    profile.write_text(text, encoding="utf-8")
    desk.data = tmp_path / "real"
    refused(desk, "settings_broken", "init", "--profile", str(profile))
    assert not (desk.data / FILE_NAME).exists()
    refused(desk, "settings_missing", "init", "--profile", str(tmp_path / "nowhere.toml"))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit on Windows")
@pytest.mark.parametrize("line", ["up", "down"])
def test_when_nothing_more_can_be_written_nothing_is_accepted_and_nothing_lost(desk: Desk, line: str) -> None:
    import resource
    import signal

    first, second = desk.coupon("douyin"), desk.coupon("douyin")
    desk.told("redeem", first["code"])
    if line == "down":
        desk.line_down()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        result = desk.run("redeem", second["code"], *NOTED, "--json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["reason"] == "disk_full", said
    assert [use["code"] for use in desk.booked()] == [first["code"]]
    desk.line_up()
    assert desk.told("redeem", second["code"])["outcome"] == "redeemed"
    assert desk.told("ledger", "verify")["ok"]


def test_a_tampered_ledger_is_named_by_its_first_bad_entry(desk: Desk) -> None:
    desk.told("redeem", desk.coupon("douyin")["code"])
    with closing(sqlite3.connect(desk.data / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("UPDATE redemptions SET amount_fen = 1")
    said = desk.told("ledger", "verify", code=1)
    assert said["ok"] is False
    assert isinstance(said["first_bad"]["seq"], int)
    assert "amount_fen" in said["first_bad"]["what"]


def test_no_second_document_when_something_fails_after_the_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sync.services.redeeming.Redeeming.flush", full)
    result = desk.run("redeem", desk.coupon("douyin")["code"], "--json")
    assert json.loads(result.stdout)["outcome"] == "redeemed"
    assert result.exit_code == 1
    assert "disk is full" in result.stderr
