"""Whatever is done to the file without the key, verifying names the first entry it was done to."""

from contextlib import closing
from pathlib import Path

import pytest

from sync.clock import FalseClock
from sync.ledger.journal import entry_hash, payload_hash
from sync.ledger.ledger import Ledger
from sync.ledger.sealing import Sealer
from sync.ledger.transaction import Transaction
from sync.ledger.verify import Bad, verify
from sync.ledger.writer import connect
from tests.ledger.rows import STAMP, add, change, erase, redemption, tamper, walked


@pytest.fixture
def written(ledger: Ledger) -> Path:
    """Entries 1–3 add a, b and c; 4 confirms b; 5 notes something."""
    add(ledger, *(redemption(name, voucher=place) for place, name in enumerate("abc")))
    change(ledger, "b", state="sent", promised=True, settled_at_ms=5)

    def note(tx: Transaction) -> None:
        tx.note(looked="at it")
        tx.seal_entry("noted", STAMP)

    ledger.write(note)
    return ledger.path


def _swap(first: int, second: int) -> tuple[str, ...]:
    return (
        f"UPDATE journal SET seq = 999 WHERE seq = {first}",
        f"UPDATE journal SET seq = {first} WHERE seq = {second}",
        f"UPDATE journal SET seq = {second} WHERE seq = 999",
    )


TAMPERED: dict[str, tuple[tuple[str, ...], int | None]] = {
    "payload": (("UPDATE journal SET payload = replace(payload, 'anna', 'bert') WHERE seq = 2",), 2),
    "time": (("UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 3",), 3),
    "kind": (("UPDATE journal SET kind = 'other' WHERE seq = 4",), 4),
    "salt": (("UPDATE journal SET salt = x'00' WHERE seq = 1",), 1),
    "payload hash": (("UPDATE journal SET payload_hash = zeroblob(32) WHERE seq = 2",), 2),
    "hash": (("UPDATE journal SET hash = zeroblob(32) WHERE seq = 2",), 2),
    "link to the one before": (("UPDATE journal SET prev = zeroblob(32) WHERE seq = 3",), 3),
    "first removed": (("DELETE FROM journal WHERE seq = 1",), 1),
    "middle removed": (("DELETE FROM journal WHERE seq = 3",), 3),
    "middle removed and closed up": (
        ("DELETE FROM journal WHERE seq = 3", "UPDATE journal SET seq = seq - 1 WHERE seq > 3"),
        3,
    ),
    "tail cut": (("DELETE FROM journal WHERE seq > 3",), 4),
    "all removed": (("DELETE FROM journal",), 1),
    "swapped": (_swap(2, 3), 2),
    "one put before the first": (("UPDATE journal SET seq = 0 WHERE seq = 1",), 1),
    "head removed": (("DELETE FROM journal_head",), 5),
    "head moved back": (("UPDATE journal_head SET seq = 4",), 5),
    "head of another entry": (("UPDATE journal_head SET hash = zeroblob(32)",), 5),
    "tail cut, head moved without the key": (
        (
            "DELETE FROM journal WHERE seq > 3",
            "UPDATE journal_head SET seq = 3, hash = (SELECT hash FROM journal WHERE seq = 3)",
        ),
        3,
    ),
    "row changed": (("UPDATE redemptions SET amount_fen = 1 WHERE id = 'c'",), 3),
    "row changed after its last entry": (("UPDATE redemptions SET state = 'refused' WHERE id = 'b'",), 4),
    "row nulled": (("UPDATE redemptions SET settled_at_ms = NULL WHERE id = 'b'",), 4),
    "sealed code changed": (("UPDATE redemptions SET code_sealed = x'00' WHERE id = 'a'",), 1),
    "row removed": (("DELETE FROM redemptions WHERE id = 'b'",), 4),
    "row added": (
        (
            "CREATE TABLE t AS SELECT * FROM redemptions WHERE id = 'a'",
            "UPDATE t SET id = 'x', seq = 9, unit = 2",
            "INSERT INTO redemptions SELECT * FROM t",
        ),
        None,
    ),
    "row renamed": (("UPDATE redemptions SET id = 'x' WHERE id = 'a'",), None),
    "staff added": (("INSERT INTO staff VALUES ('m', 'Mallory', 'manager', NULL, 1)",), None),
}


@pytest.mark.parametrize(("statements", "seq"), TAMPERED.values(), ids=TAMPERED.keys())
def test_tampering_is_named(written: Path, sealer: Sealer, statements: tuple[str, ...], seq: int | None) -> None:
    assert walked(written, sealer).ok
    tamper(written, *statements)
    bad = walked(written, sealer).first_bad
    assert bad is not None
    assert bad.seq == seq


def test_an_untouched_journal_is_well_also_without_the_key(written: Path, ledger: Ledger, sealer: Sealer) -> None:
    for key in (sealer, None):
        found = walked(written, key)
        assert (found.ok, found.entries, found.first_bad) == (True, 5, None)
    head = ledger.read(lambda tx: tx.run("SELECT hash FROM journal_head").fetchone()[0])
    assert walked(written, sealer).head == head.hex()


