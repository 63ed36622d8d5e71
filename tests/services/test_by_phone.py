"""A customer's telephone number: it finds coupons, is no name of any of them, and is left nowhere in clear."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.domain.codes import Credential, CredentialKind, Recognised
from sync.domain.reasons import Code, Reason, because
from sync.domain.redemption import State
from sync.ledger import vouchers
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import Alias
from sync.services import refusing
from sync.services.verdict import Outcome, Verdict
from tests.services.booths import Booth, Till, coupon

PHONE = "13912345678"
CODES = ("8812345678901232", "8800000000000000", "8811111111111115", "8822222222222220")


@pytest.fixture
def own() -> Booth:
    booth = Booth("miniprogram")
    booth.sell("O1", coupon("aa01", CODES[0], order="O1"), coupon("aa02", CODES[1], order="O1"), phone=PHONE)
    booth.sell("O2", coupon("aa03", CODES[2], order="O2", units=3), phone=PHONE)
    booth.sell("O3", coupon("aa04", order="O3"), phone=PHONE)
    return booth


@pytest.fixture
def till(tmp_path: Path, own: Booth) -> Iterator[Till]:
    opened = Till(tmp_path, own)
    yield opened
    opened.store.close()


def outcomes(verdict: Verdict) -> list[tuple[str, str]]:
    return [(unit.outcome.value, unit.title[-2:]) for unit in verdict.units]


def reason_of(found: object) -> Code:
    assert isinstance(found, Reason), found
    return found.code


def refs(till: Till) -> list[str]:
    looked_up = till.look_up(PHONE).looked_up
    return [one.ref for one in looked_up.coupons] if looked_up else []


def test_a_number_alone_redeems_nothing(till: Till, own: Booth) -> None:
    verdict = till.redeem(till.look_up(PHONE))
    assert verdict.first.reason is not None
    assert verdict.first.reason.code is Code.PHONE_NUMBER
    assert not own.calls
    assert not till.rows()


def test_a_number_of_nobody(till: Till) -> None:
    found = till.look_up("13800138000")
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.facts["platform"]) == (Code.PHONE_UNKNOWN, "miniprogram")
    verdict = till.redeem(found, ("aa01", 1))
    assert verdict.first.reason is not None
    assert verdict.first.reason.code is Code.PHONE_UNKNOWN


def test_without_the_line_the_code_is_asked_for(till: Till, own: Booth) -> None:
    own.silent = True
    assert reason_of(till.store.looking.look_up(PHONE)) is Code.PHONE_NEEDS_LINE
    till.offline(own)
    found = till.store.looking.look_up(PHONE)
    assert reason_of(found) is Code.PHONE_NEEDS_LINE
    verdict = till.store.redeeming.redeem(PHONE, till.request())
    assert verdict.first.outcome is Outcome.REFUSED
    (recorded,) = till.refusals()
    assert (recorded.reason, recorded.text_sealed) == ("phone_needs_line", None)


def test_with_no_line_to_any_of_them_nobody_is_asked_which(tmp_path: Path, own: Booth) -> None:
    booths = (own, Booth("meituan"))
    till = Till(tmp_path, *booths)
    till.store.choices.remember("phone", "meituan", till.cashier)
    till.offline(*booths)
    assert reason_of(till.store.looking.look_up(PHONE)) is Code.PHONE_NEEDS_LINE
    till.store.lines.answered("miniprogram")
    till.store.lines.answered("miniprogram")
    assert reason_of(till.store.looking.look_up(PHONE)) is Code.WHICH_PLATFORM
    till.store.close()


def test_a_customer_whom_the_usual_platform_does_not_know(tmp_path: Path, own: Booth) -> None:
    till = Till(tmp_path, own, Booth("meituan"))
    till.store.choices.remember("phone", "meituan", till.cashier)
    found = till.store.looking.look_up(PHONE)
    assert isinstance(found, Reason)
    assert (found.code, found.facts["choices"], found.facts["asked"]) == (Code.WHICH_PLATFORM, "miniprogram", "meituan")
    till.store.close()


def test_each_order_is_a_call_of_its_own_and_all_stand_in_one_entry_of_the_journal(till: Till, own: Booth) -> None:
    before = till.store.ledger.read(lambda tx: tx.run("SELECT count(*) FROM journal").fetchone()[0])
    found = till.look_up(PHONE)
    verdict = till.redeem(found, ("aa01", 1), ("aa03", 2), ("aa02", 1))
    assert outcomes(verdict) == [("redeemed", "01"), ("redeemed", "02"), ("redeemed", "03"), ("redeemed", "03")]
    assert [[use.ref for use in call.uses] for call in own.calls] == [["aa01", "aa02"], ["aa03", "aa03"]]
    assert own.calls[0].request_id == found.request_id != own.calls[1].request_id
    rows = till.rows()
    assert len({row.basket_id for row in rows}) == 1
    assert len({row.outbox_id for row in rows}) == len({row.request_id for row in rows}) == 2
    claimed = till.store.ledger.read(
        lambda tx: tx.run("SELECT kind FROM journal WHERE seq > ? ORDER BY seq", (before,)).fetchall()
    )
    assert [kind for (kind,) in claimed] == ["redemption.claimed", "outbox.answered", "outbox.answered"]
    assert till.journal_ok()


def test_coupons_of_unknown_orders_are_taken_one_by_one(tmp_path: Path) -> None:
    own = Booth("miniprogram")
    own.sell("?", coupon("aa01", CODES[0]), coupon("aa02", CODES[1]), phone=PHONE)
    till = Till(tmp_path, own)
    till.redeem(till.look_up(PHONE), ("aa01", 1), ("aa02", 1))
    assert [len(call.uses) for call in own.calls] == [1, 1]
    till.store.close()


def test_a_second_scan_lists_what_is_left(till: Till) -> None:
    assert refs(till) == ["aa01", "aa02", "aa03", "aa04"]
    till.redeem(till.look_up(PHONE), ("aa01", 1), ("aa03", 1))
    assert refs(till) == ["aa02", "aa03", "aa04"]
    assert outcomes(till.redeem(till.look_up(PHONE), ("aa02", 1), ("aa03", 2))) == [
        ("redeemed", "02"),
        ("redeemed", "03"),
        ("redeemed", "03"),
    ]
    assert refs(till) == ["aa04"]


def test_the_same_yes_twice_is_one_redemption_also_over_several_orders(till: Till, own: Booth) -> None:
    found = till.look_up(PHONE)
    first = till.redeem(found, ("aa01", 1), ("aa03", 1), told=False)
    again = till.redeem(found, ("aa01", 1), ("aa03", 1))
    assert {unit.redemption_id for unit in again.units} == {unit.redemption_id for unit in first.units}
    assert len(till.rows()) == len(own.calls) == 2


def test_an_earlier_scan_that_was_not_answered_is_resumed_and_keeps_no_other_coupon_out(till: Till, own: Booth) -> None:
    own.lost = 1
    first = till.redeem(till.look_up(PHONE), ("aa03", 1))
    assert outcomes(first) == [("recorded", "03")]
    second = till.redeem(till.look_up(PHONE), ("aa03", 1), ("aa01", 1))
    assert outcomes(second) == [("redeemed", "03"), ("redeemed", "01")]
    assert second.units[0].redemption_id == first.first.redemption_id
    assert [row.state for row in till.rows()] == [State.CONFIRMED, State.CONFIRMED]
    assert [order[0].units_left for order in (own.orders["O1"], own.orders["O2"])] == [0, 2]
    assert till.journal_ok()


def test_a_line_that_fails_between_two_orders_leaves_the_rest_recorded(till: Till, own: Booth) -> None:
    own.lost = 1
    verdict = till.redeem(till.look_up(PHONE), ("aa01", 1), ("aa03", 1))
    assert outcomes(verdict) == [("recorded", "01"), ("recorded", "03")]
    assert len(own.calls) == 1
    assert [row.state for row in till.rows()] == [State.UNKNOWN, State.CLAIMED]
    till.store.delivering.drain(everything=True)
    assert [row.state for row in till.rows()] == [State.CONFIRMED, State.CONFIRMED]
    assert len(own.done) == 2
    assert till.journal_ok()


def test_the_number_is_no_name_of_a_coupon(till: Till) -> None:
    till.redeem(till.look_up(PHONE), ("aa01", 1), ("aa04", 1))

    def led(kind: str, text: str) -> list[int]:
        return till.store.ledger.read(lambda tx: vouchers.find(tx, "miniprogram", (Alias(kind, text),)))

    assert not any(led(kind, PHONE) for kind in (*CredentialKind, "ref", "handle"))
    assert len(led(CredentialKind.CODE, CODES[0])) == 1
    assert till.look_up(PHONE).unfinished is None


def test_a_row_bears_its_coupons_code_or_nothing(till: Till) -> None:
    verdict = till.redeem(till.look_up(PHONE), ("aa01", 1), ("aa04", 1))
    assert [unit.code_tail for unit in verdict.units] == [CODES[0][-4:], ""]
    known, unknown = till.rows()
    sealer = till.store.ledger.sealer
    assert (known.kind, known.code_tail, sealer.unseal(known.code_sealed, "redemption")) == ("phone", "1232", CODES[0])
    assert (unknown.kind, unknown.code_tail, sealer.unseal(unknown.code_sealed, "redemption")) == ("phone", "", "")


def test_a_refused_pick_is_recorded_with_the_coupons_own_end(till: Till, own: Booth) -> None:
    found = till.look_up(PHONE)
    own.orders["O1"] = ()
    verdict = till.redeem(found, ("aa03", 4), ("aa01", 1))
    assert [(unit.outcome.value, unit.code_tail) for unit in verdict.units] == [
        ("refused", "1232"),
        ("refused", "1115"),
    ]
    assert [row.state for row in till.rows()] == [State.REFUSED]


def test_a_number_is_never_blacklisted(till: Till) -> None:
    shown = Recognised("miniprogram", Credential(CredentialKind.PHONE, PHONE))

    def job(tx: Transaction) -> None:
        now = till.store.keeper.now(tx)
        refusing.record(tx, till.store.profile, now, "c1", shown, because(Code.FORGED))
        tx.seal_entry("redemption.refused", till.store.keeper.stamp(tx, "c1"))

    till.store.ledger.write(job)
    assert till.store.ledger.read(lambda tx: refusing.is_blacklisted(tx, PHONE)) is False


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_neither_number_nor_codes_stand_anywhere_in_clear(tmp_path: Path, own: Booth) -> None:
    till = Till(tmp_path, own)
    found = till.look_up(PHONE)
    till.redeem(found)
    own.lost = 1
    till.redeem(found, ("aa01", 1), ("aa03", 2), ("aa04", 1))
    till.redeem(till.look_up("13800138000"))
    till.offline(own)
    till.store.redeeming.redeem(PHONE, till.request())
    till.store.history.search(PHONE)
    till.store.close()
    held = everything_in(tmp_path)
    for text in (PHONE, "13800138000", *CODES[:3]):
        assert text.encode() not in held
        assert text.encode("utf-16-le") not in held
