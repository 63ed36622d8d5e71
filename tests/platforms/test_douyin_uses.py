"""Which uses of a times card are ours: counted against listed, listed against booked, and when nobody can tell."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.reasons import Code, because
from sync.errors import OutcomeUnknown, PlatformError, Refused
from sync.platforms.douyin.preparation import Held, Preparation, preparation_of
from sync.platforms.douyin.uses import of_one_call, since
from sync.platforms.douyin.wire import Certificate, Verification
from sync.platforms.port import Denied, Prepared, RedeemCall, Redeemed, Use, keep_nothing
from tests.platforms.test_douyin import TYPED, Script, bad, good, playing

POI = "6000"
PRICES = [{"serial_numb": number, "amount": {"pay_amount": number * 1000}} for number in range(1, 6)]


def use(name: str, at: int = 1_795_000_000, **more: Any) -> dict[str, Any]:
    return {"verify_id": name, "verify_time": at, "verify_type": 4, "poi_id": POI, **more}


def card(used: int, *uses: dict[str, Any], status: int = 1) -> dict[str, Any]:
    counted = {"times_count": 5, "times_used": used, "serial_amount_list": PRICES}
    told = {"encrypted_code": "E1", "certificate_id": "C1", "status": status, "sku": {"groupon_type": 3}}
    return {**told, "time_card": counted, "verify_records": list(uses)}


def held(used: int | None = 1, seen: tuple[str, ...] = ("V0",), code: str = "") -> Held:
    return Held("C1", "E1", code, 4, True, seen, 2000, used=used)


def kept(used: int | None = 1, seen: tuple[str, ...] = ("V0",)) -> Prepared:
    return Preparation("T1", "O1", 1_795_000_000_000, (held(used, seen),)).to_prepared()


def call(units: int, prepared: Prepared) -> RedeemCall:
    uses = tuple(Use(f"r{place}", "C1", "E1", None, 2000) for place in range(units))
    return RedeemCall("request", TYPED, uses, "online", 1, prepared)


def settle(script: Script, units: int, prepared: Prepared) -> Any:
    asked = call(units, prepared)
    return playing(script, lambda platform, deadline_ms: platform.settle(asked, keep_nothing, deadline_ms))


def booked(*rows: tuple[str, int, int]) -> dict[str, Any]:
    records = [
        {
            "cursor": name,
            "verify_id": name,
            "certificate_id": "C1",
            "verify_time": at,
            "status": status,
            "cancel_time": 9,
        }
        for name, at, status in rows
    ]
    return good(records=records)


DEAD = bad(3000001, "verify_token expired")
AT = 1_795_000_000
OLD = use("V0", AT - 100)


def records(results: Any) -> list[str]:
    return [result.refs["record"] for result in results if isinstance(result, Redeemed)]


def test_what_is_counted_and_listed_alike_needs_no_book() -> None:
    after = card(4, OLD, *(use(f"V{n}", times_card_serial_num=n + 1) for n in (1, 2, 3)))
    results = settle([good(certificate=after), DEAD, good(certificate=after)], 3, kept())
    assert records(results) == ["V1", "V2", "V3"]
    assert [result.amount_fen for result in results] == [2000, 3000, 4000]
    assert [result.refs["serial"] for result in results] == ["2", "3", "4"]


def test_uses_that_are_counted_and_not_listed_yet_are_looked_for_in_the_book() -> None:
    after = card(4, OLD)
    book = booked(("V0", AT - 100, 1), ("V1", AT, 1), ("V2", AT, 1), ("V3", AT, 1))
    results = settle([good(certificate=after), DEAD, good(certificate=after), book], 3, kept())
    assert records(results) == ["V1", "V2", "V3"]


@pytest.mark.parametrize(
    "book", [booked(), booked(("V1", AT, 1)), bad(28001012, "no capability"), bad(2100004, "busy"), good(records={})]
)
def test_uses_that_nothing_explains_are_neither_denied_nor_sent_again(book: dict[str, Any]) -> None:
    after = card(4, OLD)
    with pytest.raises(Refused) as caught:
        settle([good(certificate=after), DEAD, good(certificate=after), book], 3, kept())
    assert caught.value.reason.code is Code.USES_UNCLEAR
    assert caught.value.reason.facts == {"counted": 4, "listed": 1}


def test_a_card_that_is_counted_as_used_up_and_lists_nothing_is_not_denied() -> None:
    after = card(5, OLD, status=2)
    with pytest.raises(Refused) as caught:
        settle([good(certificate=after), DEAD, good(certificate=after), booked()], 3, kept())
    assert caught.value.reason.code is Code.USES_UNCLEAR


def test_what_an_earlier_version_kept_is_judged_by_the_list_alone() -> None:
    values = dict(kept().values)
    rows = [row[:8] for row in json.loads(values["certificates"])]
    old = Prepared(
        {name: value for name, value in values.items() if name != "told"} | {"certificates": json.dumps(rows)}
    )
    preparation = preparation_of(old)
    assert preparation is not None
    assert (preparation.held[0].used, preparation.held[0].third, preparation.told) == (None, False, ())
    after = card(4, OLD, use("V1"))
    assert records(settle([good(certificate=after), DEAD, good(certificate=after)], 1, old)) == ["V1"]


def test_a_repeat_that_says_done_without_ids_takes_the_uses_of_one_second() -> None:
    lines = [{"result": 1208, "code": "E1", "verify_id": "0", "certificate_id": "C1"} for _ in range(2)]
    after = card(4, OLD, use("V1", AT), use("V2", AT + 9), use("V3", AT + 9))
    script: Script = [good(certificate=after), good(verify_results=lines), good(certificate=after)]
    assert records(settle(script, 2, kept())) == ["V2", "V3"]


def test_a_repeat_that_says_done_and_lists_nothing_of_it_is_not_known() -> None:
    lines = [{"result": 1208, "code": "E1", "verify_id": "0", "certificate_id": "C1"} for _ in range(2)]
    after = card(1, OLD)
    with pytest.raises(OutcomeUnknown):
        settle([good(certificate=after), good(verify_results=lines), good(certificate=after)], 2, kept())


def test_a_part_done_and_a_part_refused_comes_back_use_by_use() -> None:
    lines = [
        {"result": 0, "code": "E1", "verify_id": "V1", "certificate_id": "C1"},
        {"result": 3000001, "code": "E1", "msg": "次数不足", "certificate_id": "C1"},
    ]
    asked = call(2, kept())
    script: Script = [good(verify_results=lines)]
    done, denied = playing(script, lambda platform, ms: platform.redeem(asked, keep_nothing, ms))
    assert isinstance(done, Redeemed)
    assert isinstance(denied, Denied)
    assert denied.reason.code is Code.UNITS_TOO_MANY


def test_used_said_long_after_the_preparation_may_mean_us() -> None:
    used = {"encrypted_code": "E1", "certificate_id": "C1", "status": 2, "verify": use("V1")}
    prepared = Preparation("T1", "O1", 1_000, (Held("C1", "E1", "", 1, True, (), 9900, used=0),)).to_prepared()
    script: Script = [good(certificate=used), bad(3000001, "该券已被使用"), good(certificate=used)]
    assert records(settle(script, 1, prepared)) == ["V1"]
    elsewhere = {**used, "verify": use("V1", verify_type=3)}
    (told,) = settle([good(certificate=elsewhere)], 1, prepared)
    assert isinstance(told, Denied)
    assert told.reason.code is Code.USED_ELSEWHERE


def test_what_was_settled_before_a_new_preparation_is_kept_with_it() -> None:
    refs = {"record": "V1", "coupon": "C1", "order_id": "O1"}
    told = (Redeemed("r0", 5, 2000, refs, "104686126200130"), Denied("r1", because(Code.REFUNDED, words="退")))
    fresh = Preparation("T2", "O1", 7, (held(),))
    read = preparation_of(fresh.keeping(Preparation("T1", "O1", 5, (held(), held())), told).to_prepared())
    assert read is not None
    assert read.told == told
    lines = [{"result": 0, "code": "E1", "verify_id": "V2", "certificate_id": "C1"}]
    asked = call(3, read.to_prepared())
    script: Script = [good(verify_results=lines)]
    results = playing(script, lambda platform, ms: platform.redeem(asked, keep_nothing, ms))
    assert results[:2] == told
    assert records(results) == ["V1", "V2"]


def test_a_use_at_another_shop_or_by_the_shops_own_scanner_is_none_of_ours() -> None:
    item = Certificate.model_validate(
        card(4, OLD, use("V1", poi_id="1"), use("V2", verify_type=2), use("V3", poi_id="", verify_type=0))
    )
    became = since(item, held(), (), POI)
    assert [each.verify_id for each in became.ours] == ["V3"]
    assert became.uncounted == 0
    assert since(item, held(), ("V3",), POI).ours == ()


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5), st.integers(0, 3))
def test_counting_and_listing_agree_however_many_were_used_and_taken_back(
    before: int, gone: int, fresh: int, hidden: int
) -> None:
    gone = min(gone, before)
    seen = tuple(f"S{n}" for n in range(before))
    stands = [use(name) for name in seen[gone:]] + [use(f"N{n}") for n in range(fresh)]
    item = Certificate.model_validate(card(before - gone + fresh + hidden, *stands))
    became = since(item, held(before, seen), (), POI)
    assert became.uncounted == hidden
    assert len(became.ours) == fresh


@given(st.lists(st.integers(0, 4), max_size=8), st.integers(1, 5))
def test_one_call_is_told_from_others_only_where_it_stands_alone(seconds: list[int], count: int) -> None:
    uses = [Verification(verify_id=f"V{n}", verify_time=1 + at) for n, at in enumerate(seconds)]
    told = of_one_call(uses, count)
    sizes = [seconds.count(at) for at in set(seconds)]
    if len(seconds) == count:
        assert told is not None
        assert {each.verify_id for each in told} == {each.verify_id for each in uses}
    elif sizes.count(count) == 1:
        assert told is not None
        assert len({each.verify_time for each in told}) == 1
        assert len(told) == count
    else:
        assert told is None


@pytest.mark.parametrize("number", [28001008, 2190008])
def test_an_access_token_that_ends_in_the_middle_is_renewed_and_the_verify_sent_once_more(number: int) -> None:
    token = {"data": {"access_token": "clt.2", "description": "", "error_code": 0, "expires_in": 7200}}
    lines = [{"result": 0, "code": "E1", "verify_id": "V2", "certificate_id": "C1"}]
    asked = call(1, kept())
    script: Script = [bad(number, "expired"), token, good(verify_results=lines)]
    (told,) = playing(script, lambda platform, ms: platform.redeem(asked, keep_nothing, ms))
    assert isinstance(told, Redeemed)


def test_no_error_of_a_settling_holds_a_code() -> None:
    with pytest.raises(PlatformError) as caught:
        settle([good(certificate=card(4, OLD)), bad(28001006, f"network {TYPED.text}")], 3, kept())
    assert TYPED.text not in f"{caught.value}{caught.value.reason}"


@pytest.mark.parametrize("words", ["该券已被使用", "天书"])
def test_a_no_to_a_repeat_is_none_where_the_platform_does_not_tell_of_the_card(words: str) -> None:
    untold = bad(3000001, "天书")
    with pytest.raises(Refused) as caught:
        settle([untold, bad(3000001, words), untold], 1, kept())
    assert caught.value.reason.code is Code.USES_UNCLEAR


@pytest.mark.parametrize("words", ["凭证已过期", "凭证无效"])
def test_what_has_expired_may_be_an_old_token_and_no_coupon(words: str) -> None:
    asked, now = call(1, kept()), card(1, OLD)
    again = good(verify_token="T2", order_id="O1", certificates=[now])
    done = good(verify_results=[{"result": 0, "code": "E1", "verify_id": "V1", "certificate_id": "C1"}])
    script: Script = [bad(3000001, words), good(certificate=now), again, done]
    results = playing(script, lambda platform, deadline_ms: platform.redeem(asked, keep_nothing, deadline_ms))
    assert records(results) == ["V1"]
    (denied,) = playing(
        [bad(3000001, words), good(certificate=now), again, bad(3000001, "券已过期")],
        lambda platform, deadline_ms: platform.redeem(asked, keep_nothing, deadline_ms),
    )
    assert isinstance(denied, Denied)
    assert denied.reason.code is Code.EXPIRED
