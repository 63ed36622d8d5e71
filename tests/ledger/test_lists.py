"""What the ledger remembers beside the facts: aliases, marks, lists, nonces, outages, the queue."""

from dataclasses import replace
from typing import Any

import pytest

from sync.domain.codes import Credential, CredentialKind
from sync.domain.outbox import CallKind, OutboxState
from sync.domain.trust import Purse, Spent
from sync.domain.voucher import Coupon
from sync.ledger import lists, outages, outbox, redemptions, vouchers
from sync.ledger.ledger import Ledger
from sync.ledger.lists import Nonce, StoredKeyset
from sync.ledger.tables import OUTBOX, REDEMPTIONS, OutboxEntry
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import Alias
from tests.ledger.rows import STAMP, add, change, redemption

COUPON = Coupon("ref-1", "handle-1", "8812", "meal", 5_000, "voucher", 3, 2, 1, 2, terms=("one a table",))


def test_all_names_of_a_coupon_meet(ledger: Ledger) -> None:
    voucher, _ = ledger.write(lambda tx: vouchers.keep(tx, "douyin", COUPON, 9))
    names = (Alias("ref", "ref-1"), Alias("handle", "handle-1"), Alias("code", "8812"))
    assert ledger.read(lambda tx: [vouchers.find(tx, "douyin", (name,)) for name in names]) == [[voucher]] * 3
    assert ledger.read(lambda tx: vouchers.find(tx, "miniprogram", (Alias("code", "8812"),))) == []
    assert ledger.read(lambda tx: vouchers.find(tx, "douyin", (Alias("phone", "8812"),))) == []


def test_the_cache_gives_back_what_it_was_told_and_the_newest_of_it(ledger: Ledger) -> None:
    voucher, _ = ledger.write(lambda tx: vouchers.keep(tx, "douyin", COUPON, 9))
    known = ledger.read(lambda tx: vouchers.known(tx, voucher))
    assert known is not None
    assert (known.coupon, known.seen_at_ms, known.store_ok) == (COUPON, 9, True)
    assert ledger.write(lambda tx: vouchers.keep(tx, "douyin", COUPON, 10, store_ok=False)) == (voucher, frozenset())
    again = ledger.read(lambda tx: vouchers.known(tx, voucher))
    assert again is not None
    assert (again.seen_at_ms, again.store_ok) == (10, False)


def test_names_of_two_vouchers_are_a_clash(ledger: Ledger) -> None:
    def job(tx: Transaction) -> Any:
        one, other = vouchers.new(tx, "douyin"), vouchers.new(tx, "douyin")
        code = Alias("code", "1")
        return one, vouchers.bind(tx, "douyin", one, (code,)), vouchers.bind(tx, "douyin", other, (code,))

    one, first, second = ledger.write(job)
    assert (first, second) == ([], [one])


def test_a_coupon_whose_names_lead_to_two_vouchers_names_the_other(ledger: Ledger) -> None:
    def job(tx: Transaction) -> Any:
        by_ref, by_code = vouchers.new(tx, "douyin"), vouchers.new(tx, "douyin")
        vouchers.bind(tx, "douyin", by_ref, (Alias("ref", "ref-1"),))
        vouchers.bind(tx, "douyin", by_code, (Alias("code", "8812"),))
        return by_ref, by_code, vouchers.keep(tx, "douyin", COUPON, 9)

    by_ref, by_code, kept = ledger.write(job)
    assert kept == (by_ref, frozenset({by_code}))


def test_no_code_stands_in_the_file_in_clear(ledger: Ledger) -> None:
    code = "104686126200130"
    coupon = Coupon("ref", "ref", code, "meal", 1, "voucher", 1, 1, None, None)
    ledger.write(lambda tx: vouchers.keep(tx, "douyin", coupon, 9))
    ledger.close()
    content = b"".join(found.read_bytes() for found in ledger.path.parent.iterdir())
    assert b"meal" in content or b"redemptions" in content
    assert code.encode() not in content


def test_only_a_typed_code_is_a_name_of_its_own() -> None:
    link = Credential(CredentialKind.SHORT_LINK, "https://v.douyin.com/abcd")
    typed = Credential(CredentialKind.CODE, "104686126200")
    assert len(vouchers.aliases_of(COUPON, link)) == 3
    # What the platform calls the code is its code; the typed text is one only where the platform tells none.
    assert vouchers.aliases_of(COUPON, typed)[-1] == Alias("code", "8812")
    assert vouchers.aliases_of(replace(COUPON, code=None), typed)[-1] == Alias("code", "104686126200")


def test_a_mark_never_goes_back(ledger: Ledger) -> None:
    voucher = ledger.write(lambda tx: vouchers.new(tx, "miniprogram"))

    def job(tx: Transaction) -> list[int | None]:
        told = []
        for mark in (5, 9, 7):
            vouchers.set_mark(tx, voucher, mark)
            told.append(vouchers.last_mark_s(tx, voucher))
        tx.seal_entry("marked", STAMP)
        return told

    assert ledger.read(lambda tx: vouchers.last_mark_s(tx, voucher)) is None
    assert ledger.write(job) == [5, 9, 9]


