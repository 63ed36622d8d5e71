"""Batch verify: coupons of several orders, all in the end or none, though the first answer may not show it yet."""

import json
from typing import Any

from sync.sandbox.douyin.envelope import succeeded
from sync.sandbox.douyin.verify import Check, Use, check_poi
from sync.sandbox.fields import Fields
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, Json, Request

MOST_VERIFIES = 50
# So long after an answer in parts the platform has done the rest by itself.
FINISHED_AFTER_MS = 5_000
_PARTIAL, _PENDING = "douyin.batch_partial", "douyin.batch_pending"


def batch_verify(truth: Truth, request: Request) -> Answer:
    """One answer for each verify in the list. A repeat with the same tokens carries out what was left over."""
    body = Fields(request.json())
    check_poi(truth, body)
    checks = [Check.of(truth, one, request) for one in body.objects("certificate_batch_verify_list", 1, MOST_VERIFIES)]
    _forget(truth, checks)
    causes = [check.causes(truth) for check in checks]
    if any(causes):
        words = [found[0] if found else "同批券中有不可核销的券,未核销" for found in causes]
        told = [check.put_off(truth, why) for check, why in zip(checks, words, strict=True)]
    else:
        told = _carried_out(truth, checks)
    lines = [_line(check, results) for check, results in zip(checks, told, strict=True)]
    return succeeded(truth, {"certificate_verify_resp_list": lines})


def _line(check: Check, results: list[Json]) -> Json:
    """One verify's part of the answer [its fields beside the results are a guess]."""
    return {
        "error_code": 0,
        "description": "success",
        "verify_token": check.token.text,
        "order_id": check.token.order_id,
        "verify_results": results,
    }


def _carried_out(truth: Truth, checks: list[Check]) -> list[list[Json]]:
    """All of it; if the answer is to come in parts, the later half is left for afterwards."""
    now = len(checks)
    waiting = int(truth.setting(_PARTIAL, "0"))
    if waiting and now > 1:
        truth.set(_PARTIAL, str(waiting - 1))
        now = (now + 1) // 2
    told = [check.results(truth) for check in checks[:now]]
    told += [check.put_off(truth, "系统繁忙,稍后将自动核销") for check in checks[now:]]
    _keep(truth, _pending(truth) + [_kept(truth, check) for check in checks[now:]])
    return told


def answer_in_parts(truth: Truth, count: int) -> None:
    """Let the next `count` batches be answered in parts."""
    truth.set(_PARTIAL, str(count))


def finish(truth: Truth) -> None:
    """Carry out what was left over by batches that are old enough."""
    due = [one for one in _pending(truth) if truth.now_ms() >= one["at_ms"] + FINISHED_AFTER_MS]
    for one in due:
        token = truth.verify_tokens.get(one["token"])
        if token is not None:
            coupons = [truth.coupons.get(coupon_key("douyin", code)) for _, code, _ in one["uses"]]
            uses = zip(one["uses"], coupons, strict=True)
            Check(token, tuple(Use(sent, coupon, at_ms) for (sent, _, at_ms), coupon in uses)).results(truth)
    if due:
        _keep(truth, [one for one in _pending(truth) if one not in due])


def _pending(truth: Truth) -> list[dict[str, Any]]:
    pending: list[dict[str, Any]] = json.loads(truth.setting(_PENDING, "[]"))
    return pending


def _keep(truth: Truth, pending: list[dict[str, Any]]) -> None:
    if pending or truth.setting(_PENDING):
        truth.set(_PENDING, json.dumps(pending))


def _kept(truth: Truth, check: Check) -> dict[str, Any]:
    uses = [[use.sent, use.coupon.code, use.accepted_at_ms] for use in check.wanted if use.coupon is not None]
    return {"at_ms": truth.now_ms(), "token": check.token.text, "uses": uses}


def _forget(truth: Truth, checks: list[Check]) -> None:
    """A repeat takes over what was left of these verifies."""
    asked = {check.token.text for check in checks}
    _keep(truth, [one for one in _pending(truth) if one["token"] not in asked])
