"""Prepare: what of an order can still be used, and the permission to verify it."""

from sync.sandbox.credentials import douyin_credentials
from sync.sandbox.douyin.envelope import Failure, bad_parameter, business, succeeded
from sync.sandbox.douyin.shapes import certificate, listed
from sync.sandbox.rows import Coupon, VerifyToken
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, Json, Request

VERIFY_TOKEN_LIFE_MS = 1_800_000
OTHER_STORE = "该券不适用于当前门店"


def prepare(truth: Truth, request: Request) -> Answer:
    """By QR token or typed code. Changes nothing about the coupons.

    Lists the coupon asked for first, then the other usable ones of its order; if the one asked for cannot be
    used any more, the list is empty: nobody shall use up a neighbour by scanning a spent coupon.
    """
    sealed, code = request.query.get("encrypted_data", ""), request.query.get("code", "")
    if bool(sealed) == bool(code):
        raise bad_parameter("encrypted_data and code: exactly one of them is required")
    check_place(truth, request.query.get("poi_id", ""), request.query.get("account_id", ""))
    asked = _by_picture(truth, sealed) if sealed else _by_code(truth, code)
    if asked.store != douyin_credentials(truth).poi_id:
        raise _refused(OTHER_STORE)
    usable: list[Coupon] = []
    if listed(truth, asked):
        order = truth.coupons_by_order(asked.order_id)
        usable = [asked, *(one for one in order if one.code != asked.code and listed(truth, one))]
    token = _permission(truth, asked.order_id, sealed) if usable else ""
    items = [certificate(truth, one) for one in usable]
    return succeeded(
        truth,
        {
            "verify_token": token,
            "order_id": asked.order_id,
            "certificates": items,
            "certificates_v2": items,
        },
    )


def check_place(truth: Truth, poi_id: str, account_id: str) -> None:
    """A failure unless the place, where one is named, is this shop."""
    own = douyin_credentials(truth)
    if poi_id and poi_id != own.poi_id:
        raise business("当前门店不可核销该券", data=_NOTHING)
    if account_id and account_id != own.account_id:
        raise business("商家账号与授权不一致", data=_NOTHING)


_NOTHING: Json = {"verify_token": "", "order_id": "", "certificates": []}


def _refused(description: str) -> Failure:
    return business(description, data=_NOTHING)


def _by_picture(truth: Truth, object_id: str) -> Coupon:
    links = truth.links_by_object(object_id)
    if not links or links[0].dead:
        raise _refused("二维码参数错误或已失效")
    return _by_code(truth, links[0].code)


def _by_code(truth: Truth, code: str) -> Coupon:
    coupon = truth.coupons.get(coupon_key("douyin", code))
    if coupon is None:
        raise _refused("券码不存在,请核对后重新输入")
    return coupon


def _permission(truth: Truth, order_id: str, object_id: str) -> str:
    return permit(truth, f"vt_{truth.hex(16)}", order_id, object_id).text


def permit(truth: Truth, text: str, order_id: str, object_id: str = "") -> VerifyToken:
    """A verify token of that text, good for one order and half an hour."""
    until_ms = truth.now_ms() + VERIFY_TOKEN_LIFE_MS
    return truth.verify_tokens.put(VerifyToken(text, order_id, object_id, until_ms))