@pytest.mark.parametrize(
    ("entries", "revoked"),
    [
        ([(1, "revoked")], True),
        ([(1, "revoked"), (2, "restored")], False),
        ([(2, "restored"), (1, "revoked")], False),
        ([(2, "revoked"), (2, "restored")], True),
        ([], False),
    ],
)
def test_a_newer_word_about_a_voucher_stands(ledger: Ledger, entries: list[tuple[int, str]], revoked: bool) -> None:
    def job(tx: Transaction) -> None:
        for seq, state in entries:
            lists.keep_revocation(tx, "v", seq, state)

    ledger.write(job)
    assert ledger.read(lambda tx: lists.is_revoked(tx, "v")) is revoked


def test_the_newest_key_set(ledger: Ledger) -> None:
    assert ledger.read(lists.newest_keyset) is None

    def job(tx: Transaction) -> None:
        for seq in (3, 1, 2):
            lists.keep_keyset(tx, StoredKeyset(seq, str(seq), b"s"), 1)

    ledger.write(job)
    assert ledger.read(lists.newest_keyset) == StoredKeyset(3, "3", b"s")


def test_a_nonce_serves_one_basket(ledger: Ledger) -> None:
    ledger.write(lambda tx: lists.keep_nonce(tx, Nonce("n", "q", 5, None)))

    def spend(basket: str) -> None:
        def job(tx: Transaction) -> None:
            lists.spend_nonce(tx, "n", basket)
            tx.seal_entry("nonce.spent", STAMP)

        ledger.write(job)

    spend("one")
    spend("other")
    assert ledger.read(lambda tx: lists.nonce(tx, "n")) == Nonce("n", "q", 5, "one")
    assert ledger.read(lambda tx: lists.nonce(tx, "m")) is None


def _trusted(ledger: Ledger, name: str, tier: str, fen: int, unit: int) -> int:
    def job(tx: Transaction) -> int:
        found = outages.current(tx, "douyin")
        number = found.id if found else outages.begin(tx, "douyin", 7)
        row = redemption(name, tier=tier, amount_fen=fen, unit=unit, outage=number, promised=True)
        tx.add(REDEMPTIONS, row)
        outages.spend(tx, number, row)
        tx.seal_entry("redemption.claimed", STAMP)
        return number

    return ledger.write(job)


def test_an_outage_runs_until_the_last_of_it_is_settled(ledger: Ledger) -> None:
    assert ledger.read(lambda tx: outages.current(tx, "douyin")) is None
    number = _trusted(ledger, "a", "chain", 100, 1)
    assert _trusted(ledger, "b", "cached", 50, 2) == number
    assert _trusted(ledger, "c", "permit", 7, 3) == number
    assert _trusted(ledger, "d", "recorded", 9, 4) == number

    def end(tx: Transaction) -> None:
        outages.end_if_settled(tx, number, 99)
        tx.seal_entry("outage", STAMP)

    for name in "abc":
        change(ledger, name, state="confirmed")
        ledger.write(end)
        found = ledger.read(lambda tx: outages.current(tx, "douyin"))
        assert found is not None
        assert found.started_at_ms == 7
        assert found.spent == {Purse.SHARED: Spent(2, 150), Purse.PERMIT: Spent(1, 7), Purse.RECORDED: Spent(1, 9)}
    assert ledger.read(lambda tx: outages.current(tx, "miniprogram")) is None
    change(ledger, "d", state="refused")
    ledger.write(end)
    assert ledger.read(lambda tx: outages.current(tx, "douyin")) is None
    assert _trusted(ledger, "e", "chain", 1, 5) != number


def test_uses_of_an_account_are_its_live_ones_of_the_day_that_were_on_trust(ledger: Ledger) -> None:
    days = [f"2026-08-0{1 + n // 3}" for n in range(4)]
    of_account = {"account": "acc", "tier": "chain"}
    add(ledger, *(redemption(str(n), unit=n, business_day=day, **of_account) for n, day in enumerate(days)))
    add(ledger, redemption("asked", unit=9, account="acc", tier="online", business_day="2026-08-01"))
    change(ledger, "0", state="reversed")
    assert ledger.read(lambda tx: redemptions.account_uses(tx, "acc", "2026-08-01")) == 2
    assert ledger.read(lambda tx: redemptions.account_uses(tx, "acc", "2026-08-02")) == 1
    assert ledger.read(lambda tx: redemptions.account_uses(tx, "other", "2026-08-01")) == 0


def test_nothing_in_the_queue_stands_in_the_way_of_others(ledger: Ledger) -> None:
    states = [(OutboxState.DUE, 50), (OutboxState.HELD, 0), (OutboxState.SENDING, 10), (OutboxState.DONE, 0)]

    def job(tx: Transaction) -> None:
        for number, (state, at_ms) in enumerate([*states, (OutboxState.DUE, 10)]):
            call = b"call"
            tx.add(OUTBOX, OutboxEntry(str(number), "douyin", "redeem", "q", state, 0, at_ms, None, call, None, 1))
        tx.seal_entry("owed", STAMP)

    ledger.write(job)
    redeem = CallKind.REDEEM
    assert ledger.read(lambda tx: outbox.ready(tx, redeem, 9, 9)) == []
    assert ledger.read(lambda tx: outbox.ready(tx, redeem, 10, 9)) == ["2", "4"]
    assert ledger.read(lambda tx: outbox.ready(tx, redeem, 50, 9)) == ["2", "4", "0"]
    assert ledger.read(lambda tx: outbox.ready(tx, redeem, None, 9)) == ["2", "4", "0"]
    assert ledger.read(lambda tx: outbox.ready(tx, redeem, 50, 1)) == ["2"]
    assert [entry.id for entry in ledger.read(outbox.open_entries)] == ["0", "1", "2", "4"]
