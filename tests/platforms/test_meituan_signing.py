"""Requests to Meituan are signed as the published vectors have it, and hold nothing but what was signed."""

import pytest

from sync.clock import FalseClock
from sync.platforms.meituan.signing import Developer, signature

VECTORS = [
    pytest.param(
        "sk",
        {
            "biz": '{"receiptCode":"0123456789"}',
            "timestamp": "1795298524",
            "businessId": "58",
            "developerId": "112274",
            "charset": "UTF-8",
            "version": "2",
            "appAuthToken": "tok",
        },
        "4a0457a0117e4dfce327c7b68309deb5c962b691",
        id="plain",
    ),
    pytest.param(
        "S3cret",
        {
            "biz": '{"receiptCode":"8812345678","count":2,"requestId":"r-一","appShopAccount":"a",'
            '"appShopAccountName":"收银员"}',
            "timestamp": "1795298525",
            "businessId": "58",
            "developerId": "112274",
            "charset": "UTF-8",
            "version": "2",
            "appAuthToken": "",
            "extra": "",
        },
        "ec15c224802d81597f60cbdcd5e14d766da9094b",
        id="empty fields are left out, values are raw",
    ),
]


@pytest.mark.parametrize(("secret", "fields", "sign"), VECTORS)
def test_a_published_vector(secret: str, fields: dict[str, str], sign: str) -> None:
    assert signature(secret, fields) == sign
    assert signature(secret, {**fields, "sign": "is not signed itself"}) == sign
    assert signature(secret, dict(reversed(fields.items()))) == sign


@pytest.mark.parametrize(("secret", "fields", "sign"), VECTORS)
def test_one_letter_changes_it(secret: str, fields: dict[str, str], sign: str) -> None:
    assert signature(secret + "x", fields) != sign
    for name, value in fields.items():
        assert signature(secret, {**fields, name: value + "x"}) != sign


def test_what_is_sent_is_what_was_signed() -> None:
    clock = FalseClock(wall=1_795_298_524_999)
    sent = Developer("112274", "58", "sk").signed(clock, {"version": "2", "biz": "{}", "appAuthToken": "tok"})
    assert sent.pop("sign") == signature("sk", sent)
    assert sent["timestamp"] == "1795298524"
    assert set(sent) == {"timestamp", "businessId", "developerId", "charset", "version", "biz", "appAuthToken"}
