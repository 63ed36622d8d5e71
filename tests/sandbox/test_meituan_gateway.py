"""Meituan's gateway: signature, time, developer, token and line; forms that are none; tokens got and renewed."""

from pathlib import Path

import pytest

from sync.clock import FalseClock
from sync.sandbox.meituan.gateway import signature
from sync.sandbox.sandbox import Sandbox
from tests.sandbox.client import TIMEOUT_S
from tests.sandbox.meituan_client import COUPON, RECEIPT, Meituan, signed

PREPARE = f"{RECEIPT}/prepare"
DAY_S = 86_400


def _vector(note: str | None) -> dict[str, object]:
    sk = {
        "biz": '{"receiptCode":"0123456789"}',
        "timestamp": "1795298524",
        "businessId": "58",
        "developerId": "112274",
        "charset": "UTF-8",
        "version": "2",
        "appAuthToken": "tok",
    }
    if note is None:
        return {"secret": "sk", "params": sk, "sign": "4a0457a0117e4dfce327c7b68309deb5c962b691"}
    biz = '{"receiptCode":"8812345678","count":2,"requestId":"r-一","appShopAccount":"a","appShopAccountName":"收银员"}'
    params = {**sk, "biz": biz, "timestamp": "1795298525", "appAuthToken": "", "extra": ""}
    return {"secret": "S3cret", "params": params, "sign": "ec15c224802d81597f60cbdcd5e14d766da9094b"}


@pytest.mark.parametrize("note", [None, "empty fields are left out"])
def test_both_signers_keep_to_the_published_vectors(note: str | None) -> None:
    vector = _vector(note)
    secret, params = vector["secret"], vector["params"]
    assert isinstance(secret, str)
    assert isinstance(params, dict)
    assert signature(secret, params) == vector["sign"]
    assert signed(secret, params)["sign"] == vector["sign"]


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ({"developerId": "1"}, "OP_DEVELOPER_ERROR"),
        ({"appAuthToken": "f" * 64}, "OP_TOKEN_INVALID"),
        ({"appAuthToken": ""}, "OP_TOKEN_INVALID"),
        ({"businessId": "1"}, "OP_TOKEN_BUSINESS_MISMATCH"),
        ({"businessId": "59"}, "OP_PARAM_ERROR"),
        ({"businessId": ""}, "OP_PARAM_ERROR"),
        ({"charset": "GBK"}, "OP_PARAM_ERROR"),
        ({"version": "1"}, "OP_PARAM_ERROR"),
        ({"timestamp": "now"}, "OP_PARAM_ERROR"),
        ({"timestamp": "1795298524000"}, "OP_TIMESTAMP_ERROR"),
        ({"biz": ""}, "OP_PARAM_ERROR"),
        ({"biz": "[]"}, "OP_PARAM_ERROR"),
        ({"biz": '{"receiptCode":'}, "OP_PARAM_ERROR"),
        ({"biz": '{"receiptCode":' + "[" * 5000}, "OP_PARAM_ERROR"),
        ({"biz": '{"receiptCode":331234567890}'}, "OP_PARAM_ERROR"),
        ({"biz": '{"receiptCode":"' + "9" * 5000 + '"}'}, "OP_PARAM_ERROR"),
        ({"biz": '{"receiptCode":"\\ud800"}'}, "TG_RECEIPT_NOT_FOUND"),
    ],
)
def test_a_call_that_is_wrong_in_one_field(meituan: Meituan, instead: dict[str, str], code: str) -> None:
    assert meituan.call(PREPARE, {"receiptCode": "331234567890"}, **instead)["code"] == code


def test_a_wrong_key_and_a_changed_form(meituan: Meituan) -> None:
    (one,) = meituan.coupons("meituan")
    form = meituan.form({"receiptCode": one["code"]})
    right = signed(meituan.own["sign_key"], form)
    assert meituan.send(PREPARE, right)["code"] == "OP_SUCCESS"
    assert meituan.send(PREPARE, signed("another", form))["code"] == "OP_SIGN_ERROR"
    assert meituan.send(PREPARE, {**right, "extra": "1"})["code"] == "OP_SIGN_ERROR"
    assert meituan.send(PREPARE, {**right, "sign": right["sign"].upper()})["code"] == "OP_SIGN_ERROR"
    assert meituan.send(PREPARE, {**right, "sign": "签名"})["code"] == "OP_SIGN_ERROR"
    assert meituan.send(PREPARE, {**right, "sign": ""})["code"] == "OP_PARAM_ERROR"
    assert meituan.send(PREPARE, {**right, "extra": ""})["code"] == "OP_SUCCESS", "empty fields are not signed"


