"""What keeps a coupon from being taken twice can't be taken away unseen."""

from pathlib import Path

import pytest

from sync.domain.codes import CredentialKind
from sync.ledger import lists, vouchers
from sync.ledger.ledger import Ledger
from sync.ledger.lists import Nonce
from sync.ledger.sealing import Sealer
from sync.ledger.tables import OUTBOX, OutboxEntry
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import Alias
from tests.ledger.rows import STAMP, add, redemption, tamper, walked

ENTRY = OutboxEntry("o", "douyin", "redeem", "q", "due", 0, 1, None, b"call", None, 1)


@pytest.fixture
def guarded(ledger: Ledger) -> Path:
    def job(tx: Transaction) -> None:
        voucher = vouchers.new(tx, "douyin")
        vouchers.bind(tx, "douyin", voucher, (Alias(CredentialKind.CODE, "104686126200"),), noted=True)
        vouchers.set_mark(tx, voucher, 500)
        lists.keep_nonce(tx, Nonce("n", "q", 5, None))
        lists.spend_nonce(tx, "n", "basket")
        tx.add(OUTBOX, ENTRY)
        tx.seal_entry("redemption.claimed", STAMP)

    ledger.write(job)
    add(ledger, redemption("a"))
    return ledger.path


def test_untouched_guards_are_well(guarded: Path, sealer: Sealer) -> None:
    assert walked(guarded, sealer).ok


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM aliases", "no longer leads"),
        ("UPDATE aliases SET voucher = 9", "no longer leads"),
        ("UPDATE vouchers SET last_mark_s = 499", "set back"),
        ("UPDATE vouchers SET last_mark_s = NULL", "set back"),
        ("DELETE FROM vouchers", "set back"),
        ("UPDATE nonces SET basket_id = NULL", "no longer spent"),
        ("DELETE FROM nonces", "no longer spent"),
        ("UPDATE outbox SET state = 'done'", "no call for it is open"),
    ],
)
def test_a_guard_that_was_taken_away(guarded: Path, sealer: Sealer, statement: str, what: str) -> None:
    tamper(guarded, statement)
    bad = walked(guarded, sealer).first_bad
    assert bad is not None
    assert what in bad.what
