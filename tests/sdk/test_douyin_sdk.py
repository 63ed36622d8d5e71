"""Douyin's own SDK for Node, unmodified, does a day at the sandbox: what it understands, the platform would say."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.sdk.counter import Counter
from tests.sdk.packages import Packages, run

HERE = Path(__file__).parent
SDK = Packages(
    "douyin-sdk",
    {
        "@open-dy/open_api_sdk": "1.1.0",
        "@open-dy/open_api_credential": "1.0.0",
        "@open-dy/open_api_util": "1.0.1",
        "@alicloud/tea-typescript": "1.8.0",
        "axios": "1.21.1",
        "httpx": "2.3.3",
    },
    {
        "@open-dy/open_api_sdk/dist/client.js": "c8611a179bdb5d7d5d4e802f319cdd72c7acfb42206e4885f2b1eb2ab0dfb601",
        "@open-dy/open_api_credential/dist/client.js": (
            "22799d6c52bad301cbaaeba4d5b0f9b61aae2985895c846b95b88cc440b1ea6b"
        ),
    },
)


@pytest.fixture(scope="module")
def folder() -> Path:
    return SDK.installed()


def day(folder: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch, **told: Any) -> Any:
    """What came of a day with these coupons."""
    monkeypatch.setenv("HEXIAO_LOOPBACK", json.dumps({"open.douyin.com": counter.sandbox.url}))
    return run(
        HERE / "douyin_day.cjs", folder, {**counter.shop("douyin"), **told}, "--require", str(HERE / "loopback.cjs")
    )


@pytest.mark.parametrize("credential", [True, False])
def test_a_typed_code_is_prepared_verified_read_and_cancelled(
    folder: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch, credential: bool
) -> None:
    (coupon,) = counter.coupons("douyin")
    told = day(folder, counter, monkeypatch, code=coupon["code"], credential=credential)
    assert "error" not in told, told
    assert told["token"]["accessToken"].startswith("clt.")
    assert told["token"]["expiresIn"] == "7200"
    assert told["order"] == coupon["order_id"]
    (certificate,) = told["certificates"]
    (result,) = told["results"]
    assert (result["result"], result["certificateId"]) == (0, certificate["certificateId"])
    (use,) = counter.uses(coupon)
    assert result["verifyId"] == use["redemption_id"]
    assert told["cancelled"]["data"]["gwErrorCode"] == told["cancelled"]["extra"]["errorCode"] == 0
    assert use["reversed"]
    assert [standing(told[when])["status"] for when in ("before", "after")] == [2, 1]


def test_a_qr_brings_the_whole_order(folder: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    coupons = counter.coupons("douyin", 3)
    told = day(folder, counter, monkeypatch, encrypted_data=object_id(counter, coupons[0]["qr_text"]), keep=True)
    assert "error" not in told, told
    assert [result["result"] for result in told["results"]] == [0, 0, 0]
    assert sorted(result["verifyId"] for result in told["results"]) == sorted(
        use["redemption_id"] for use in counter.uses(*coupons) if not use["reversed"]
    )


def test_a_times_card_is_used_twice_in_one_call(
    folder: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    (card,) = counter.coupons("douyin", kind="times_card", units=5, price_fen=10_000)
    told = day(folder, counter, monkeypatch, code=card["code"], uses=2)
    assert "error" not in told, told
    amounts = [result["verifyAmountInfo"]["timesCardSerialAmount"] for result in told["results"]]
    assert [amount["serialNumb"] for amount in amounts] == [1, 2]
    assert [use["reversed"] for use in counter.uses(card)] == [True, False]


def test_a_wrong_secret_is_told_as_the_platform_tells_it(
    folder: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = day(folder, counter, monkeypatch, wrong=True)
    # The SDK hands the refusal on, as data or as its own error.
    assert "10013" in json.dumps(told) or "10003" in json.dumps(told)


def test_no_connection_of_the_sdk_leaves_the_machine(
    folder: Path, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEXIAO_LOOPBACK", "{}")
    told = run(HERE / "douyin_day.cjs", folder, counter.shop("douyin"), "--require", str(HERE / "loopback.cjs"))
    assert "no connection leaves this machine" in str(told["error"])


def standing(answer: dict[str, Any]) -> dict[str, Any]:
    """The certificate in an answer, under the name that the SDK knows."""
    data = answer["data"]
    return dict(data.get("certificateV2") or data["certificate"])


def object_id(counter: Counter, link: str) -> str:
    """What a till takes out of the short link's target."""
    path = urlsplit(link).path
    answer = requests.get(
        f"{counter.sandbox.url}{path}", allow_redirects=False, timeout=60, headers={"Host": "v.douyin.com"}
    )
    return parse_qs(urlsplit(answer.headers["Location"]).query.replace("+", "%2B"))["object_id"][0]
