"""Several coupons of one order in one verify that Douyin refuses as a whole."""

from typing import Any

import pytest

from sync.domain.reasons import Code
from sync.errors import OutcomeUnknown, Refused
from sync.platforms.port import Denied, RedeemCall, Redeemed, Use, keep_nothing
from tests.platforms.test_douyin import ITEM, TYPED, bad, good, look_up, playing

SECOND = {**ITEM, "encrypted_code": "E2", "certificate_id": "C2"}
PREPARED = good(verify_token="T1", order_id="O1", certificates=[ITEM, SECOND])
ENDED = bad(3000001, "券已过期")


def yes(place: int) -> dict[str, Any]:
    line = {"result": 0, "code": f"E{place}", "verify_id": f"V{place}", "certificate_id": f"C{place}"}
    return good(verify_results=[line])


def redeem(*script: dict[str, Any]) -> Any:
    looked = playing([PREPARED], look_up(TYPED))
    uses = tuple(Use(f"r{each.ref}", each.ref, each.handle, each.code, 9900) for each in looked.coupons)
    call = RedeemCall("q", TYPED, uses, "online", 1, looked.prepared)
    return playing(list(script), lambda platform, deadline_ms: platform.redeem(call, keep_nothing, deadline_ms))


def test_one_coupon_that_is_refused_for_a_cause_keeps_no_other_from_being_redeemed() -> None:
    first, second = redeem(ENDED, yes(1), ENDED)
    assert isinstance(first, Redeemed)
    assert isinstance(second, Denied)
    assert second.reason.code is Code.EXPIRED


def test_all_that_are_refused_one_by_one_are_denied() -> None:
    assert [type(each) for each in redeem(ENDED, ENDED, ENDED)] == [Denied, Denied]


def test_a_platform_that_grows_busy_meanwhile_leaves_what_is_not_known() -> None:
    with pytest.raises(OutcomeUnknown):
        redeem(ENDED, yes(1), bad(2100004, "busy"))
    with pytest.raises(Refused) as caught:
        redeem(ENDED, ENDED, bad(2100004, "busy"))
    assert caught.value.reason.about_us


def test_a_no_without_a_cause_is_explained_by_the_certificates() -> None:
    used = good(certificate={**SECOND, "status": 2})
    first, second = redeem(bad(3000001, "天书"), good(certificate=ITEM), used, PREPARED, yes(1))
    assert isinstance(first, Redeemed)
    assert isinstance(second, Denied)
    assert second.reason.code is Code.USED_ELSEWHERE
