"""Keys and signatures that mean harm: strangers, shared key ids, validity, small order, malleability."""

import pytest

from sync.domain.dynamic_code import Key, Keys, Verdict, keys_from_hex, read
from tests.domain.issuer import KEY, STORE, T0_S, Header, chain, chain_raw, digits, permit, permit_raw, private_key

_ORDER = 2**252 + 27742317777372353535851937790883648493
_SIGNATURE = slice(51, 115)
_SMALL_ORDER = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
)


def _with_signature(signature: bytes) -> str:
    raw = bytearray(chain_raw(Header(), 1))
    raw[_SIGNATURE] = signature
    return digits(bytes(raw))


def _keys(*seeds: int) -> Keys:
    return {7: tuple(Key(private_key(seed).public_key()) for seed in seeds)}


def test_all_keys_of_one_id_are_tried() -> None:
    for signer in (1, 2, 3):
        text = permit(Header(), T0_S, key=private_key(signer))
        assert read(text, _keys(1, 2, 3), T0_S, STORE).verdict is Verdict.GENUINE
        others = tuple({1, 2, 3} - {signer})
        assert read(text, _keys(*others), T0_S, STORE).verdict is Verdict.FORGED


def test_a_key_under_another_id_does_not_serve() -> None:
    keys = {7: (Key(private_key(2).public_key()),), 8: (Key(KEY.public_key()),)}
    assert read(chain(Header(), 1), keys, T0_S, STORE).verdict is Verdict.FORGED


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (T0_S - 1, Verdict.UNKNOWN_KEY),
        (T0_S, Verdict.GENUINE),
        (T0_S + 10, Verdict.GENUINE),
        (T0_S + 11, Verdict.UNKNOWN_KEY),
    ],
)
def test_validity_of_a_key(now: int, verdict: Verdict) -> None:
    keys = {7: (Key(KEY.public_key(), T0_S, T0_S + 10),)}
    assert read(chain(Header(), 1), keys, now, STORE).verdict is verdict


def test_an_expired_key_does_not_help_a_valid_one() -> None:
    keys = {7: (Key(KEY.public_key(), 0, T0_S - 1), Key(private_key(2).public_key()))}
    assert read(chain(Header(), 1), keys, T0_S, STORE).verdict is Verdict.FORGED


def test_no_keys_at_all() -> None:
    assert read(chain(Header(), 1), {}, T0_S, STORE).verdict is Verdict.UNKNOWN_KEY
    assert read(chain(Header(), 1), {7: ()}, T0_S, STORE).verdict is Verdict.UNKNOWN_KEY


def test_signature_with_the_group_order_added_is_forged() -> None:
    good = chain_raw(Header(), 1)[_SIGNATURE]
    whole = int.from_bytes(good[32:], "little")
    for times in range(1, (2**256 - whole) // _ORDER + 1):
        twisted = good[:32] + (whole + times * _ORDER).to_bytes(32, "little")
        assert read(_with_signature(twisted), _keys(1), T0_S, STORE).verdict is Verdict.FORGED


@pytest.mark.parametrize("s_half", [bytes(32), b"\x01" + bytes(31), _ORDER.to_bytes(32, "little"), b"\xff" * 32])
@pytest.mark.parametrize("r_half", [*map(bytes.fromhex, _SMALL_ORDER), b"\xff" * 32])
def test_degenerate_signatures_are_forged(r_half: bytes, s_half: bytes) -> None:
    assert read(_with_signature(r_half + s_half), _keys(1), T0_S, STORE).verdict is Verdict.FORGED


@pytest.mark.parametrize("public", _SMALL_ORDER)
def test_keys_of_small_order_are_refused(public: str) -> None:
    with pytest.raises(ValueError, match="small order"):
        keys_from_hex({"7": [public]})


@pytest.mark.parametrize("public", ["", "00", "ab" * 31, "ab" * 33, "zz" * 32])
def test_what_is_no_key_is_refused(public: str) -> None:
    with pytest.raises(ValueError):
        keys_from_hex({"7": [public]})


def test_the_signature_covers_only_its_own_message() -> None:
    taken_from_permit = permit_raw(Header(), T0_S)[-64:]
    assert read(_with_signature(taken_from_permit), _keys(1), T0_S, STORE).verdict is Verdict.FORGED
    other_voucher = chain_raw(Header(voucher=b"\xff" * 9), 1)[_SIGNATURE]
    assert read(_with_signature(other_voucher), _keys(1), T0_S, STORE).verdict is Verdict.FORGED


def test_a_true_signature_without_the_preimage_is_forged() -> None:
    assert read(chain(Header(), 5, shown=bytes(16)), _keys(1), T0_S + 120, STORE).verdict is Verdict.FORGED


def test_the_preimage_of_another_step_is_forged() -> None:
    earlier = chain_raw(Header(), 4)[-16:]
    later = chain_raw(Header(), 6)[-16:]
    anchor = chain_raw(Header(), 1)[35:51]
    for shown in (earlier, later, anchor):
        assert read(chain(Header(), 5, shown=shown), _keys(1), T0_S + 120, STORE).verdict is Verdict.FORGED