@pytest.mark.parametrize(("off_s", "heard"), [(600, True), (-600, True), (601, False), (-601, False)])
def test_a_clock_that_is_off_by_ten_minutes(meituan: Meituan, off_s: int, heard: bool) -> None:
    (one,) = meituan.coupons("meituan")
    now = meituan.control("GET", "/health")["now"]
    answer = meituan.call(PREPARE, {"receiptCode": one["code"]}, timestamp=str(now + off_s))
    assert answer["code"] == ("OP_SUCCESS" if heard else "OP_TIMESTAMP_ERROR")
    assert heard or "timestamp" in answer["msg"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b'{"biz":"{}"}', "application/json"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"biz=%ff%fe&sign=1", "application/x-www-form-urlencoded"),
        (b"biz={}&biz={}", "application/x-www-form-urlencoded"),
        (b"a=1&" * 2000, "application/x-www-form-urlencoded"),
        (b"biz={}&sign=" + b"0" * 900_000, "application/x-www-form-urlencoded"),
        (b"biz", "text/plain"),
    ],
)
@pytest.mark.parametrize("path", [PREPARE, f"{COUPON}/consume", "/oauth/token", "/oauth/refresh"])
def test_hostile_bodies(meituan: Meituan, path: str, body: bytes, kind: str) -> None:
    answer = meituan.session.post(
        meituan.sandbox.url + path, data=body, headers={"Content-Type": kind}, timeout=TIMEOUT_S
    )
    assert (answer.status_code, answer.json()["code"]) == (200, "OP_PARAM_ERROR")


def test_a_body_of_a_megabyte_is_not_read(meituan: Meituan) -> None:
    answer = meituan.session.post(meituan.sandbox.url + PREPARE, data=b"a" * 1_000_001, timeout=TIMEOUT_S)
    assert answer.status_code == 413


def test_a_token_is_good_for_its_line_only(meituan: Meituan, dining: Meituan) -> None:
    code = {"couponCode": "331234567890"}
    assert dining.call(PREPARE, code)["code"] == "OP_NO_PERMISSION"
    assert meituan.call(f"{COUPON}/prepare", code)["code"] == "OP_NO_PERMISSION"
    assert dining.call(PREPARE, code, businessId="58")["code"] == "OP_TOKEN_BUSINESS_MISMATCH"


def test_a_refresh_brings_a_pair_and_ends_the_old_one(meituan: Meituan) -> None:
    before = meituan.own
    data = meituan.oauth(
        "/oauth/refresh", refreshToken=before["refresh_token"], grantType="refresh_token", scope="all"
    )["data"]
    assert data["expireIn"] == 30 * DAY_S
    after = meituan.own
    assert (after["app_auth_token"], after["refresh_token"]) == (data["accessToken"], data["refreshToken"])
    assert before["app_auth_token"] != after["app_auth_token"]
    (one,) = meituan.coupons("meituan")
    code = {"receiptCode": one["code"]}
    assert meituan.call(PREPARE, code, appAuthToken=before["app_auth_token"])["code"] == "OP_TOKEN_EXPIRED"
    assert meituan.data(PREPARE, **code)["receiptCode"] == one["code"]


def test_a_lost_refresh_may_be_repeated_until_its_pair_is_used(meituan: Meituan) -> None:
    ask = {"refreshToken": meituan.own["refresh_token"], "grantType": "refresh_token", "scope": "all"}
    first = meituan.oauth("/oauth/refresh", **ask)["data"]
    assert meituan.oauth("/oauth/refresh", **ask)["data"] == first
    (one,) = meituan.coupons("meituan")
    meituan.data(PREPARE, receiptCode=one["code"])
    assert meituan.oauth("/oauth/refresh", **ask)["code"] == "OP_REFRESH_TOKEN_INVALID"


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ({"refreshToken": "-"}, "OP_REFRESH_TOKEN_INVALID"),
        ({"refreshToken": "0" * 64}, "OP_REFRESH_TOKEN_INVALID"),
        ({"refreshToken": ""}, "OP_PARAM_ERROR"),
        ({"grantType": "authorization_code"}, "OP_PARAM_ERROR"),
        ({"scope": "some"}, "OP_PARAM_ERROR"),
        ({"timestamp": "1"}, "OP_TIMESTAMP_ERROR"),
        ({"businessId": "1"}, "OP_NO_PERMISSION"),
    ],
)
def test_a_refresh_that_is_refused(meituan: Meituan, instead: dict[str, str], code: str) -> None:
    ask = {"refreshToken": meituan.own["refresh_token"], "grantType": "refresh_token", "scope": "all", **instead}
    before = meituan.own
    answer = meituan.oauth("/oauth/refresh", **ask)
    assert (answer["code"], answer["data"]) == (code, None)
    assert meituan.own == before


def test_an_access_token_is_no_refresh_token(meituan: Meituan) -> None:
    ask = {"refreshToken": meituan.own["app_auth_token"], "grantType": "refresh_token", "scope": "all"}
    assert meituan.oauth("/oauth/refresh", **ask)["code"] == "OP_REFRESH_TOKEN_INVALID"


