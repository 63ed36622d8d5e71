"""Statements of the own platform: a line for each redemption of a day, what is kept back, what is paid."""

from typing import Any

import pytest

from tests.sandbox.client import Miniprogram

# 2026-11-18, 19:06:40 in China, when the clock of these tests stands still.
DAY, NEXT_DAY = "2026-11-18", "2026-11-19"
TO_MIDNIGHT_S = 4 * 3600 + 53 * 60 + 20
PATH = "/dq/v1/statements"


def _redeemed(mini: Miniprogram, request_id: str, **wish: object) -> dict[str, Any]:
    (one,) = mini.coupons("miniprogram", **wish)
    done: dict[str, Any] = mini.redeem(request_id, [{"code": one["code"], "units": one["units"]}])["results"][0]
    return {**one, **done}


def test_a_line_for_each_redemption_and_the_totals_of_the_day(mini: Miniprogram) -> None:
    assert mini.get(PATH, day=DAY)["totals"] == {"count": 0, "goods_fen": 0, "fee_fen": 0, "payout_fen": 0}
    one = _redeemed(mini, "r-1", price_fen=9900)
    _redeemed(mini, "r-2", kind="times_card", units=3, price_fen=10_000)
    told = mini.get(PATH, day=DAY)
    first = told["lines"][0]
    assert (first["redemption_id"], first["voucher"]) == (one["redemption_id"], one["voucher"])
    assert (first["code_tail"], first["redeemed_at"], first["state"]) == (
        one["code"][-4:],
        1_795_000_000_000,
        "pending",
    )
    sums = [(line["goods_fen"], line["fee_fen"], line["payout_fen"]) for line in told["lines"]]
    assert sums == [(9900, 59, 9841), (3333, 20, 3313), (3333, 20, 3313), (3334, 20, 3314)]
    assert told["totals"] == {"count": 4, "goods_fen": 19_900, "fee_fen": 119, "payout_fen": 19_781}
    assert (told["day"], told["has_more"]) == (DAY, False)


def test_what_is_kept_back_is_rounded_to_the_fen(mini: Miniprogram) -> None:
    for number, price_fen in enumerate((0, 1, 83, 84, 250)):
        _redeemed(mini, f"r-{number}", price_fen=price_fen)
    lines = mini.get(PATH, day=DAY)["lines"]
    assert [line["fee_fen"] for line in lines] == [0, 0, 0, 1, 2]
    assert all(line["goods_fen"] == line["fee_fen"] + line["payout_fen"] for line in lines)


def test_a_reversed_redemption_is_void_and_a_settled_one_done(mini: Miniprogram) -> None:
    undone, paid, _ = (_redeemed(mini, f"r-{number}", price_fen=1000) for number in range(3))
    asked = {"request_id": "v-1", "redeem_request_id": "r-0", "redemption_ids": [undone["redemption_id"]]}
    mini.post("/dq/v1/reverse", asked)
    mini.control("POST", f"/coupons/{paid['code']}", {"set": "settled"})
    told = mini.get(PATH, day=DAY)
    assert [line["state"] for line in told["lines"]] == ["void", "done", "pending"]
    void = told["lines"][0]
    assert (void["goods_fen"], void["fee_fen"], void["payout_fen"]) == (1000, 0, 0)
    assert told["totals"] == {"count": 2, "goods_fen": 2000, "fee_fen": 12, "payout_fen": 1988}


def test_a_day_ends_at_midnight_in_china(mini: Miniprogram) -> None:
    for number, offset_s in enumerate((0, TO_MIDNIGHT_S - 1, TO_MIDNIGHT_S)):
        mini.shift_s(offset_s)
        mini.token = ""
        _redeemed(mini, f"r-{number}")
    assert len(mini.get(PATH, day=DAY)["lines"]) == 2
    assert len(mini.get(PATH, day=NEXT_DAY)["lines"]) == 1
    assert mini.get(PATH, day="2026-11-20")["lines"] == []


def test_it_comes_in_pages_and_the_totals_stand_on_each(mini: Miniprogram) -> None:
    made = [_redeemed(mini, f"r-{number}") for number in range(5)]
    seen: list[str] = []
    cursor, more, pages = "", True, 0
    while more:
        page = mini.get(PATH, day=DAY, limit=2, cursor=cursor)
        assert page["totals"]["count"] == 5
        seen += [line["redemption_id"] for line in page["lines"]]
        cursor, more, pages = page["cursor"], page["has_more"], pages + 1
    assert (seen, pages) == ([one["redemption_id"] for one in made], 3)
    assert mini.get(PATH, day=DAY, cursor=cursor)["lines"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"day": "today"},
        {"day": "2026-02-30"},
        {"day": "20261118"},
        {"day": "0001-01-01T00:00"},
        {"day": DAY, "limit": 0},
        {"day": DAY, "limit": 501},
        {"day": DAY, "cursor": "h1"},
    ],
)
def test_what_is_no_day_or_no_page_is_refused(mini: Miniprogram, wrong: dict[str, Any]) -> None:
    assert mini.refused_get(PATH, 400, wrong)["error"]["code"] == "bad_request"


def test_the_first_and_the_last_day_of_the_calendar(mini: Miniprogram) -> None:
    for day in ("0001-01-01", "9999-12-31"):
        assert mini.get(PATH, day=day)["lines"] == []


def test_another_store_has_its_own(mini: Miniprogram) -> None:
    mini.refused_get(PATH, 403, {"day": DAY, "store": "00c0ffee"})
