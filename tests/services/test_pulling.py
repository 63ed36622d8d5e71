"""Fetching what offline decisions need: resumable, and believed only when its signatures say so."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.domain.reasons import Code
from sync.errors import OutcomeUnknown
from sync.ledger import lists
from sync.platforms.port import SignedText
from sync.services.pulling import Pulled
from sync.services.trust_lists import KEYS_PREFIX, REVOCATIONS, TrustLists
from tests.services.counter import HOUR_MS, Counter


def pull(till: Counter) -> Pulled:
    assert till.store.pulling is not None
    return till.store.pulling.pull()


def known(till: Counter) -> int:
    sql = "SELECT count(*) FROM vouchers WHERE seen_at_ms IS NOT NULL"
    return int(till.store.ledger.read(lambda tx: tx.run(sql).fetchone()[0]))


def test_a_pull_that_was_cut_goes_on_where_it_stopped(till: Counter) -> None:
    till.coupons("miniprogram", 1200)
    till.fault("cut_body", "delta", probability=0.5, seed=1)
    rounds = []
    for _ in range(40):
        rounds.append(pull(till))
        if rounds[-1].stopped is None:
            break
    assert rounds[-1].stopped is None
    assert any(done.stopped is not None for done in rounds)
    assert known(till) == 1200
    # What was read before a cut is not read again.
    assert sum(done.vouchers for done in rounds) < 1200 + 500
    till.line_up()
    assert pull(till).vouchers == 0


def test_a_list_read_in_part_does_not_look_fresh(till: Counter) -> None:
    till.pull()
    fresh = till.store.ledger.read(lambda tx: lists.cursor(tx, "vouchers"))
    till.coupons("miniprogram", 600)
    till.clock.advance_ms(HOUR_MS)
    # With this seed the second page is cut.
    till.fault("cut_body", "delta", probability=0.5, seed=4)
    assert pull(till).stopped is not None
    assert known(till) == 500
    partly = till.store.ledger.read(lambda tx: lists.cursor(tx, "vouchers"))
    assert fresh is not None
    assert partly is not None
    assert partly[0] != fresh[0]
    assert partly[1] == fresh[1]


@pytest.mark.parametrize("kind", ["drop_before", "cut_headers", "empty", "portal", "bad_json", "http_500", "refuse"])
@pytest.mark.parametrize("endpoint", ["keys", "delta"])
def test_no_answer_takes_nothing_away(till: Counter, kind: str, endpoint: str) -> None:
    coupon = till.coupon("miniprogram")
    till.pull()
    till.fault(kind, endpoint)
    stopped = pull(till).stopped
    assert stopped is not None
    assert stopped.about_us
    till.line_down()
    assert till.redeem(coupon["code"]).first.tier == "cached"


def stored(till: Counter) -> SignedText:
    keyset = till.store.ledger.read(lists.newest_keyset)
    assert keyset is not None
    return SignedText(keyset.text, keyset.signature)


def test_a_forged_or_spoilt_key_set_is_refused(till: Counter) -> None:
    good = stored(till)
    mallory = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
    newer = json.dumps(json.loads(good.text) | {"seq": 99})
    forgeries = [
        SignedText(newer, good.signature),
        SignedText(newer, mallory.sign(KEYS_PREFIX + newer.encode())),
        SignedText(good.text + " ", good.signature),
        replace(good, signature=b"\x00" * 64),
        SignedText("{}", good.signature),
        SignedText("[]", good.signature),
    ]
    before = dict(till.store.trust.keys())
    for forgery in forgeries:
        with pytest.raises(OutcomeUnknown) as caught:
            till.store.trust.accept_keys(forgery, 0)
        assert caught.value.reason.code is Code.CONTRACT_BROKEN
    assert dict(till.store.trust.keys()) == before
    assert stored(till) == good


def test_an_older_key_set_is_refused_also_after_a_restart(till: Counter) -> None:
    old = stored(till)
    till.post("keys", {"do": "rotate"})
    till.clock.advance_ms(25 * HOUR_MS)
    till.pull()
    assert stored(till) != old
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            till.store.trust.accept_keys(old, 0)
        till.reopen()


def test_a_root_key_that_is_not_ours_opens_nothing(till: Counter) -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32).public_key().public_bytes_raw().hex()
    trust = TrustLists(till.store.ledger, other, till.store.profile.own_store)
    assert dict(trust.keys()) == {}
    with pytest.raises(OutcomeUnknown):
        trust.accept_keys(stored(till), 0)
    assert dict(trust.keys()) == {}


def test_a_forged_or_foreign_revocation_list_is_refused(till: Counter) -> None:
    assert till.store.pulling is not None
    source = till.store.asking.platforms["miniprogram"]
    good: SignedText = source.revocations(0, till.clock.monotonic_ms() + 5000)  # type: ignore[attr-defined]
    trust = till.store.trust
    assert trust.accept_revocations(good, 0)[1] is False
    with pytest.raises(OutcomeUnknown):
        trust.accept_revocations(good, 1)
    changed = SignedText(good.text.replace('"entries"', '"entries" '), good.signature)
    with pytest.raises(OutcomeUnknown):
        trust.accept_revocations(changed, 0)
    with pytest.raises(OutcomeUnknown):
        TrustLists(till.store.ledger, till.store.profile.root_key, "0badcafe").accept_revocations(good, 0)
    with pytest.raises(OutcomeUnknown):
        trust.accept_revocations(SignedText("null", good.signature), 0)


def test_revocations_come_page_by_page_and_can_be_lifted(till: Counter) -> None:
    coupons = till.coupons("miniprogram", 520)
    for coupon in coupons[:505]:
        till.lot(coupon, "frozen")
    till.lot(coupons[0], "usable")
    pulled = pull(till)
    assert pulled.stopped is None
    cursor = till.store.ledger.read(lambda tx: lists.cursor(tx, REVOCATIONS))
    assert cursor is not None
    assert int(cursor[0]) == pulled.revocations == 506
    texts = [till.dynamic(coupons[number]) for number in (0, 504, 510)]
    till.line_down()
    outcomes = [till.redeem(text).first.reason for text in texts]
    assert [reason.code if reason else None for reason in outcomes] == [None, Code.REVOKED, None]


def test_the_cache_does_not_count_twice_what_we_redeemed_ourselves(till: Counter) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=3)
    till.redeem(card["code"])
    till.pull()
    till.line_down()
    assert [till.redeem(card["code"]).first.tier for _ in range(2)] == ["cached", "cached"]
    third = till.redeem(card["code"]).first.reason
    assert third is not None
    assert third.code is Code.USED_HERE
    till.line_up()
    till.deliver()
    till.agree()


def test_pulling_never_touches_what_is_owed(till: Counter) -> None:
    coupon = till.coupon("miniprogram")
    till.pull()
    till.line_down()
    till.redeem(coupon["code"])
    till.lot(coupon, "refunded")
    before = till.rows()
    till.line_up()
    till.pull()
    assert till.rows() == before


def test_a_pull_that_was_ended_keeps_what_came_and_goes_on_there(till: Counter) -> None:
    assert till.store.pulling is not None
    till.coupons("miniprogram", 1200)
    pages = iter([False, False, True])
    first = till.store.pulling.pull(stop=lambda: next(pages))
    assert (first.more, first.stopped, first.vouchers, known(till)) == (True, None, 500, 500)
    rest = till.store.pulling.pull()
    assert (rest.more, rest.vouchers, known(till)) == (False, 700, 1200)
    assert not till.store.pulling.pull().more
