"""What the own platform tells of members and of money, and what it is told of trust."""

from dataclasses import replace

import pytest

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import OutcomeUnknown, Refused
from sync.platforms.port import Redeemed, StatementLine, StatementSource, TrustNote
from sync.platforms.registry import statement_source, trust_source
from tests.contract.shop import Shop

DAY_S = 86_400
# 08:00 in China.
DAY, MORNING_S = "2027-03-01", 1_803_859_200


def source(shop: Shop) -> StatementSource:
    found = statement_source(shop.platform)
    assert found is not None
    return found


def at(shop: Shop, second: int) -> None:
    """Let it be this second at the platform."""
    shop.later(second - shop.clock.wall_ms() // 1000)


def phone(shop: Shop) -> Credential:
    """A number that nobody else has."""
    return Credential(CredentialKind.PHONE, f"13{shop.clock.wall_ms() % 10**9:09d}")


def test_a_number_brings_what_its_member_can_use_and_chooses_nothing(miniprogram: Shop) -> None:
    member = phone(miniprogram)
    usable, refunded = miniprogram.coupons(2, order="each", phone=member.text)
    (card,) = miniprogram.coupons(kind="times_card", units=3, phone=member.text)
    (used,) = miniprogram.coupons(phone=member.text)
    miniprogram.lot(refunded, "refunded")
    miniprogram.redeem(miniprogram.call(miniprogram.typed(used)))
    looked = miniprogram.look_up(member)
    assert looked.order_ref is None
    assert [coupon.code for coupon in looked.coupons] == [usable["code"], card["code"]]
    assert [coupon.order for coupon in looked.coupons] == [usable["order_id"], card["order_id"]]
    assert not any(coupon.selected for coupon in looked.coupons)
    results = miniprogram.redeem(miniprogram.call(member, looked))
    assert all(isinstance(result, Redeemed) for result in results)
    assert len(miniprogram.booked(usable, card)) == 2


def test_a_member_with_nothing_left_and_a_number_of_nobody(miniprogram: Shop) -> None:
    member = phone(miniprogram)
    with pytest.raises(Refused) as caught:
        miniprogram.look_up(member)
    assert caught.value.reason.code is Code.NOT_FOUND
    assert member.text not in f"{caught.value} {caught.value.reason}"
    (coupon,) = miniprogram.coupons(phone=member.text)
    miniprogram.lot(coupon, "used_elsewhere")
    assert miniprogram.look_up(member).coupons == ()


def test_a_statement_comes_whole_page_by_page(miniprogram: Shop) -> None:
    at(miniprogram, MORNING_S)
    coupons = miniprogram.coupons(510, order="same", price_fen=1000)
    looked = miniprogram.look_up(miniprogram.typed(coupons[0]))
    records: set[str] = set()
    for place in range(0, 510, 100):
        call = miniprogram.call(miniprogram.typed(coupons[0]), looked, wanted=list(looked.coupons[place : place + 100]))
        results = miniprogram.redeem(call)
        records |= {result.refs["record"] for result in results if isinstance(result, Redeemed)}
        if place == 0:
            miniprogram.platform.reverse(miniprogram.reversal(call, results[:1]), miniprogram.soon())
    lines: list[StatementLine] = []
    cursor, pages = None, 0
    while pages == 0 or cursor is not None:
        page = source(miniprogram).statement(DAY, cursor, miniprogram.soon())
        lines += page.lines
        cursor, pages = page.cursor, pages + 1
    told = [line for line in lines if line.record in records]
    assert len(told) == len(records) == 510
    assert pages >= 2
    assert {line.state for line in told} == {"pending", "void"}
    assert sum(line.payout_fen or 0 for line in told) == 509 * 994
    assert {(line.goods_fen, line.at_ms // DAY_S // 1000) for line in told} == {(1000, MORNING_S // DAY_S)}
    assert {line.code_tail for line in told} == {coupon["code"][-4:] for coupon in coupons}


@pytest.mark.parametrize(
    ("kind", "error"),
    [("http_429", Refused), ("cut_body", OutcomeUnknown), ("portal", OutcomeUnknown), ("empty", OutcomeUnknown)],
)
def test_a_statement_that_did_not_come_is_none(miniprogram: Shop, kind: str, error: type[Exception]) -> None:
    miniprogram.platform.probe(miniprogram.soon())
    miniprogram.fault("history", kind)
    with pytest.raises(error):
        source(miniprogram).statement(DAY, None, miniprogram.soon())


def test_what_is_no_day_is_refused(miniprogram: Shop) -> None:
    with pytest.raises(Refused) as caught:
        source(miniprogram).statement("2027-02-30", None, miniprogram.soon())
    assert caught.value.reason.code is Code.CONTRACT_BROKEN


def test_what_was_accepted_on_trust_is_told_once_however_often(miniprogram: Shop) -> None:
    trusted = trust_source(miniprogram.platform)
    assert trusted is not None
    (coupon,) = miniprogram.coupons()
    voucher = miniprogram.look_up(miniprogram.typed(coupon)).coupons[0].ref
    request_id = miniprogram.clock.new_id()
    known = TrustNote(request_id, voucher, coupon["code"][-4:], "chain", miniprogram.clock.wall_ms(), 9900)
    notes = [known, replace(known, voucher=None, tier="recorded"), replace(known, code_tail="", request_id="r-0")]
    for _ in range(2):
        trusted.report(notes, miniprogram.soon())
    told = [record for record in miniprogram.book()["trust_records"] if record["request_id"] == request_id]
    assert [(record["voucher"], record["tier"]) for record in told] == [(voucher, "chain"), ("", "recorded")]
    assert {record["terminal"] for record in told} == {"T1"}
    assert miniprogram.booked(coupon) == []
