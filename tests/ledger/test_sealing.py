"""Sealed texts and keyed hashes: of use to the holder of the key alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.clock import FalseClock
from sync.domain.reasons import Code
from sync.errors import SecretsError
from sync.ledger.sealing import Sealer

_SEALER = Sealer(b"k" * 32, FalseClock())
_STRANGER = Sealer(b"x" * 32, FalseClock(seed=2))


@given(st.text(), st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_comes_back(text: str, context: str) -> None:
    assert _SEALER.unseal(_SEALER.seal(text, context), context) == text


def test_two_seals_of_one_text_differ() -> None:
    assert len({_SEALER.seal("104686126200", "call") for _ in range(50)}) == 50


def test_the_text_does_not_show() -> None:
    assert b"104686126200" not in _SEALER.seal("104686126200", "call")


@pytest.mark.parametrize("length", [0, 1, 7, 11, 12, 27, 28])
def test_a_cut_seal_is_not_opened(length: int) -> None:
    sealed = _SEALER.seal("104686126200", "call")[:length]
    with pytest.raises(SecretsError) as caught:
        _SEALER.unseal(sealed, "call")
    assert caught.value.reason.code is Code.SECRETS_UNAVAILABLE


@given(st.integers(0, 39), st.integers(1, 255))
def test_a_changed_seal_is_not_opened(place: int, change: int) -> None:
    sealed = bytearray(_SEALER.seal("104686126200", "call"))
    sealed[place] ^= change
    with pytest.raises(SecretsError):
        _SEALER.unseal(bytes(sealed), "call")


def test_the_wrong_key_or_context_opens_nothing() -> None:
    sealed = _SEALER.seal("104686126200", "call")
    with pytest.raises(SecretsError):
        _STRANGER.unseal(sealed, "call")
    with pytest.raises(SecretsError):
        _SEALER.unseal(sealed, "redemption")


def test_a_hash_finds_its_text_under_its_kind_and_key_only() -> None:
    here = _SEALER.hashed("code", "104686126200")
    assert here == Sealer(b"k" * 32, FalseClock(seed=9)).hashed("code", "104686126200")
    others = [
        _SEALER.hashed("phone", "104686126200"),
        _SEALER.hashed("code", "104686126201"),
        _SEALER.hashed("cod", "e104686126200"),
        _STRANGER.hashed("code", "104686126200"),
    ]
    assert len({here, *others}) == 5
    assert len(here) == 16


@given(st.text())
def test_any_text_can_be_hashed(text: str) -> None:
    assert len(_SEALER.hashed("text", text)) == 16


def test_the_heads_mac_is_bound_to_number_and_key() -> None:
    macs = {_SEALER.head_mac(1, b"h" * 32), _SEALER.head_mac(2, b"h" * 32), _SEALER.head_mac(1, b"g" * 32)}
    assert len(macs | {_STRANGER.head_mac(1, b"h" * 32)}) == 4
