"""The own platform at the counter: token, redeem, reverse, history."""

from typing import Any

import pytest

from tests.sandbox.client import TIMEOUT_S, Miniprogram

NOW_MS = 1_795_000_000_000


def _one(mini: Miniprogram, **wish: object) -> dict[str, Any]:
    (one,) = mini.coupons("miniprogram", **wish)
    return one


def _reasons(answer: dict[str, Any]) -> list[str | None]:
    return [line["reason"] for line in answer["results"]]


def test_tokens_live_side_by_side_for_two_hours(mini: Miniprogram) -> None:
    mini.fetch_token()
    first = mini.token
    mini.fetch_token()
    assert mini.token != first
    for token in (first, mini.token):
        mini.token = token
        mini.call("GET", "/dq/v1/keys")
    mini.shift_s(7200)
    assert mini.call("GET", "/dq/v1/keys", 401)["error"]["code"] == "token_expired"
    mini.token = "never-heard-of"
    assert mini.call("GET", "/dq/v1/keys", 401)["error"]["code"] == "token_invalid"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"client_secret": "x"}, 401, "invalid_client"),
        ({"client_id": "x"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "bad_request"),
        ({"client_id": None}, 400, "bad_request"),
    ],
)
def test_no_token_for_strangers(mini: Miniprogram, change: dict[str, object], status: int, code: str) -> None:
    own = mini.own
    body = {
        "grant_type": "client_credentials",
        "client_id": own["client_id"],
        "client_secret": own["client_secret"],
        **change,
    }
    answer = mini.session.post(f"{mini.sandbox.url}/dq/v1/token", json=body, timeout=TIMEOUT_S)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("lot", "state", "reason"),
    [
        ("refunded", "refunded", "refunded"),
        ("frozen", "frozen", "frozen"),
        ("expired", "expired", "expired"),
        ("used_elsewhere", "used", "used"),
    ],
)
def test_what_cannot_be_used_is_shown_but_not_redeemed(mini: Miniprogram, lot: str, state: str, reason: str) -> None:
    one = _one(mini)
    mini.control("POST", f"/coupons/{one['code']}", {"set": lot})
    shown = mini.post("/dq/v1/lookup", {"by": "code", "text": one["code"]})
    assert shown["vouchers"][0]["state"] == state
    assert _reasons(mini.redeem("r-1", [{"code": one["code"], "units": 1}])) == [reason]
    assert mini.book()["second_attempts"] == int(reason == "used")
    if lot in ("refunded", "frozen"):
        mini.control("POST", f"/coupons/{one['code']}", {"set": "usable"})
        assert _reasons(mini.redeem("r-2", [{"code": one["code"], "units": 1}])) == [None]


def test_redeeming_a_basket_unit_by_unit(mini: Miniprogram) -> None:
    card = _one(mini, kind="times_card", units=3, price_fen=10_000)
    single, foreign = _one(mini, price_fen=500), _one(mini, store="00c0ffee")
    anywhere, early = _one(mini, store="00000000"), _one(mini, valid_from=1_795_000_900)
    uses: list[dict[str, Any]] = [
        {"code": card["code"], "units": 4},
        {"code": single["code"], "units": 1},
        {"code": foreign["code"], "units": 1},
        {"code": anywhere["code"], "units": 1},
        {"code": early["code"], "units": 1},
        {"voucher": "00" * 9, "units": 1},
        {"code": "8800000000000000", "units": 1},
    ]
    answer = mini.redeem("r-1", uses)
    assert _reasons(answer) == [
        *(None, None, None, "no_units_left", None, "other_store", None),
        *("not_yet_valid", "not_found", "not_found"),
    ]
    lines = answer["results"]
    assert [line["index"] for line in lines] == [0, 0, 0, 0, 1, 2, 3, 4, 5, 6]
    assert [line["serial"] for line in lines[:4]] == [1, 2, 3, None]
    assert [line["amount_fen"] for line in lines[:5]] == [3333, 3333, 3334, 0, 500]
    assert (lines[8]["voucher"], lines[9]["voucher"]) == ("00" * 9, None)
    assert mini.book()["second_attempts"] == 0, "asking for too much is no second attempt"


def test_the_same_request_id_answers_the_same(mini: Miniprogram) -> None:
    one, spare = mini.coupons("miniprogram", count=2, kind="times_card", units=3)
    uses = [{"code": one["code"], "units": 1}]
    first = mini.redeem("r-1", uses)
    mini.shift_s(60)
    by_voucher = [{"voucher": first["results"][0]["voucher"], "units": 1}]
    for again in (uses, by_voucher):
        assert mini.redeem("r-1", again)["results"] == first["results"]
    assert mini.call("GET", "/dq/v1/redemptions/r-1")["results"] == first["results"]
    for other in ([{"code": one["code"], "units": 2}], [{"code": spare["code"], "units": 1}]):
        assert mini.redeem("r-1", other, 409)["error"]["code"] == "request_id_reused"
    assert mini.call("GET", "/dq/v1/redemptions/r-2", 404)["error"]["code"] == "not_found"
    assert len(mini.book()["redemptions"]) == 1


def test_trust_is_judged_when_it_was_given(mini: Miniprogram) -> None:
    one, other = mini.coupons("miniprogram", count=2, valid_until=1_795_000_060)
    mini.shift_s(120)
    late = mini.redeem("r-1", [{"code": one["code"], "units": 1}], accepted_at=NOW_MS)
    assert _reasons(late) == ["expired"]
    trusted = mini.redeem("r-2", [{"code": one["code"], "units": 1}], tier="chain", accepted_at=NOW_MS)
    assert _reasons(trusted) == [None]
    assert trusted["results"][0]["redeemed_at"] == NOW_MS + 120_000
    future = mini.redeem("r-3", [{"code": other["code"], "units": 1}], tier="cached", accepted_at=NOW_MS * 2)
    assert _reasons(future) == ["expired"]


