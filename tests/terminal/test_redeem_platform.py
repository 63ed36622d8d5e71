"""`hexiao redeem` and `lookup` of a text that several platforms may have issued."""

from typing import Any

from tests.terminal.desk import Desk


def sold(desk: Desk, platform: str, **wish: Any) -> str:
    return str(desk.coupon(platform, **wish)["code"])


def test_the_question_names_the_platforms_and_the_next_step(desk: Desk) -> None:
    code = sold(desk, "meituan")
    for command in ("redeem", "lookup"):
        said = desk.told(command, code, code=1)
        assert (said["outcome"], said["reason"]) == ("refused", "which_platform")
        assert (said["choices"], said["usual"]) == (["douyin", "meituan"], None)
        assert "Douyin" in said["message"]
        assert "Meituan" in said["message"]
        people = desk.run(command, code)
        assert people.exit_code == 1
        assert "--platform douyin  --platform meituan" in people.output
        assert code not in people.output
    assert not desk.booked()


def test_the_pick_is_remembered_for_the_next_customer(desk: Desk) -> None:
    first, second = sold(desk, "meituan"), sold(desk, "meituan")
    assert desk.told("redeem", first, "--platform", "meituan")["platform"] == "meituan"
    assert desk.told("lookup", second)["platform"] == "meituan"
    assert desk.told("redeem", second)["outcome"] == "redeemed"
    strange = str(int(second) ^ 1).zfill(12)
    said = desk.told("redeem", strange, code=1)
    assert (said["reason"], said["choices"]) == ("which_platform", ["douyin"])
    assert desk.told("ledger", "verify")["ok"]


def test_a_wrong_pick_is_not_remembered(desk: Desk) -> None:
    code = sold(desk, "meituan")
    assert desk.told("redeem", code, "--platform", "douyin", code=1)["reason"] == "not_found"
    said = desk.told("redeem", code, code=1)
    assert (said["choices"], said["usual"]) == (["douyin", "meituan"], None)


def test_looking_up_picks_for_once_only(desk: Desk) -> None:
    code = sold(desk, "meituan")
    assert desk.told("lookup", code, "--platform", "meituan")["platform"] == "meituan"
    assert desk.told("redeem", code, code=1)["reason"] == "which_platform"


def test_without_a_line_what_was_picked_last_is_proposed(desk: Desk) -> None:
    first, second = sold(desk, "meituan"), sold(desk, "meituan")
    desk.told("redeem", first, "--platform", "meituan")
    desk.line_down()
    said = desk.told("redeem", second, code=1)
    assert (said["reason"], said["choices"], said["usual"]) == ("which_platform", ["douyin", "meituan"], "meituan")
    assert desk.told("redeem", second, "--platform", "meituan", code=1)["reason"] == "evidence_needed"
    assert desk.told("redeem", first, code=1)["reason"] == "used_here"


def test_a_pick_that_the_text_can_not_be_from(desk: Desk) -> None:
    code = sold(desk, "dianping")
    assert desk.told("redeem", code, "--platform", "meituan", code=1)["reason"] == "not_a_coupon"
    assert desk.told("redeem", code, "--platform", "taobao", code=1)["reason"] == "not_connected"
    assert desk.told("redeem", code)["platform"] == "dianping"


def test_a_telephone_number_is_asked_about_too(desk: Desk) -> None:
    sold(desk, "meituan", phone="13912345678")
    said = desk.told("lookup", "13912345678", code=1)
    assert said["choices"] == ["miniprogram", "meituan", "dianping"]
    assert desk.told("redeem", "13912345678", "--platform", "meituan", "--pick", "1")["outcome"] == "redeemed"
    again = desk.told("lookup", "13912345678", code=1)
    assert (again["reason"], again["choices"]) == ("which_platform", ["miniprogram", "dianping"])
