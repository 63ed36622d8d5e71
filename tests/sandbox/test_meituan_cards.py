"""businessId 58: times cards, one by one and in batches."""

import pytest

from tests.sandbox.meituan_client import RECEIPT, STAFF, Meituan


def _kinds(meituan: Meituan, wanted: int) -> list[int]:
    # 1795000000 is 2026-11-18 19:06:40 in Beijing.
    asked = {"date": "2026-11-18", "offset": 0, "limit": 300, "bizType": wanted}
    return [record["bizType"] for record in meituan.data(f"{RECEIPT}/querylistbydate", **asked)["records"]]


def test_a_times_card(meituan: Meituan) -> None:
    (card,) = meituan.coupons("meituan", kind="times_card", units=3, price_fen=10_000)
    offered = meituan.data(f"{RECEIPT}/prepare", receiptCode=card["code"])
    assert (offered["bizType"], offered["tgTimesCardFlag"], offered["count"]) == (205, True, 3)
    assert (offered["dealPrice"], offered["purchaseToConsumeRatio"]) == (100.0, 3)
    used = meituan.consume(card["code"], "r-1", count=2)
    assert [one["timesCardUnitPrice"] for one in used] == [33.33, 33.33]
    assert meituan.refused_consume(card["code"], "r-2", count=2) == "TG_RECEIPT_NO_TIMES_LEFT"
    (last,) = meituan.consume(card["code"], "r-3")
    assert last["timesCardUnitPrice"] == 33.34
    assert meituan.refused_consume(card["code"], "r-4") == "TG_RECEIPT_NO_TIMES_LEFT"
    assert meituan.book()["second_attempts"] == 1
    assert _kinds(meituan, 205) == [205] * 3
    assert _kinds(meituan, 0) == []


@pytest.mark.parametrize("legacy", [False, True])
def test_several_uses_of_several_cards_each_for_itself(meituan: Meituan, legacy: bool) -> None:
    one, other = meituan.coupons("meituan", count=2, kind="times_card", units=3)
    asked = [(one["code"], 2), (other["code"], 4)]
    biz: dict[str, object]
    if legacy:
        infos = [{"receipt_code": code, "num": num} for code, num in asked]
        biz = {"requestid": "r-1", "receipt_code_infos": infos}
    else:
        infos = [{"receiptCode": code, "num": num} for code, num in asked]
        biz = {"requestId": "r-1", "receiptCodeInfos": infos, **STAFF}
    code_name, list_name = (
        ("single_consume_code", "consume_detail_list") if legacy else ("singleConsumeCode", "consumeDetailList")
    )
    result = meituan.data(f"{RECEIPT}/batchconsume", **biz)["result"]
    assert [line[code_name] for line in result] == [200, 1003]
    assert [len(line[list_name]) for line in result] == [2, 0]
    assert meituan.data(f"{RECEIPT}/batchconsume", **biz)["result"] == result
    assert len(meituan.book()["redemptions"]) == 2
    undone = meituan.data(f"{RECEIPT}/batch/reverseconsume", **biz)["result"]
    assert [line["single_reverse_code" if legacy else "singleReverseCode"] for line in undone] == [200, 1010]
    assert all(use["reversed"] for use in meituan.book()["redemptions"])
    again = meituan.data(f"{RECEIPT}/batch/reverseconsume", **biz)["result"]
    assert {line["single_reverse_code" if legacy else "singleReverseCode"] for line in again} == {1010}


def test_only_the_latest_use_of_a_card_is_taken_back(meituan: Meituan) -> None:
    (card,) = meituan.coupons("meituan", kind="times_card", units=2)
    deal = str(meituan.data(f"{RECEIPT}/prepare", receiptCode=card["code"])["dealId"])
    flows = [meituan.consume(card["code"], request_id)[0]["flowId"] for request_id in ("r-1", "r-2")]
    meituan.data(f"{RECEIPT}/reverseconsume", receiptCode=card["code"], dealId=deal, **STAFF)
    standing = [use["redemption_id"] for use in meituan.book()["redemptions"] if not use["reversed"]]
    assert standing == [str(flows[0])]
