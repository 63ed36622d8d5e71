"""`hexiao lookup` and `redeem` with a customer's telephone number: places to pick from, and nothing left in clear."""

import json
from typing import Any

import pytest

from tests.terminal.desk import Desk

PHONE = "13912345678"


def sold(desk: Desk, count: int = 1, **wish: Any) -> list[dict[str, Any]]:
    body = {"platform": "miniprogram", "price_fen": 9900, "phone": PHONE, "count": count, "order": "same", **wish}
    return list(desk.post("coupons", body)["coupons"])


def looked(desk: Desk) -> dict[str, Any]:
    return dict(desk.told("lookup", PHONE, "--platform", "miniprogram"))


def places(desk: Desk) -> dict[str, int]:
    return {one["code_tail"]: one["position"] for one in looked(desk)["coupons"]}


def redeem(desk: Desk, *options: str, code: int = 0) -> dict[str, Any]:
    return dict(desk.told("redeem", PHONE, "--platform", "miniprogram", *options, code=code))


def test_a_number_lists_what_its_owner_can_use_with_places_to_pick_from(desk: Desk) -> None:
    pair, card = sold(desk, 2), sold(desk, kind="times_card", units=3)
    found = looked(desk)
    assert (found["platform"], found["kind"], found["order_no"]) == ("miniprogram", "phone", None)
    shown = [(one["position"], one["units_left"], one["usable"], one["selected"]) for one in found["coupons"]]
    assert shown == [(1, 1, True, False), (2, 1, True, False), (3, 3, True, False)]
    assert [one["code_tail"] for one in found["coupons"]] == [one["code"][-4:] for one in (*pair, *card)]
    assert len({one["order_no"] for one in found["coupons"]}) == 2
    people = desk.run("lookup", PHONE, "--platform", "miniprogram").stdout
    assert "3/3" in people
    assert all(one["code"][-4:] in people for one in pair)


def test_picked_ones_are_redeemed_and_no_others(desk: Desk) -> None:
    pair, card = sold(desk, 2), sold(desk, kind="times_card", units=3)
    refused = redeem(desk, code=1)
    assert refused["reason"] == "phone_number"
    said = redeem(desk, "--pick", "2", "--pick", "3:2")
    assert [unit["code_tail"] for unit in said["redemptions"]] == [
        pair[1]["code"][-4:],
        card[0]["code"][-4:],
        card[0]["code"][-4:],
    ]
    assert len({unit["request_id"] for unit in said["redemptions"]}) == 2
    assert sorted(use["code"] for use in desk.booked()) == sorted([pair[1]["code"], card[0]["code"], card[0]["code"]])
    assert places(desk) == {pair[0]["code"][-4:]: 1, card[0]["code"][-4:]: 2}
    assert redeem(desk, "--pick", "2:2", code=1)["reason"] == "units_too_many"


def test_picks_of_one_order_go_out_together(desk: Desk) -> None:
    first, *_ = sold(desk, 3)
    said = desk.told("redeem", first["code"], "--pick", "3", "--pick", "1")
    assert len(said["redemptions"]) == 2
    assert len({unit["request_id"] for unit in said["redemptions"]}) == 1


@pytest.mark.parametrize("platform", ["miniprogram", "meituan", "dianping"])
def test_wherever_customers_are_found_by_their_number(desk: Desk, platform: str) -> None:
    for other in ("meituan", "dianping", "miniprogram"):
        sold(desk, 2, platform=other)
    codes = [one["code"] for one in sold(desk, 1, platform=platform)]
    found = desk.told("lookup", PHONE, "--platform", platform)
    assert len(found["coupons"]) == 3
    place = next(one["position"] for one in found["coupons"] if one["code_tail"] == codes[0][-4:])
    other = place % 3 + 1
    said = desk.told("redeem", PHONE, "--platform", platform, "--pick", str(other), "--pick", str(place))
    assert [unit["outcome"] for unit in said["redemptions"]] == ["redeemed", "redeemed"]
    assert {unit["platform"] for unit in said["redemptions"]} == {platform}
    assert codes[0] in {use["code"] for use in desk.booked()}
    assert len(desk.told("lookup", PHONE, "--platform", platform)["coupons"]) == 1
    assert desk.told("ledger", "verify")["ok"]


@pytest.mark.parametrize(
    "picks",
    [("0",), ("-1",), ("x",), ("1:0",), ("1:",), ("1 2",), ("1:1:1",), ("١",), ("1", "1:2"), ("99999",), ("",)],
)
def test_a_pick_that_is_none_is_wrong_usage(desk: Desk, picks: tuple[str, ...]) -> None:
    sold(desk, 2)
    options = [part for pick in picks for part in ("--pick", pick)]
    assert desk.run("redeem", PHONE, "--platform", "miniprogram", *options).exit_code == 2
    assert not desk.booked()


@pytest.mark.parametrize("options", [("--pick", "3"), ("--pick", "1", "--count", "2")])
def test_a_place_that_is_not_there_is_wrong_usage(desk: Desk, options: tuple[str, ...]) -> None:
    sold(desk, 2)
    result = desk.run("redeem", PHONE, "--platform", "miniprogram", *options)
    assert result.exit_code == 2
    assert "--pick" in result.output
    assert not desk.booked()


def test_without_a_line_the_code_is_asked_for(desk: Desk) -> None:
    sold(desk)
    desk.line_down()
    said = redeem(desk, "--pick", "1", code=1)
    assert said["reason"] == "phone_needs_line"
    assert "code" in said["message"]
    assert desk.told("lookup", PHONE, "--platform", "miniprogram", code=1)["reason"] == "phone_needs_line"
    code = sold(desk)[0]["code"]
    assert desk.told("redeem", code, "--pick", "1", code=1)["reason"] in ("unreachable", "no_answer")
    assert desk.told("redeem", code, code=1)["reason"] == "evidence_needed"


def test_neither_number_nor_codes_are_left_in_files_or_said(desk: Desk) -> None:
    coupons = [*sold(desk, 2), *sold(desk, kind="times_card", units=3), *sold(desk)]
    heard = [json.dumps(looked(desk))]
    for options in ((), ("--pick", "1", "--pick", "3:2"), ("--pick", "2:9"), ("--pick", "9")):
        result = desk.run("redeem", PHONE, "--platform", "miniprogram", *options, "--json")
        people = desk.run("redeem", PHONE, "--platform", "miniprogram", *options)
        heard += [result.output, people.output]
    assert len(desk.booked()) >= 3
    row = desk.told("outbox", "list")
    desk.line_down()
    heard += [json.dumps(row), desk.run("redeem", PHONE, "--platform", "miniprogram").output]
    heard.append(desk.run("lookup", PHONE, "--platform", "miniprogram").output)
    desk.line_up()
    heard.append(desk.run("redeem", "13800138000", "--platform", "miniprogram").output)
    heard.append(desk.run("shift", "report").output)
    written = b"".join(path.read_bytes() for path in sorted(desk.data.rglob("*")) if path.is_file())
    for secret in (PHONE, "13800138000", *(one["code"] for one in coupons)):
        assert secret not in "".join(heard)
        assert secret.encode() not in written
    assert desk.told("ledger", "verify")["ok"]
