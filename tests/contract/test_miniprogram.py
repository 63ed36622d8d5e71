"""What is the own platform's alone: request ids, the platform's time, and what a till takes along for the dark."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.domain.voucher import Coupon
from sync.errors import OutcomeUnknown, Refused
from sync.platforms.port import Denied, Head, Redeemed, TrustSource
from sync.platforms.registry import trust_source
from tests.contract.shop import Shop


def source(shop: Shop) -> TrustSource:
    found = trust_source(shop.platform)
    assert found is not None
    return found


def test_each_answer_teaches_the_time(miniprogram: Shop) -> None:
    (coupon,) = miniprogram.coupons()
    miniprogram.later(600)
    started_ms = miniprogram.clock.monotonic_ms()
    miniprogram.look_up(miniprogram.typed(coupon))
    ((server_ms, sent_ms, received_ms),) = miniprogram.times
    assert abs(server_ms - miniprogram.clock.wall_ms() - 600_000) < 5000
    assert started_ms <= sent_ms <= received_ms <= miniprogram.clock.monotonic_ms()


def test_the_same_call_again_is_the_same_redemption(miniprogram: Shop) -> None:
    (coupon,) = miniprogram.coupons()
    call = miniprogram.call(miniprogram.typed(coupon), miniprogram.look_up(miniprogram.typed(coupon)))
    assert miniprogram.redeem(call) == miniprogram.redeem(call) == miniprogram.settle(call)
    assert len(miniprogram.booked(coupon)) == 1


def test_settling_what_never_arrived_redeems_under_the_same_id(miniprogram: Shop) -> None:
    (coupon,) = miniprogram.coupons()
    call = miniprogram.call(miniprogram.typed(coupon), miniprogram.look_up(miniprogram.typed(coupon)))
    (result,) = miniprogram.settle(call)
    assert isinstance(result, Redeemed)
    assert [use["request_id"] for use in miniprogram.booked(coupon)] == [call.request_id]


def test_a_request_id_with_other_contents_is_our_defect(miniprogram: Shop) -> None:
    one, other = miniprogram.coupons(2, order="each")
    call = miniprogram.call(miniprogram.typed(one))
    miniprogram.redeem(call)
    wrong = replace(miniprogram.call(miniprogram.typed(other)), request_id=call.request_id)
    with pytest.raises(Refused) as caught:
        miniprogram.redeem(wrong)
    assert caught.value.reason.code is Code.CONTRACT_BROKEN
    assert caught.value.reason.facts["platform_code"] == "request_id_reused"
    with pytest.raises(OutcomeUnknown):
        miniprogram.settle(replace(wrong, uses=wrong.uses * 2))


def test_uses_in_any_order_get_their_own_results(miniprogram: Shop) -> None:
    cards = miniprogram.coupons(2, kind="times_card", units=3)
    looked = miniprogram.look_up(miniprogram.typed(cards[0]))
    one, other = looked.coupons
    call = miniprogram.call(miniprogram.typed(cards[0]), looked, wanted=[one, other, one, other, one])
    results = miniprogram.redeem(call)
    assert [result.redemption_id for result in results] == [use.redemption_id for use in call.uses]
    told = [(result.refs["coupon"], result.refs["serial"]) for result in results if isinstance(result, Redeemed)]
    assert told == [(one.ref, "1"), (other.ref, "1"), (one.ref, "2"), (other.ref, "2"), (one.ref, "3")]


def test_more_units_than_are_left(miniprogram: Shop) -> None:
    (card,) = miniprogram.coupons(kind="times_card", units=2)
    call = miniprogram.call(miniprogram.typed(card), miniprogram.look_up(miniprogram.typed(card)), units=3)
    *_, last = miniprogram.redeem(call)
    assert isinstance(last, Denied)
    assert last.reason.code in {Code.UNITS_TOO_MANY, Code.USED_ELSEWHERE}
    assert len(miniprogram.booked(card)) == 2
    miniprogram.forgive(miniprogram.second_attempts() - miniprogram.tried_before)


def test_a_stale_dynamic_code_keeps_its_verdict(miniprogram: Shop) -> None:
    (coupon,) = miniprogram.coupons()
    miniprogram.later(3600)
    with pytest.raises(Refused) as caught:
        miniprogram.look_up(miniprogram.shown(coupon))
    assert caught.value.reason.code in {Code.STALE, Code.ENDED, Code.LONG_LIVED}
    forged = Credential(CredentialKind.DYNAMIC, coupon["qr_text"][:-4] + "0000")
    with pytest.raises(Refused) as caught:
        miniprogram.look_up(forged)
    assert caught.value.reason.code in {Code.FORGED, Code.MALFORMED}


def test_a_short_link_is_none_of_its_credentials(miniprogram: Shop) -> None:
    with pytest.raises(Refused) as caught:
        miniprogram.look_up(Credential(CredentialKind.SHORT_LINK, "https://v.douyin.com/eHHc1ft/"))
    assert caught.value.reason.code is Code.NOT_A_COUPON


def test_a_store_that_is_not_ours(miniprogram: Shop) -> None:
    (coupon,) = miniprogram.coupons()
    with pytest.raises(Refused) as caught:
        miniprogram.connected(store="deadbeef").look_up(miniprogram.typed(coupon), miniprogram.soon())
    assert caught.value.reason.code is Code.NO_PERMISSION
    (elsewhere,) = miniprogram.coupons(store="deadbeef")
    (told,) = miniprogram.look_up(miniprogram.typed(elsewhere)).coupons
    assert told.state is not None
    assert told.state.code is Code.OTHER_STORE


def test_keys_and_revocations_come_as_they_were_signed(miniprogram: Shop) -> None:
    signed = source(miniprogram).keys(miniprogram.soon())
    root = bytes.fromhex(miniprogram.binding().settings["root_key"])
    Ed25519PublicKey.from_public_bytes(root).verify(signed.signature, b"DQ1-keys\0" + signed.text.encode())
    keys = {key["kid"]: bytes.fromhex(key["public_key"]) for key in json.loads(signed.text)["keys"]}
    head = json.loads(source(miniprogram).revocations(0, miniprogram.soon()).text)["head"]
    (coupon,) = miniprogram.coupons()
    miniprogram.lot(coupon, "refunded")
    page = source(miniprogram).revocations(head, miniprogram.soon())
    public = keys[json.loads(page.text)["kid"]]
    Ed25519PublicKey.from_public_bytes(public).verify(page.signature, b"DQ1-revocations\0" + page.text.encode())
    assert [entry["state"] for entry in json.loads(page.text)["entries"]] == ["revoked"]


def test_the_delta_is_resumed_by_its_cursor(miniprogram: Shop) -> None:
    made = miniprogram.coupons(520, order="each")
    seen: list[Coupon] = []
    cursor, more = "", True
    while more:
        page = source(miniprogram).vouchers(cursor, miniprogram.soon())
        seen += page.coupons
        cursor, more = page.cursor, page.has_more
    assert {coupon["code"] for coupon in made} <= {coupon.code for coupon in seen}
    assert source(miniprogram).vouchers(cursor, miniprogram.soon()).coupons == ()
    miniprogram.redeem(miniprogram.call(miniprogram.typed(made[7])))
    (changed,) = source(miniprogram).vouchers(cursor, miniprogram.soon()).coupons
    assert changed.code == made[7]["code"]
    assert changed.units_left == 0


@pytest.mark.parametrize("kind", ["drop_after", "empty", "portal", "cut_body"])
def test_what_is_spoilt_on_its_way_is_not_taken_for_the_key_set(miniprogram: Shop, kind: str) -> None:
    miniprogram.platform.probe(miniprogram.soon())
    miniprogram.fault("keys", kind)
    miniprogram.fault("delta", kind)
    with pytest.raises(OutcomeUnknown):
        source(miniprogram).keys(miniprogram.soon())
    with pytest.raises(OutcomeUnknown):
        source(miniprogram).vouchers("", miniprogram.soon())


def test_a_head_is_witnessed_and_a_rewritten_one_refused(miniprogram: Shop) -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def head(seq: int, value: bytes) -> Head:
        at_ms = miniprogram.clock.wall_ms()
        text = b"hexiao-head\0T9\0" + seq.to_bytes(8, "big") + value + at_ms.to_bytes(8, "big")
        return Head("T9", seq, value, at_ms, public, key.sign(text))

    witnessed_ms = source(miniprogram).witness(head(5, b"a" * 32), miniprogram.soon())
    assert abs(witnessed_ms - miniprogram.clock.wall_ms()) < 5000
    with pytest.raises(Refused) as caught:
        source(miniprogram).witness(head(5, b"b" * 32), miniprogram.soon())
    assert caught.value.reason.code is Code.LEDGER_BROKEN
    assert caught.value.reason.facts["platform_code"] == "journal_rewritten"
