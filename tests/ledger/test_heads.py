"""Signed heads: what the terminal's key vouched for can't be cut off or rewritten unseen; and the hash itself."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from sync.ledger.journal import canonical, entry_hash, payload_hash, signed_head_message
from sync.ledger.ledger import Ledger
from sync.ledger.sealing import Sealer
from sync.ledger.verify import Bad
from tests.ledger.rows import add, redemption, tamper, walked

_KEY = Ed25519PrivateKey.from_private_bytes(b"t" * 32)


def _sign(path: Path, seq: int, link: bytes, terminal: str = "T1", at_ms: int = 7) -> None:
    public = _KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = _KEY.sign(signed_head_message(terminal, seq, link, at_ms))
    tamper(path, "INSERT INTO signed_heads VALUES (?, ?, ?, ?, ?, NULL)", values=(seq, link, at_ms, public, signature))


@pytest.fixture
def signed(ledger: Ledger, sealer: Sealer) -> Path:
    """Three entries; the head at the second is signed."""
    add(ledger, redemption("a"), redemption("b", unit=2))
    _sign(ledger.path, 2, bytes.fromhex(walked(ledger.path, sealer).head))
    add(ledger, redemption("c", unit=3))
    assert walked(ledger.path, sealer).ok
    return ledger.path


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE signed_heads SET hash = zeroblob(32)",
        "UPDATE signed_heads SET signed_at_ms = 8",
        "UPDATE signed_heads SET signature = zeroblob(64)",
        "UPDATE signed_heads SET signature = x''",
        "UPDATE signed_heads SET public_key = x'00'",
        "UPDATE signed_heads SET public_key = zeroblob(32)",
    ],
)
def test_a_signed_head_that_was_touched(signed: Path, sealer: Sealer, statement: str) -> None:
    tamper(signed, statement)
    bad = walked(signed, sealer).first_bad
    assert bad is not None
    assert bad.seq == 2


def test_a_head_signed_for_another_terminal(ledger: Ledger, sealer: Sealer) -> None:
    add(ledger, redemption("a"))
    _sign(ledger.path, 1, bytes.fromhex(walked(ledger.path, sealer).head), terminal="T2")
    assert walked(ledger.path, sealer).first_bad == Bad(1, "its signed head does not verify")


def test_a_tail_that_was_signed_is_missed_even_where_the_key_was_stolen(signed: Path, sealer: Sealer) -> None:
    tamper(signed, "DELETE FROM journal WHERE seq > 1", "DELETE FROM redemptions WHERE id <> 'a'")
    link = bytes.fromhex(walked(signed, sealer).head)
    tamper(signed, "UPDATE journal_head SET seq = 1, hash = ?, mac = ?", values=(link, sealer.head_mac(1, link)))
    assert walked(signed, sealer).first_bad == Bad(2, "is not what was signed")


_PARTS = st.tuples(
    st.binary(min_size=32, max_size=32), st.integers(1, 2**40), st.integers(-(2**40), 2**40), st.text(max_size=9)
)


@given(_PARTS, _PARTS)
def test_each_part_of_an_entry_changes_its_hash(
    one: tuple[bytes, int, int, str], other: tuple[bytes, int, int, str]
) -> None:
    try:
        hashes = [entry_hash(*parts, payload_hash(b"s" * 16, "{}")) for parts in (one, other)]
    except UnicodeEncodeError:
        return
    assert (hashes[0] == hashes[1]) is (one == other)


@given(
    st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=4) | st.booleans() | st.none(), max_size=5)
)
def test_canonical_json_is_one_text_for_one_meaning(payload: dict[str, object]) -> None:
    text = canonical(payload)
    assert text.isascii()
    assert json.loads(text) == payload
    assert canonical(dict(reversed(payload.items()))) == text


def test_canonical_json_takes_bytes_as_hex_and_nothing_odd() -> None:
    assert canonical({"b": b"\x00\xff", "a": 1}) == '{"a":1,"b":"00ff"}'
    with pytest.raises(TypeError):
        canonical({"a": object()})
