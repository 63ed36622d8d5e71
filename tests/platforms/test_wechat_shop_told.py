"""What WeChat Shop says of a revoke and of uses that are known: its book can't be listed."""

from typing import Any

import pytest

from sync.domain.reasons import Code
from sync.errors import OutcomeUnknown
from sync.platforms.port import Denied, HistoryRecord, KnownUse, ReverseCall, Reversed
from tests.platforms.lossy import DEADLINE_MS, Json
from tests.platforms.wechat_model import Answers, Line, Shop, Sold, connected, no, playing, yes

CODE = "1779535501485181467"
VOUCHER: Json = {"code": CODE, "sku_id": "S1", "status": 1, "order_id": "O1", "voucher_buy_amount": 9900}


def reverse(answers: Answers) -> Any:
    refs = {"record": "n/1", "consume_request_no": "n", "sku_id": "S1", "order_id": "O1"}
    call = ReverseCall("b" * 32, "n", {"r0": refs}, {"r0": CODE})
    return playing(answers, lambda shop: shop.reverse(call, DEADLINE_MS))


def test_a_busy_platform_may_have_taken_it_back() -> None:
    with pytest.raises(OutcomeUnknown):
        reverse({"voucher/revoke": no(-1, "system error")})


@pytest.mark.parametrize(
    ("words", "voucher", "code"),
    [
        ("券已结算", {"status": 2, "last_consume_no": "n"}, Code.SETTLED),
        ("月亮不圆", {"status": 2, "last_consume_no": "n"}, Code.PLATFORM_REFUSED),
        ("券未核销或已撤销", {"status": 1, "last_consume_no": "n"}, None),
        ("券未核销或已撤销", {"status": 2, "last_consume_no": "other"}, None),
        ("券未核销或已撤销", {"status": 4, "last_consume_no": "n"}, None),
    ],
)
def test_a_refused_revoke_is_looked_into(words: str, voucher: Json, code: Code | None) -> None:
    failed = [{"code": CODE, "ret_code": 1, "ret_msg": words}]
    answers = {
        "voucher/revoke": no(10023001, "fail", fail_voucher_list=failed),
        "voucher/get": yes(voucher={**VOUCHER, **voucher}),
    }
    (result,) = reverse(answers)
    assert (result.reason.code if isinstance(result, Denied) else None) is code


def test_a_revoke_is_spelt_as_the_platform_spells_it() -> None:
    seen: list[Json] = []

    def answers(_call: str, body: Json) -> Json:
        seen.append(body)
        return yes()

    (result,) = reverse(answers)
    assert isinstance(result, Reversed)
    assert seen == [
        {
            "revoke_request_no": "b" * 32 + "_r0",
            "reovke_vouchers": [{"code": CODE, "sku_id": "S1"}],
            "consume_request_no": "n",
        }
    ]


def known(code: str, number: str, place: int = 1) -> KnownUse:
    refs = {"record": f"{number}/{place}", "consume_request_no": number, "sku_id": "S1", "order_id": "O1"}
    return KnownUse(f"r-{code}-{place}", refs, code)


def test_a_book_that_can_t_be_listed_is_asked_use_by_use() -> None:
    sold = {
        "stands": Sold("S1", uses=["n1"], last="n1"),
        "taken back": Sold("S1", last="n2"),
        "used again": Sold("S1", uses=["x"], last="x"),
        "refunded": Sold("S1", lot=3, last="n4"),
        "card": Sold("S1", units=5, uses=["n5", "n5"], last="n5"),
    }
    ours = [known("stands", "n1"), known("taken back", "n2"), known("used again", "n3_2"), known("refunded", "n4")]
    ours += [known("card", "n5", place) for place in (1, 2, 3)]
    ours += [known("unheard of", "n6"), KnownUse("r-none", {"record": "n7/1"}, None)]
    page = connected(Line(Shop(sold))).history(0, 1, None, DEADLINE_MS, ours)
    assert not page.whole
    assert page.cursor is None
    told = {record.record: (record.request_id, record.reversed_at_ms is not None) for record in page.records}
    assert told == {
        "n1/1": ("n1", False),
        "n2/1": ("n2", True),
        "n3_2/1": ("n3", True),
        "n4/1": ("n4", True),
        "n5/1": ("n5", False),
        "n5/2": ("n5", False),
        "n5/3": ("n5", True),
    }
    assert {record.amount_fen for record in page.records} == {9900, None}


def test_each_voucher_is_asked_once_a_page_and_the_pages_join() -> None:
    shop = Shop({f"C{n}": Sold("S1", uses=[f"n{n}"], last=f"n{n}") for n in range(45)})
    ours = [known(f"C{n}", f"n{n}") for n in range(45)] + [known("C44", "n44", 2)]
    line = Line(shop)
    till = connected(line)
    cursor, pages = None, 0
    records: list[HistoryRecord] = []
    while pages == 0 or cursor is not None:
        page = till.history(0, 1, cursor, DEADLINE_MS, ours)
        records += page.records
        cursor, pages = page.cursor, pages + 1
    assert (pages, len(records), len(line.asked)) == (3, 46, 45)
    assert [record.code for record in records[:2]] == ["C0", "C1"]