def test_an_empty_journal_is_well(ledger: Ledger, sealer: Sealer) -> None:
    assert walked(ledger.path, sealer).ok


def _append(path: Path, payload: str, times: int = 1) -> None:
    """A well-formed entry, head and all, by somebody who has no key."""
    for _ in range(times):
        found = walked(path, None)
        seq, of_payload = found.entries + 1, payload_hash(b"s" * 16, payload)
        link = entry_hash(bytes.fromhex(found.head), seq, 1, "noted", of_payload)
        row = (seq, 1, "noted", payload, b"s" * 16, of_payload, bytes.fromhex(found.head), link)
        tamper(path, "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values=row)


def test_entries_appended_without_the_head_are_named_from_the_first(written: Path, sealer: Sealer) -> None:
    _append(written, '{"facts":[]}')
    assert walked(written, sealer).first_bad == Bad(6, "was appended behind the head")


def test_of_two_appended_entries_the_first_is_named(written: Path) -> None:
    tamper(written, "CREATE TABLE kept AS SELECT * FROM journal_head", "DELETE FROM journal_head")
    for _ in range(2):
        _append(written, '{"facts":[]}')
    tamper(written, "INSERT INTO journal_head SELECT * FROM kept")
    assert walked(written, None).first_bad == Bad(6, "was appended behind the head")


def test_an_appended_entry_with_a_head_of_a_stranger(written: Path, sealer: Sealer) -> None:
    _append(written, '{"facts":[]}')
    tamper(written, "UPDATE journal_head SET seq = 6, hash = (SELECT hash FROM journal WHERE seq = 6)")
    assert walked(written, None).ok
    bad = walked(written, sealer).first_bad
    assert bad is not None
    assert bad.seq == 6
    mac = Sealer(b"x" * 32, FalseClock()).head_mac(6, bytes.fromhex(walked(written, None).head))
    tamper(written, "UPDATE journal_head SET mac = ?", values=(mac,))
    assert walked(written, sealer).first_bad == bad


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        "1",
        '{"facts":1}',
        '{"facts":[1]}',
        '{"facts":[{"t":"nowhere","id":1,"row":{}}]}',
        '{"facts":[{"t":"staff"}]}',
        '{"facts":[{"t":"staff","id":1,"set":5}]}',
        "[" * 100_000,
    ],
)
def test_an_appended_entry_of_nonsense_is_an_answer_not_a_crash(written: Path, payload: str) -> None:
    _append(written, payload)
    bad = walked(written, None).first_bad
    assert bad is not None
    assert bad.seq == 6


@pytest.mark.parametrize("seq", [1, 2, 3, 4, 5])
def test_an_erasure_that_is_noted_is_tolerated(written: Path, ledger: Ledger, sealer: Sealer, seq: int) -> None:
    erase(ledger, seq)
    assert walked(written, sealer).first_bad is None


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_an_erasure_that_no_entry_speaks_of_is_bad(written: Path, sealer: Sealer, seq: int) -> None:
    tamper(written, f"UPDATE journal SET payload = NULL WHERE seq = {seq}")
    assert walked(written, sealer).first_bad == Bad(seq, "its content was erased and no later entry says so")


def test_what_was_written_after_an_erased_entry_is_still_compared(
    written: Path, ledger: Ledger, sealer: Sealer
) -> None:
    erase(ledger, 4)
    change(ledger, "b", state="unknown")
    assert walked(written, sealer).ok
    tamper(written, "UPDATE redemptions SET state = 'refused' WHERE id = 'b'")
    assert walked(written, sealer).first_bad == Bad(7, "redemptions b: state differs from the journal")


def test_a_row_removed_is_noticed_whatever_was_erased(written: Path, ledger: Ledger, sealer: Sealer) -> None:
    erase(ledger, 5)
    tamper(written, "DELETE FROM redemptions WHERE id = 'a'")
    assert walked(written, sealer).first_bad == Bad(1, "redemptions a was removed")


def test_no_byte_wanders_between_kind_and_hash_of_an_erased_entry(written: Path, sealer: Sealer) -> None:
    tamper(
        written,
        "UPDATE journal SET payload = NULL, payload_hash = CAST(substr(kind, -1) || payload_hash AS BLOB),"
        " kind = substr(kind, 1, length(kind) - 1) WHERE seq = 2",
    )
    assert walked(written, sealer).first_bad == Bad(2, "was changed")


def test_the_walk_is_of_one_moment(written: Path, ledger: Ledger, sealer: Sealer) -> None:
    def many(tx: Transaction) -> None:
        for number in range(1_000):
            tx.note(n=number)
            tx.seal_entry("noted", STAMP)

    ledger.write(many)
    late: list[int] = []

    def meanwhile(seq: int) -> None:
        late.append(seq)
        change(ledger, "a", amount_fen=seq)

    with closing(connect(written, read_only=True)) as connection:
        assert verify(connection, "T1", sealer, meanwhile).first_bad is None
    assert late == [1_000]
    assert walked(written, sealer).ok
