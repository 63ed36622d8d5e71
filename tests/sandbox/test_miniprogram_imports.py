"""Codes that the merchant's own system issued: brought in by the batch, then looked up and redeemed like any other."""

from typing import Any

import pytest

from sync.domain.codes import MINIPROGRAM, RECOGNISED, CredentialKind, Recognised, luhn_ok
from sync.domain.recognisers import recognise
from tests.sandbox.client import Miniprogram

NOW_MS = 1_795_000_000_000
DAY_MS = 86_400_000
PATH = "/dq/v1/third-party-codes"
PHONE = "13800138000"
VOUCHER_OFFER, CARD_OFFER = "0a110002", "0a110009"


def code(number: int) -> str:
    """The code of that number, as any system would make it."""
    body = f"88{number:013d}"
    return next(f"{body}{digit}" for digit in range(10) if luhn_ok(f"{body}{digit}"))


def batch(*codes: dict[str, Any] | str, **more: object) -> dict[str, Any]:
    """A batch of ¥100 vouchers that are good for a month."""
    return {
        "request_id": "batch-1",
        "offer": VOUCHER_OFFER,
        "units_total": 1,
        "price_fen": 10_000,
        "valid_from_at": NOW_MS - DAY_MS,
        "valid_until_at": NOW_MS + 30 * DAY_MS,
        "codes": [one if isinstance(one, dict) else {"code": one} for one in codes],
        **more,
    }


def test_an_imported_code_is_a_voucher_like_any_other(mini: Miniprogram) -> None:
    answer = mini.post(PATH, batch(code(1), {"code": code(2), "phone": PHONE}))
    assert [line["reason"] for line in answer["results"]] == [None, None]
    shown = mini.post("/dq/v1/lookup", {"by": "code", "text": code(1)})
    (voucher,) = shown["vouchers"]
    assert voucher["voucher"] == answer["results"][0]["voucher"]
    assert (voucher["title"], voucher["price_fen"], voucher["state"]) == ("百元代金券", 10_000, "usable")
    assert shown["selected"] == [voucher["voucher"]]
    (mine,) = mini.post("/dq/v1/lookup", {"by": "phone", "text": PHONE})["vouchers"]
    assert mine["code"] == code(2)
    assert mine["account"] != voucher["account"]
    assert {one["code"] for one in mini.get("/dq/v1/vouchers")["vouchers"]} == {code(1), code(2)}
    assert mini.redeem("r-1", [{"code": code(1), "units": 1}])["results"][0]["amount_fen"] == 10_000
    assert mini.redeem("r-2", [{"code": code(1), "units": 1}])["results"][0]["reason"] == "used"
    asked = {"code": code(2), "terminal": "T1", "nonce": "0" * 15 + "1", "request_id": "r-3", "units": 1}
    assert len(mini.post("/dq/v1/permits", asked)["text"]) == 268
    assert len(mini.book()["redemptions"]) == 2


def test_a_till_bound_to_every_platform_recognises_each_of_them() -> None:
    for number in (0, 7, 10**12, 10**13 - 1):
        found = recognise(code(number), RECOGNISED)
        assert isinstance(found, Recognised)
        assert (found.platform, found.credential.kind) == (MINIPROGRAM, CredentialKind.CODE)


def test_a_times_card_with_its_units(mini: Miniprogram) -> None:
    mini.post(PATH, batch(code(1), offer=CARD_OFFER, units_total=3))
    results = mini.redeem("r-1", [{"code": code(1), "units": 4}])["results"]
    assert [one["amount_fen"] for one in results] == [3333, 3333, 3334, 0]
    assert results[-1]["reason"] == "no_units_left"


def test_each_code_stands_for_itself(mini: Miniprogram) -> None:
    (sold,) = mini.coupons("miniprogram")
    wrong = code(5)[:-1] + str((int(code(5)[-1]) + 1) % 10)
    answer = mini.post(PATH, batch(sold["code"], code(1), wrong, code(1), code(2)))
    assert [one["reason"] for one in answer["results"]] == ["taken", None, "check_digit", "taken", None]
    assert [one["ok"] for one in answer["results"]] == [False, True, False, False, True]
    assert [bool(one["voucher"]) for one in answer["results"]] == [False, True, False, False, True]
    mini.post("/dq/v1/lookup", {"by": "code", "text": wrong}, 404)
    shown = mini.post("/dq/v1/lookup", {"by": "code", "text": sold["code"]})
    assert shown["vouchers"][0]["price_fen"] == sold["price_fen"]


def test_the_same_batch_again_answers_the_same(mini: Miniprogram) -> None:
    first = mini.post(PATH, batch(code(1)))
    mini.redeem("r-1", [{"code": code(1), "units": 1}])
    assert mini.post(PATH, batch(code(1)))["results"] == first["results"]
    for other in (batch(code(2)), batch(code(1), price_fen=1), batch({"code": code(1), "phone": PHONE})):
        assert mini.post(PATH, other, 409)["error"]["code"] == "request_id_reused"
    assert mini.post("/dq/v1/lookup", {"by": "code", "text": code(1)})["vouchers"][0]["state"] == "used"


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"codes": []}, 400, "bad_request"),
        ({"codes": [{"code": code(1)}] * 501}, 400, "bad_request"),
        ({"codes": [{"code": "1234567890123456"}]}, 400, "bad_request"),
        ({"codes": [{"code": code(1), "phone": "call me"}]}, 400, "bad_request"),
        ({"units_total": 2}, 400, "bad_request"),
        ({"units_total": 0}, 400, "bad_request"),
        ({"price_fen": -1}, 400, "bad_request"),
        ({"valid_until_at": NOW_MS - DAY_MS}, 400, "bad_request"),
        ({"request_id": ""}, 400, "bad_request"),
        ({"offer": "ffffffff"}, 404, "not_found"),
        ({"offer": "0A110002"}, 400, "bad_request"),
        ({"store": "00c0ffee"}, 403, "store_not_allowed"),
    ],
)
def test_a_batch_that_makes_no_sense_brings_in_nothing(
    mini: Miniprogram, change: dict[str, object], status: int, error: str
) -> None:
    assert mini.post(PATH, batch(code(1), **change), status)["error"]["code"] == error
    mini.post("/dq/v1/lookup", {"by": "code", "text": code(1)}, 404)