@pytest.mark.parametrize(
    "change",
    [
        {"request_id": "no spaces"},
        {"request_id": "x" * 65},
        {"terminal": ""},
        {"tier": "magic"},
        {"accepted_at": "now"},
        {"accepted_at": True},
        {"uses": []},
        {"uses": [{"units": 1}]},
        {"uses": [{"code": "1", "voucher": "00" * 9, "units": 1}]},
        {"uses": [{"code": "1", "units": 0}]},
        {"uses": [{"voucher": "XX", "units": 1}]},
        {"uses": [{"code": "1", "units": 1}] * 101},
        {"uses": "all"},
    ],
)
def test_redeem_refuses_what_it_cannot_read(mini: Miniprogram, change: dict[str, Any]) -> None:
    body = {"request_id": "r-1", "terminal": "T1", "tier": "online", "accepted_at": 1, "uses": [], **change}
    assert mini.post("/dq/v1/redeem", body, 400)["error"]["code"] == "bad_request"


def test_a_forged_dynamic_text_is_not_redeemed(mini: Miniprogram) -> None:
    one = _one(mini)
    uses = [{"code": one["code"], "units": 1}]
    forged = one["qr_text"][:-1] + str((int(one["qr_text"][-1]) + 1) % 10)
    refused = mini.post(
        "/dq/v1/redeem",
        {
            "request_id": "r-1",
            "terminal": "T1",
            "tier": "chain",
            "accepted_at": NOW_MS,
            "uses": uses,
            "dynamic": forged,
        },
        400,
    )
    assert refused["error"]["code"] == "dynamic_forged"
    assert _reasons(mini.redeem("r-1", uses, tier="chain", dynamic=one["qr_text"])) == [None]


def test_reversing_within_a_day(mini: Miniprogram) -> None:
    card = _one(mini, kind="times_card", units=2)
    done = mini.redeem("r-1", [{"code": card["code"], "units": 2}])["results"]
    ids = [done[0]["redemption_id"], "r000"]
    asked = {"request_id": "v-1", "redeem_request_id": "r-1", "redemption_ids": ids}
    undone = mini.post("/dq/v1/reverse", asked)
    assert _reasons(undone) == [None, "not_found"]
    assert undone["results"][0]["reversed_at"] == NOW_MS
    assert mini.post("/dq/v1/reverse", asked) == undone
    assert _reasons(mini.post("/dq/v1/reverse", {**asked, "request_id": "v-2"})) == ["already_reversed", "not_found"]
    other = mini.post("/dq/v1/reverse", {**asked, "redemption_ids": ["r1"]}, 409)
    assert other["error"]["code"] == "request_id_reused"
    wrong = {"request_id": "v-3", "redeem_request_id": "r-9", "redemption_ids": [done[1]["redemption_id"]]}
    assert _reasons(mini.post("/dq/v1/reverse", wrong)) == ["not_found"]
    again = mini.redeem("r-2", [{"code": card["code"], "units": 1}])["results"][0]
    assert (again["ok"], again["serial"]) == (True, 1)
    mini.shift_s(86_401)
    mini.fetch_token()
    late = {"request_id": "v-4", "redeem_request_id": "r-1", "redemption_ids": [done[1]["redemption_id"]]}
    assert _reasons(mini.post("/dq/v1/reverse", late)) == ["window_passed"]


def test_what_is_settled_stays(mini: Miniprogram) -> None:
    one = _one(mini)
    done = mini.redeem("r-1", [{"code": one["code"], "units": 1}])["results"][0]
    mini.control("POST", f"/coupons/{one['code']}", {"set": "settled"})
    asked = {"request_id": "v-1", "redeem_request_id": "r-1", "redemption_ids": [done["redemption_id"]]}
    assert _reasons(mini.post("/dq/v1/reverse", asked)) == ["settled"]


def test_history_in_pages(mini: Miniprogram) -> None:
    made = mini.coupons("miniprogram", count=5)
    for number, one in enumerate(made):
        mini.redeem(f"r-{number}", [{"code": one["code"], "units": 1}])
    mini.shift_s(3600)
    other = _one(mini)
    mini.control("POST", f"/coupons/{other['code']}", {"set": "used_elsewhere"})
    span = {"from_at": NOW_MS, "to_at": NOW_MS + 3_600_000}
    first = mini.get("/dq/v1/history", limit=3, **span)
    second = mini.get("/dq/v1/history", limit=3, cursor=first["cursor"], **span)
    assert (first["has_more"], second["has_more"]) == (True, False)
    records = first["records"] + second["records"]
    assert [one["request_id"] for one in records] == [f"r-{number}" for number in range(5)]
    assert [one["code_tail"] for one in records] == [one["code"][-4:] for one in made]
    rest = mini.get("/dq/v1/history", cursor="", from_at=NOW_MS + 3_600_000, to_at=NOW_MS * 2)["records"]
    assert [(one["terminal"], one["tier"]) for one in rest] == [("elsewhere", "online")]
    for wrong in ({"from_at": 2, "to_at": 1}, {"from_at": 1}, {**span, "limit": 501}, {**span, "cursor": "x"}):
        assert mini.call("GET", "/dq/v1/history", 400, params={"store": mini.store, **wrong})
