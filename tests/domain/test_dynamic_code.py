"""DQ1: every published vector, the edges of every window, and texts that mean harm."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.dynamic_code import Key, Verdict, keys_from_hex, read
from tests.domain.issuer import KEY, KEYS, STORE, T0_S, Header, chain, chain_raw, digits, permit, private_key, undigits

_PUBLISHED = json.loads((Path(__file__).parent / "dq1-vectors.json").read_text(encoding="utf-8"))
_VECTORS: list[dict[str, Any]] = _PUBLISHED["vectors"]
_WITHOUT_FIELDS = frozenset({Verdict.MALFORMED, Verdict.UNKNOWN_KEY, Verdict.FORGED})


@pytest.mark.parametrize("vector", _VECTORS, ids=[f"{n} {v['note']}" for n, v in enumerate(_VECTORS)])
def test_published_vector(vector: dict[str, Any]) -> None:
    keys = keys_from_hex(_PUBLISHED["keys"])
    reading = read(vector["text"], keys, vector["now"], vector["store"], vector["nonce"])
    assert reading.verdict == vector["verdict"]
    assert (reading.fields is None) is (reading.verdict in _WITHOUT_FIELDS)
    told = dict(vector["fields"] or {})
    if reading.fields is not None:
        assert reading.fields.bound is told.pop("bound_to_terminal", reading.fields.bound)
        assert {name: getattr(reading.fields, name) for name in told} == told


def test_every_verdict_is_among_the_vectors() -> None:
    assert {vector["verdict"] for vector in _VECTORS} == set(Verdict)


# Step 5 lasts from t0+120 to t0+150, so the code is good from t0+90 to t0+180.
@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (T0_S - 31, Verdict.NOT_YET),
        (T0_S - 30, Verdict.FUTURE),
        (T0_S + 89, Verdict.FUTURE),
        (T0_S + 90, Verdict.GENUINE),
        (T0_S + 120, Verdict.GENUINE),
        (T0_S + 179, Verdict.GENUINE),
        (T0_S + 180, Verdict.STALE),
        (T0_S + 30 * 121 - 1, Verdict.STALE),
        (T0_S + 30 * 121, Verdict.ENDED),
        (0, Verdict.NOT_YET),
        (2**62, Verdict.ENDED),
    ],
)
def test_chain_window(now: int, verdict: Verdict) -> None:
    assert read(chain(Header(), 5), KEYS, now, STORE).verdict is verdict


@pytest.mark.parametrize(
    ("step", "now", "verdict"),
    [
        (1, T0_S - 30, Verdict.GENUINE),
        (2, T0_S - 1, Verdict.FUTURE),
        (2, T0_S, Verdict.GENUINE),
        (120, T0_S + 30 * 121 - 1, Verdict.GENUINE),
        (120, T0_S + 30 * 121, Verdict.ENDED),
        (0, T0_S, Verdict.FORGED),
        (121, T0_S + 30 * 120, Verdict.FORGED),
        (65_535, T0_S + 30 * 120, Verdict.FORGED),
    ],
)
def test_chain_ends(step: int, now: int, verdict: Verdict) -> None:
    assert read(chain(Header(), step), KEYS, now, STORE).verdict is verdict


# A permit of 2 steps of 30 s is good through iat + 90, and one step before iat; t0 plays no part.
@pytest.mark.parametrize(
    ("late_s", "verdict"),
    [(-31, Verdict.FUTURE), (-30, Verdict.GENUINE), (90, Verdict.GENUINE), (91, Verdict.STALE)],
)
@pytest.mark.parametrize("t0", [0, T0_S, 2**32 - 1])
def test_permit_window(t0: int, late_s: int, verdict: Verdict) -> None:
    text = permit(Header(t0_s=t0, steps=2), T0_S)
    assert read(text, KEYS, T0_S + late_s, STORE).verdict is verdict


@pytest.mark.parametrize(
    ("nonce", "ours", "verdict"),
    [
        (bytes(8), "", Verdict.GENUINE),
        (bytes(8), "0102030405060708", Verdict.GENUINE),
        (bytes(range(1, 9)), "0102030405060708", Verdict.GENUINE),
        (bytes(range(1, 9)), "0102030405060709", Verdict.OTHER_NONCE),
        (bytes(range(1, 9)), "", Verdict.OTHER_NONCE),
    ],
)
def test_permit_nonce(nonce: bytes, ours: str, verdict: Verdict) -> None:
    assert read(permit(Header(), T0_S, nonce), KEYS, T0_S, STORE, ours).verdict is verdict


def test_an_older_objection_outranks_a_later_one() -> None:
    foreign = Header(store=b"\x00\x00\x00\x09")
    assert read(permit(foreign, T0_S, b"12345678"), KEYS, T0_S + 10**6, STORE).verdict is Verdict.OTHER_STORE
    assert read(permit(Header(), T0_S, b"12345678"), KEYS, T0_S + 10**6, STORE).verdict is Verdict.STALE
    assert read(chain(foreign, 5, private_key(9)), KEYS, T0_S, STORE).verdict is Verdict.FORGED


@pytest.mark.parametrize(
    ("header", "verdict"),
    [
        (Header(step_s=0), Verdict.MALFORMED),
        (Header(steps=0), Verdict.MALFORMED),
        (Header(steps=2881), Verdict.MALFORMED),
        (Header(steps=2880), Verdict.GENUINE),
        (Header(units=0), Verdict.MALFORMED),
        (Header(units=255), Verdict.GENUINE),
        (Header(flags=1), Verdict.MALFORMED),
        (Header(flags=128), Verdict.MALFORMED),
        (Header(kid=8), Verdict.UNKNOWN_KEY),
        (Header(kid=0), Verdict.UNKNOWN_KEY),
        (Header(store=bytes(4)), Verdict.GENUINE),
        (Header(store=b"\x00\xc0\xff\xef"), Verdict.OTHER_STORE),
        (Header(step_s=255, steps=2), Verdict.GENUINE),
    ],
)
def test_header(header: Header, verdict: Verdict) -> None:
    assert read(chain(header, 1), KEYS, T0_S, STORE).verdict is verdict


def test_length_names_the_mode() -> None:
    raw = chain_raw(Header(), 1)
    assert read(digits(b"\x12" + raw[1:]), KEYS, T0_S, STORE).verdict is Verdict.MALFORMED
    assert read(digits(b"\x11" + bytes(110)), KEYS, T0_S, STORE).verdict is Verdict.MALFORMED


@pytest.mark.parametrize("byte", range(133))
def test_every_byte_counts(byte: int) -> None:
    raw = bytearray(chain_raw(Header(), 5))
    raw[byte] ^= 1
    reading = read(digits(bytes(raw)), KEYS, T0_S + 120, STORE)
    assert reading.verdict is not Verdict.GENUINE
    assert reading.fields is None


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_any_text_gets_a_verdict(text: str) -> None:
    assert read(text, KEYS, T0_S, STORE).verdict in Verdict


@given(st.text("0123456789", min_size=268, max_size=268) | st.text("0123456789", min_size=321, max_size=321))
@settings(max_examples=300, deadline=None)
def test_random_digits_never_verify(text: str) -> None:
    reading = read(text, KEYS, T0_S, STORE)
    assert reading.verdict in _WITHOUT_FIELDS
    assert reading.fields is None


@given(st.binary(min_size=98, max_size=98), st.integers(-(2**70), 2**70))
@settings(max_examples=200, deadline=None)
def test_a_right_header_with_a_random_body_is_forged_at_any_time(body: bytes, now: int) -> None:
    keys = {7: (Key(KEY.public_key(), -(2**71), 2**71),)}
    assert read(digits(Header().raw(0x11) + body), keys, now, STORE).verdict is Verdict.FORGED


@given(st.integers(0, 2), st.text(max_size=3), st.integers(0, 321))
@settings(max_examples=200, deadline=None)
def test_anything_beside_the_digits_spoils_them(where: int, extra: str, cut: int) -> None:
    good = chain(Header(), 5)
    text = (extra + good, good + extra, good[:cut] + extra + good[cut:])[where]
    expected = Verdict.GENUINE if text == good else Verdict.MALFORMED
    assert read(text, KEYS, T0_S + 120, STORE).verdict is expected


def test_times_and_marks_of_a_code() -> None:
    made = read(chain(Header(), 5), KEYS, T0_S + 120, STORE).fields
    told = read(permit(Header(steps=2), T0_S + 7), KEYS, T0_S, STORE).fields
    assert made is not None
    assert told is not None
    assert (made.mark_s, made.issued_s, made.life_s) == (T0_S + 120, T0_S, 3_600)
    assert (told.mark_s, told.issued_s, told.life_s) == (T0_S + 7, T0_S + 7, 60)
    assert undigits(chain(Header(), 5), 133)[3:12].hex() == made.voucher
