"""A third party's client for Meituan, unmodified, does a day at the sandbox on the form of request that it speaks."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.sdk.counter import Counter
from tests.sdk.packages import Packages, run

HERE = Path(__file__).parent
# The client is made for a host program, of which it needs this one name.
HOST = {
    "node_modules/openclaw/package.json": (
        '{"name": "openclaw", "type": "module", "exports": {"./plugin-sdk/plugin-entry": "./plugin-entry.js"}}'
    ),
    "node_modules/openclaw/plugin-entry.js": "export const definePluginEntry = (entry) => entry;\n",
}
CLIENT = Packages(
    "meituan-client",
    {"@partme.ai/openclaw-meituan": "2026.7.1"},
    {"@partme.ai/openclaw-meituan/dist/index.js": "032ddaa9c78a368a03c93c0266c27a9af235ce33da0cc0d9f30d4917471b9dce"},
    HOST,
)
RETAIL = {
    "prepare": ("/ddzh/tuangou/receipt/prepare", "read"),
    "consume": ("/ddzh/tuangou/receipt/consume", "write"),
    "consumed": ("/ddzh/tuangou/receipt/getconsumed", "read"),
    "reverse": ("/ddzh/tuangou/receipt/reverseconsume", "write"),
    "book": ("/ddzh/tuangou/receipt/querylistbydate", "read"),
}
DINING = {
    "prepare": ("/tuangou/coupon/prepare", "read"),
    "consume": ("/tuangou/coupon/consume", "write"),
    "consumed": ("/tuangou/coupon/queryById", "read"),
    "reverse": ("/tuangou/coupon/cancel", "write"),
}
TILL = {"appShopAccount": "T1", "appShopAccountName": "T1"}


@pytest.fixture(scope="module")
def folder() -> Path:
    return CLIENT.installed()


def config(counter: Counter, line: str, calls: dict[str, tuple[str, str]], **changed: str) -> dict[str, Any]:
    """What whoever uses the client writes down: the shop, and each call it may make."""
    shop = counter.shop(line)
    operations = [
        {"name": name, "apiPath": path, "businessId": int(shop["business_id"]), "riskLevel": risk}
        for name, (path, risk) in calls.items()
    ]
    told = {
        "enabled": True,
        "developerId": shop["developer_id"],
        "signKey": shop["sign_key"],
        "appAuthToken": shop["app_auth_token"],
        "apiBaseUrl": counter.sandbox.url,
        "requireWriteIdempotency": False,
        "operations": operations,
    }
    return {**told, **changed}


def answers(folder: Path, settings: dict[str, Any], *calls: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """What each call was answered."""
    told = run(HERE / "meituan_day.mjs", folder, {"config": settings, "calls": calls})
    found: Any = told["answers"]
    assert len(found) == len(calls)
    return list(found)


@pytest.mark.parametrize("sold_as", ["meituan", "dianping"])
def test_retail_services_are_prepared_consumed_read_and_reversed(folder: Path, counter: Counter, sold_as: str) -> None:
    (coupon,) = counter.coupons(sold_as)
    code = coupon["code"]
    settings = config(counter, "meituan", RETAIL)
    (prepared,) = answers(folder, settings, ("prepare", {"receiptCode": code}))
    assert prepared["code"] == "OP_SUCCESS", prepared
    assert prepared["data"]["receiptCode"] == code
    assert prepared["data"]["dealPrice"] == 99
    deal = str(prepared["data"]["dealId"])
    today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
    consumed, again, read, book, taken_back, gone = answers(
        folder,
        settings,
        ("consume", {"receiptCode": code, "count": 1, "requestId": "npm-1" + code, **TILL}),
        ("consume", {"receiptCode": code, "count": 1, "requestId": "npm-1" + code, **TILL}),
        ("consumed", {"receiptCode": code}),
        ("book", {"date": today, "offset": 0, "limit": 300, "bizType": 0, "type": 0}),
        ("reverse", {"receiptCode": code, "dealId": deal, **TILL}),
        ("consumed", {"receiptCode": code}),
    )
    (result,) = consumed["data"]["result"] if isinstance(consumed["data"], dict) else consumed["data"]
    assert result["receiptCode"] == code
    assert again["data"] == consumed["data"]
    assert read["data"]["verifyChannel"] == "15"
    assert code in {record["receiptCode"] for record in book["data"]["records"]}
    assert taken_back["code"] == "OP_SUCCESS"
    assert "error" in gone or not gone["data"]
    assert [use["reversed"] for use in counter.uses(coupon)] == [True]


def test_dining_is_prepared_consumed_read_and_cancelled(folder: Path, counter: Counter) -> None:
    (coupon,) = counter.coupons("meituan")
    code = coupon["code"]
    settings = config(counter, "meituan_dining", DINING)
    order = {"eId": "T1", "eName": "T1", "eOrderId": "npm-2" + code}
    prepared, consumed, read, cancelled, after = answers(
        folder,
        settings,
        ("prepare", {"couponCode": code}),
        ("consume", {"couponCode": code, "count": 1, **order}),
        ("consumed", {"couponCode": code}),
        ("reverse", {"couponCode": code, "type": 1, "eId": "T1", "eName": "T1"}),
        ("consumed", {"couponCode": code}),
    )
    assert (prepared["data"]["result"], prepared["data"]["couponCode"]) == (0, code), prepared
    assert (consumed["data"]["result"], consumed["data"]["couponCodes"]) == (0, [code])
    assert read["data"]["couponCancelStatus"] == 1
    assert cancelled["data"]["result"] == 0
    assert after["data"]["couponStatusDesc"] != read["data"]["couponStatusDesc"]
    assert [use["reversed"] for use in counter.uses(coupon)] == [True]


def test_a_wrong_key_is_refused_in_the_form_that_the_client_knows(folder: Path, counter: Counter) -> None:
    settings = config(counter, "meituan", RETAIL, signKey="wrong")
    (told,) = answers(folder, settings, ("prepare", {"receiptCode": "123456789012"}))
    assert told["error"].startswith("Meituan API rejected the request")
    assert told["code"] != "OP_SUCCESS"


def test_a_used_coupon_is_refused_with_words(folder: Path, counter: Counter) -> None:
    (coupon,) = counter.coupons("meituan")
    settings = config(counter, "meituan", RETAIL)
    consume = {"receiptCode": coupon["code"], "count": 1, **TILL}
    first, second = answers(
        folder,
        settings,
        ("consume", {**consume, "requestId": "npm-3" + coupon["code"]}),
        ("consume", {**consume, "requestId": "npm-4" + coupon["code"]}),
    )
    assert first["code"] == "OP_SUCCESS"
    assert "使用" in second["error"]
    assert len(counter.uses(coupon)) == 1