def test_tokens_end_by_themselves(meituan: Meituan, clock: FalseClock) -> None:
    (one,) = meituan.coupons("meituan", valid_until=clock.wall_ms() // 1000 + 90 * DAY_S)
    code = {"receiptCode": one["code"]}
    meituan.shift_s(30 * DAY_S - 1)
    assert meituan.call(PREPARE, code)["code"] == "OP_SUCCESS"
    meituan.shift_s(30 * DAY_S)
    assert meituan.call(PREPARE, code)["code"] == "OP_TOKEN_EXPIRED"
    meituan.shift_s(35 * DAY_S)
    ask = {"refreshToken": meituan.own["refresh_token"], "grantType": "refresh_token", "scope": "all"}
    assert meituan.oauth("/oauth/refresh", **ask)["code"] == "OP_REFRESH_TOKEN_INVALID"
    agreed = meituan.control("POST", "/authorisations", {"platform": "meituan"})["code"]
    assert meituan.oauth("/oauth/token", code=agreed, grantType="authorization_code")["code"] == "OP_SUCCESS"
    assert meituan.call(PREPARE, code)["code"] == "OP_SUCCESS"


def test_an_authorisation_code_is_good_once_for_ten_minutes(meituan: Meituan) -> None:
    def bought(code: str, **instead: str) -> str:
        fields = {"code": code, "grantType": "authorization_code", **instead}
        return str(meituan.oauth("/oauth/token", **fields)["code"])

    codes = [meituan.control("POST", "/authorisations", {"platform": "meituan"})["code"] for _ in range(2)]
    of_another = meituan.control("POST", "/authorisations", {"platform": "dianping"})["code"]
    assert bought("") == "OP_PARAM_ERROR"
    assert bought(of_another) == "OP_AUTH_CODE_INVALID"
    assert bought(meituan.own["refresh_token"]) == "OP_AUTH_CODE_INVALID"
    assert bought(codes[0], businessId="1") == "OP_NO_PERMISSION"
    assert [bought(codes[0]), bought(codes[0])] == ["OP_SUCCESS", "OP_AUTH_CODE_INVALID"]
    meituan.shift_s(600)
    assert bought(codes[1]) == "OP_AUTH_CODE_INVALID"


def test_a_token_that_is_rejected_has_to_be_refreshed(meituan: Meituan) -> None:
    (one,) = meituan.coupons("meituan")
    code = {"receiptCode": one["code"]}
    meituan.fault("meituan", "prepare", "expired_token", count=1)
    assert meituan.call(PREPARE, code)["code"] == "OP_TOKEN_EXPIRED"
    assert meituan.call(PREPARE, code)["code"] == "OP_TOKEN_EXPIRED"
    meituan.oauth("/oauth/refresh", refreshToken=meituan.own["refresh_token"], grantType="refresh_token", scope="all")
    assert meituan.call(PREPARE, code)["code"] == "OP_SUCCESS"


def test_a_long_lived_token_is_rejected_once_and_lives_on(dining: Meituan) -> None:
    (one,) = dining.coupons("meituan")
    dining.fault("meituan", "prepare", "expired_token", count=1)
    code = {"couponCode": one["code"]}
    assert dining.call(f"{COUPON}/prepare", code)["code"] == "OP_TOKEN_EXPIRED"
    assert dining.call(f"{COUPON}/prepare", code)["code"] == "OP_SUCCESS"


@pytest.mark.parametrize(("kind", "status"), [("http_500", 500), ("http_429", 429)])
def test_the_gateway_is_overloaded_or_broken(meituan: Meituan, kind: str, status: int) -> None:
    meituan.fault("meituan", "prepare", kind)
    answer = meituan.session.post(meituan.sandbox.url + PREPARE, data={}, timeout=TIMEOUT_S)
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("1" if status == 429 else None)
    meituan.fault("meituan", "verify", "expired_token")
    answer = meituan.session.post(f"{meituan.sandbox.url}{RECEIPT}/consume", data=b"{", timeout=TIMEOUT_S)
    assert answer.json()["code"] == "OP_TOKEN_EXPIRED"


def test_renewed_tokens_survive_a_restart(tmp_path: Path, clock: FalseClock) -> None:
    path = tmp_path / "state.db"
    with Sandbox(state_path=path, clock=clock) as sandbox:
        meituan = Meituan(sandbox)
        with meituan.session:
            first = meituan.own
            meituan.oauth("/oauth/refresh", refreshToken=first["refresh_token"], grantType="refresh_token", scope="all")
            renewed = meituan.own
            (one,) = meituan.coupons("meituan")
    with Sandbox(state_path=path, clock=clock) as sandbox:
        assert sandbox.describe()["meituan"] == renewed != first
        meituan = Meituan(sandbox)
        with meituan.session:
            assert meituan.data(PREPARE, receiptCode=one["code"])["count"] == 1
