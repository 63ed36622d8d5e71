"""Setting a till up, changing its settings later: no fact is ever thrown away, no limit widened by accident."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.clock import SystemClock
from sync.domain.reasons import Code
from sync.domain.trust import Budget, Limits
from sync.errors import KnownError, SettingsError
from sync.ledger.ledger import FILE_NAME
from sync.ledger.tables import REDEMPTIONS
from terminal import settings as settings_file
from terminal.bootstrap import initialise, open_store
from terminal.settings import limits_of
from tests.services.counter import without_pins
from tests.terminal.desk import Desk

ANYBODY = '\n[[staff]]\nid = "x{number}"\nname = "somebody"\nrole = "cashier"\n'


def profile_of(desk: Desk, more: str = "") -> Path:
    return without_pins(desk.sandbox.profile, desk.data.with_name("again"), more)


def test_a_ledger_with_facts_is_never_begun_anew_however_few_they_are(desk: Desk) -> None:
    desk.told("redeem", desk.coupon("douyin")["code"])
    (desk.data / settings_file.FILE_NAME).unlink()
    before = (desk.data / FILE_NAME).read_bytes()
    # More people than the ledger has entries: a count of entries says nothing.
    crowd = "".join(ANYBODY.format(number=number) for number in range(40))
    with pytest.raises(KnownError) as caught:
        initialise(desk.data, profile_of(desk, crowd), SystemClock())
    assert caught.value.reason.code is Code.LEDGER_EXISTS
    assert (desk.data / FILE_NAME).read_bytes() == before


def test_a_set_up_that_was_cut_short_is_begun_again(desk: Desk) -> None:
    (desk.data / settings_file.FILE_NAME).unlink()
    store = initialise(desk.data, profile_of(desk), SystemClock())
    try:
        assert store.ledger.read(lambda tx: tx.all(REDEMPTIONS, "1")) == []
        assert {person.id for person in store.people.all()} >= {"c1", "c2", "m1"}
    finally:
        store.close()


def test_a_ledger_in_use_is_not_taken_away(desk: Desk) -> None:
    (desk.data / settings_file.FILE_NAME).rename(desk.data / "kept.toml")
    (desk.data / "kept.toml").rename(desk.data / settings_file.FILE_NAME)
    store = open_store(desk.data, SystemClock())
    (desk.data / settings_file.FILE_NAME).unlink()
    before = (desk.data / FILE_NAME).stat().st_ino
    try:
        with pytest.raises(KnownError) as caught:
            initialise(desk.data, profile_of(desk), SystemClock())
    finally:
        store.close()
    assert caught.value.reason.code is Code.LEDGER_IN_USE
    assert (desk.data / FILE_NAME).stat().st_ino == before


def test_a_till_opens_after_its_root_key_was_changed_and_trusts_nothing_of_the_old_one(desk: Desk) -> None:
    path = desk.data / settings_file.FILE_NAME
    ours = settings_file.read(path)
    assert ours.miniprogram is not None
    other = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32).public_key().public_bytes_raw().hex()
    path.write_text(path.read_text(encoding="utf-8").replace(ours.miniprogram.root_key, other), encoding="utf-8")
    store = open_store(desk.data, SystemClock())
    try:
        assert dict(store.trust.keys()) == {}
    finally:
        store.close()
    assert json.loads(desk.run("redeem", desk.coupon("douyin")["code"], "--json").stdout)["outcome"] == "redeemed"


def limits(tmp_path: Path, desk: Desk, text: str) -> Limits:
    profile = without_pins(desk.sandbox.profile, tmp_path / "limits", text)
    return limits_of(settings_file.read(profile).limits)


def test_what_a_table_of_limits_leaves_out_keeps_its_default(desk: Desk, tmp_path: Path) -> None:
    found = limits(tmp_path, desk, '[limits.chain]\nvoucher_fen = 50000\n[limits.isolated]\ncount = "none"\n')
    usual = Limits()
    assert found.chain == Budget(50_000, usual.chain.amount_fen, usual.chain.count, usual.chain.hours)
    assert found.isolated == Budget(usual.isolated.voucher_fen, None, None, usual.isolated.hours)
    assert (found.permit, found.recorded, found.recorded_by_manager) == (
        usual.permit,
        usual.recorded,
        usual.recorded_by_manager,
    )


@pytest.mark.parametrize("line", ['voucher_fen = "none"', "count = 0", 'count = "all"', "hours = -1"])
def test_what_is_no_limit_is_no_setting(desk: Desk, tmp_path: Path, line: str) -> None:
    with pytest.raises(SettingsError) as caught:
        limits(tmp_path, desk, f"[limits.chain]\n{line}\n")
    assert caught.value.reason.code is Code.SETTINGS_BROKEN
