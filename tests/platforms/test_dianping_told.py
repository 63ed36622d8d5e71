"""Dianping's sessions, how they are got, renewed and kept; its book, and how its records are named."""

from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest

from sync.clock import FalseClock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, Refused, SecretsError
from sync.platforms.dianping.adapter import Dianping
from sync.platforms.dianping.oauth import DianpingAuthorisation
from sync.platforms.http import Question
from sync.platforms.port import Binding, HistoryPage
from tests.platforms.dianping_model import SETTINGS, bad, called, good, playing
from tests.platforms.lossy import DEADLINE_MS, Json, Lossy

CODE = "0332808512"
TYPED = Credential(CredentialKind.CODE, CODE)
ITEM: Json = {
    "receipt_code": CODE,
    "deal_id": 7,
    "deal_title": "双人套餐",
    "deal_price": 99.0,
    "count": 1,
    "order_id": 5,
}
USED: Json = {**ITEM, "verify_account": "x", "verify_channel": "15", "verify_time": "2026-11-18 21:46:40"}


@pytest.mark.parametrize("beside", [True, False])
def test_an_ended_session_is_renewed_kept_and_used(beside: bool) -> None:
    kept: dict[str, str] = {}
    tokens = {"access_token": "session-2", "refresh_token": "refresh-2", "expires_in": 2_592_000}

    def answers(call: str, form: Json) -> Json:
        if call == "token":
            assert form == {
                "app_key": "9001",
                "app_secret": "hush-hush",
                "refresh_token": "refresh-1",
                "grant_type": "refresh_token",
            }
            return {"code": 200, "msg": "success", **(tokens if beside else {"data": tokens})}
        return good(ITEM) if form["session"] == "session-2" else bad(606, "session 无效")

    looked = playing(answers, lambda shop: shop.look_up(TYPED, DEADLINE_MS), kept.__setitem__)
    assert looked.coupons
    assert kept["session"] == "session-2"
    assert kept["refresh_token"].split()[0] == "refresh-2"


def test_without_a_session_it_is_got_with_the_refresh_token() -> None:
    tokens = {"access_token": "session-2", "refresh_token": "refresh-2", "expires_in": 60}
    looked = playing(
        {"token": good(tokens), "prepare": good(ITEM)},
        lambda shop: shop.look_up(TYPED, DEADLINE_MS),
        secrets={"session": ""},
    )
    assert looked.coupons


@pytest.mark.parametrize(
    ("secrets", "answer"),
    [
        ({"session": "", "refresh_token": ""}, good(None)),
        ({"refresh_token": ""}, good(None)),
        ({}, bad(610, "refresh_token 无效或已过期")),
    ],
)
def test_an_authorisation_that_nothing_renews_is_about_us(secrets: dict[str, str], answer: Json) -> None:
    answers = {"token": answer, "prepare": bad(606, "session 无效")}
    with pytest.raises(Refused) as caught:
        playing(answers, lambda shop: shop.look_up(TYPED, DEADLINE_MS), secrets=secrets)
    assert caught.value.reason.code is Code.AUTHORISATION_ENDED
    assert caught.value.reason.about_us


def test_a_session_that_can_t_be_kept_is_not_used() -> None:
    def broken(_name: str, _value: str) -> None:
        raise SecretsError(because(Code.SECRETS_UNAVAILABLE))

    tokens = {"access_token": "session-2", "refresh_token": "refresh-2", "expires_in": 60}
    answers = {"token": good(tokens), "prepare": bad(606, "session 无效")}
    with pytest.raises(NeverSent) as caught:
        playing(answers, lambda shop: shop.look_up(TYPED, DEADLINE_MS), broken)
    assert caught.value.reason.code is Code.SECRETS_UNAVAILABLE


def test_the_managers_code_becomes_a_session() -> None:
    kept: dict[str, str] = {}
    asked: list[Json] = []

    def respond(question: Question) -> Json:
        asked.append(called(question)[1])
        return good({"access_token": "session-2", "refresh_token": "refresh-2", "expires_in": 60})

    binding = Binding("dianping", SETTINGS, {"app_secret": "hush-hush"}, kept.__setitem__)
    authorisation = DianpingAuthorisation(binding, Lossy(respond), FalseClock())
    page = urlsplit(authorisation.page())
    assert parse_qs(page.query)["app_key"] == ["9001"]
    authorisation.take("the-code", DEADLINE_MS)
    assert asked[0] == {
        "app_key": "9001",
        "app_secret": "hush-hush",
        "auth_code": "the-code",
        "grant_type": "authorization_code",
    }
    assert (kept["session"], kept["refresh_token"].split()[0]) == ("session-2", "refresh-2")
    authorisation.take_token("session-3")
    assert kept["session"] == "session-3"


def book(*pages: list[Json], total: int | None = None) -> Callable[[str, Json], Json]:
    """The book of the one day 2026-11-18, in pages."""

    def answers(_call: str, form: Json) -> Json:
        if form["date"] != "2026-11-18":
            return good({"total_count": 0, "records": None})
        before = 0
        for page in pages:
            if before == int(form["offset"]):
                count = sum(map(len, pages)) if total is None else total
                return good({"total_count": count, "records": page})
            before += len(page)
        return good({"total_count": before, "records": []})

    return answers


def test_the_book_is_read_day_by_day_to_its_end() -> None:
    at_ms = 1_795_009_600_000
    first = [{**USED, "receipt_code": f"000000000{n}"} for n in range(3)]
    answers, codes, turns = book(first, [USED]), list[str | None](), 0
    cursor: str | None = None
    while turns == 0 or cursor is not None:
        page = playing(answers, partial(history, at_ms - 90_000_000, at_ms + 1000, cursor))
        codes += [record.code for record in page.records]
        cursor, turns = page.cursor, turns + 1
        assert page.whole
    assert codes == ["0000000000", "0000000001", "0000000002", CODE]
    assert turns == 3


def test_records_have_numbers_that_are_no_codes_and_differ() -> None:
    page = playing(book([USED, USED, {**USED, "verify_account": "y"}]), lambda shop: shop.history(*day(), DEADLINE_MS))
    numbers = [record.record for record in page.records]
    assert len(set(numbers)) == 3
    assert all(len(number) == 16 and CODE not in number for number in numbers)
    assert {(record.code_tail, record.amount_fen, record.coupon) for record in page.records} == {("8512", 9900, "")}
    again = playing(book([USED, USED, {**USED, "verify_account": "y"}]), lambda shop: shop.history(*day(), DEADLINE_MS))
    assert [record.record for record in again.records] == numbers


def test_a_record_without_its_time_is_no_record() -> None:
    with pytest.raises(OutcomeUnknown):
        playing(book([{**USED, "verify_time": None}]), lambda shop: shop.history(*day(), DEADLINE_MS))


def test_a_book_that_promises_more_than_it_has_comes_to_an_end() -> None:
    page = playing(book([USED], total=9), lambda shop: shop.history(*day(), DEADLINE_MS))
    assert page.cursor == "2026-11-18/1"
    page = playing(book([USED], total=9), lambda shop: shop.history(*day()[:2], page.cursor, DEADLINE_MS))
    assert (page.records, page.cursor) == ((), None)


def history(from_ms: int, to_ms: int, cursor: str | None, shop: Dianping) -> HistoryPage:
    return shop.history(from_ms, to_ms, cursor, DEADLINE_MS)


def day() -> tuple[int, int, None]:
    return 1_794_931_200_000, 1_795_017_600_000, None
