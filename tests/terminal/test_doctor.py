"""The checks of a terminal: what is wrong is found, named in the person's language, and followed by what to do."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from sync.clock import SystemClock
from sync.services.store import Store
from terminal.bootstrap import open_store
from terminal.diagnostics import doctor
from terminal.diagnostics.doctor import LEAST_FREE_BYTES, Finding, examine, ready
from terminal.i18n import LANGUAGES, catalogue
from tests.terminal.desk import NOTED, Desk

ZONE = "Asia/Shanghai"


@pytest.fixture
def store(desk: Desk) -> Iterator[Store]:
    found = open_store(desk.data, SystemClock())
    yield found
    found.close()


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


def not_well(findings: list[Finding]) -> set[str]:
    return {finding.name for finding in findings if not finding.ok}


def test_both_languages_say_the_same_things() -> None:
    zh, en = (catalogue(f"doctor.{language}") for language in LANGUAGES)
    assert {name: set(zh[name]) for name in zh} == {name: set(en[name]) for name in en}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_terminal_that_is_well_has_nothing_to_do(desk: Desk, store: Store, language: str) -> None:
    findings = ready(store, language, ZONE)
    assert not_well(findings) == set()
    assert {finding.next for finding in findings} == {""}
    assert all(finding.what and finding.title for finding in findings)
    names = [finding.name for finding in findings]
    assert names == [
        *store.asking.platforms,
        "clock",
        "lists",
        "keys",
        "outbox",
        "differences",
        "disk",
        "limits",
    ]
    assert [finding.name for finding in examine(store, language, ZONE)] == [*names, "journal"]


def test_readiness_walks_no_journal(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(*_: object, **__: object) -> None:
        raise AssertionError("walked the journal")

    monkeypatch.setattr(doctor, "verify", walk)
    assert ready(store, "zh", ZONE)
    with pytest.raises(AssertionError):
        examine(store, "zh", ZONE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_line_each_platform_says_so_and_what_to_do(desk: Desk, store: Store, language: str) -> None:
    desk.line_down()
    findings = by_name(ready(store, language, ZONE))
    assert {"douyin", "miniprogram"} <= set(store.asking.platforms)
    for name in store.asking.platforms:
        assert not findings[name].ok
        assert findings[name].next
        assert findings[name].next not in findings[name].what


def test_every_check_that_can_fail_says_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    coupon = desk.coupon("douyin")
    desk.line_down()
    desk.told("redeem", coupon["code"], *NOTED)
    desk.line_up()
    (owed,) = desk.told("outbox", "list")["due"]
    desk.told("outbox", "hold", owed["id"], "--staff", "m1")
    used = desk.coupon("douyin")
    desk.post(f"coupons/{used['code']}", {"set": "used_elsewhere"})
    desk.told("reconcile", "--platform", "douyin", code=1)
    desk.line_down()
    usage = SimpleNamespace(free=LEAST_FREE_BYTES - 1)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    # Another boot: nobody knows the time, and the wall clock stands before the ledger's last entry.
    store = open_store(desk.data, _EarlyClock())
    platforms = set(store.asking.platforms)
    try:
        store.ledger.write(lambda tx: tx.run("DELETE FROM cursors").rowcount)
        store.trust._keys = {}
        store.ledger.write(lambda tx: tx.run("UPDATE redemptions SET amount_fen = 1").rowcount)
        findings = examine(store, "zh", ZONE)
    finally:
        store.close()
    wrong = {"clock", "lists", "keys", "outbox", "differences", "disk", "journal"}
    assert not_well(findings) == wrong | platforms
    assert all(finding.next for finding in findings if not finding.ok)
    assert "499 MB" in by_name(findings)["disk"].what


class _EarlyClock(SystemClock):
    """A machine that was switched off and has lost its time."""

    def boot_id(self) -> str:
        return "another boot"

    def wall_ms(self) -> int:
        return 1_000_000_000_000


def test_just_enough_room_is_enough(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(free=LEAST_FREE_BYTES)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert by_name(ready(store, "en", ZONE))["disk"] == Finding("disk", True, "500 MB free", "Disk space")


def test_keys_that_are_known_may_all_have_expired(store: Store) -> None:
    (key, *_) = next(iter(store.trust.keys().values()))
    store.trust._keys = {7: (type(key)(key.public, 0, 1),)}
    found = by_name(ready(store, "en", ZONE))["keys"]
    assert (found.ok, found.what) == (False, "all have expired")


def test_the_command_prints_what_to_do_and_keeps_its_fields(desk: Desk, tmp_path: Path) -> None:
    desk.line_down()
    checks = desk.told("doctor", code=1)["checks"]
    assert all({"name", "ok", "what", "title", "next"} <= set(check) for check in checks)
    (douyin,) = (check for check in checks if check["name"] == "douyin")
    said = desk.run("doctor")
    assert said.exit_code == 1
    assert douyin["next"].split()[0] in said.stdout
