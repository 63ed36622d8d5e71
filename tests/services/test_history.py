"""The history finds a redemption or a refusal by whatever a person has at hand, and hostile text finds nothing."""

from dataclasses import dataclass

import pytest

from sync.domain.difference import Cause, Ending
from sync.domain.redemption import State
from sync.domain.staff import Role
from sync.services.history import HistoryLine
from tests.services.counter import HOUR_MS, NOTED, Counter

PLATFORMS = pytest.mark.parametrize("platform", ["douyin", "miniprogram"])
NAMES = {"douyin": "抖音", "miniprogram": "小程序"}


def search(till: Counter, query: str = "", **more: int) -> tuple[HistoryLine, ...]:
    return till.store.history.search(query, names=NAMES, **more).lines


def ids(lines: tuple[HistoryLine, ...]) -> list[str]:
    """Redemption ids; of a refusal its reason."""
    return [
        line.redemption.id if line.redemption else line.refusal.reason if line.refusal else "nothing" for line in lines
    ]


@dataclass
class Past:
    """Three redemptions by two cashiers on both platforms, and two refusals."""

    own: dict[str, str]
    douyin: dict[str, str]
    other: dict[str, str]
    ids: list[str]


@pytest.fixture
def past(till: Counter) -> Past:
    till.store.people.add("c2", "王芳", Role.CASHIER, None)
    own, douyin = till.coupon("miniprogram"), till.coupon("douyin", price_fen=12_800)
    other = till.coupon("miniprogram", price_fen=128_000)
    found = [till.redeem(own["code"]).first.redemption_id]
    till.clock.advance_ms(1000)
    found.append(till.redeem(douyin["qr_text"], staff="c2").first.redemption_id)
    till.clock.advance_ms(1000)
    till.redeem(own["code"], staff="c2")
    till.clock.advance_ms(24 * HOUR_MS)
    found.append(till.redeem(other["code"]).first.redemption_id)
    till.redeem("WIFI:S:shop;T:WPA;P:geheim;;")
    return Past(own, douyin, other, [one or "" for one in found])


def test_everything_newest_first(till: Counter, past: Past) -> None:
    one, two, three = past.ids
    assert ids(search(till)) == [three, "not_a_coupon", "used_here", two, one]
    assert ids(search(till, "  \t ")) == ids(search(till))


def test_pages_are_whole_and_follow_each_other_while_more_is_written(till: Counter, past: Past) -> None:
    everything = ids(search(till))
    seen: list[str] = []
    before: int | None = None
    for _ in range(10):
        page = till.store.history.search("", before, 2)
        assert len(page.lines) <= 2
        seen += ids(page.lines)
        till.redeem("no coupon at all")
        before = page.before_seq
        if before is None:
            break
    assert seen == everything


@pytest.mark.parametrize("before", [-1, 0, 2**70, -(2**70)])
def test_a_place_that_nobody_gave_is_no_error(till: Counter, past: Past, before: int) -> None:
    assert len(till.store.history.search("", before, 10_000).lines) in (0, 5)
    assert len(till.store.history.search("", None, -3).lines) == 1


def test_by_slip_number(till: Counter, past: Past) -> None:
    one, two, _ = past.ids
    assert ids(search(till, "T1-000001")) == ids(search(till, "t1-000001")) == ids(search(till, "000001")) == [one]
    assert ids(search(till, "0002")) == [two]
    assert search(till, "T1-00000_") == search(till, "T1-%") == ()


@pytest.mark.parametrize("digits", [4, 6, 16])
def test_by_the_last_digits_of_a_code_or_all_of_them(till: Counter, past: Past, digits: int) -> None:
    found = ids(search(till, past.own["code"][-digits:]))
    assert found == ["used_here", past.ids[0]]
    wrong = str((int(past.own["code"][-digits]) + 1) % 10) + past.own["code"][-digits:][1:]
    assert search(till, wrong) == ()


def test_by_the_code_as_people_write_it(till: Counter, past: Past) -> None:
    code = past.own["code"]
    spaced = " ".join(code[place : place + 4] for place in range(0, 16, 4))
    assert ids(search(till, f"\x1d {spaced}\r\n")) == ["used_here", past.ids[0]]
    assert past.ids[1] in ids(search(till, past.douyin["code"]))


def test_by_scanning_the_coupon(till: Counter, past: Past) -> None:
    one, two, _ = past.ids
    assert ids(search(till, past.douyin["qr_text"])) == [two]
    # A dynamic code that was never shown before leads to the coupon, and to what was refused of its printed code.
    till.pull()
    assert ids(search(till, till.dynamic(past.own))) == ["used_here", one]
    assert search(till, till.dynamic(till.coupon("miniprogram"))) == ()


def test_by_the_very_text_that_was_no_coupon(till: Counter, past: Past) -> None:
    (line,) = search(till, "WIFI:S:shop;T:WPA;P:geheim;;")
    assert line.refusal is not None
    assert (line.refusal.kind, line.redemption, line.reversible) == ("unrecognised", None, False)
    assert search(till, "WIFI:S:shop") == ()


def test_by_words_that_must_all_fit(till: Counter, past: Past) -> None:
    one, two, three = past.ids
    title = till.rows()[0].title
    assert {one, three} <= set(ids(search(till, title)))
    assert ids(search(till, "王芳")) == ids(search(till, "C2")) == ["used_here", two]
    assert ids(search(till, "王芳 抖音")) == ids(search(till, "douyin c2")) == [two]
    assert ids(search(till, "小程序 王芳")) == ["used_here"]
    assert search(till, "王芳 抖音 T1-000001") == ()


@pytest.mark.parametrize("amount", ["128", "128.00", "¥128", "￥128.0", "128元"])
def test_by_amount(till: Counter, past: Past, amount: str) -> None:
    assert ids(search(till, f"{amount} douyin")) == [past.ids[1]]


@pytest.mark.parametrize("amount", ["1280", "1,280.00", "¥1,280"])
def test_by_a_larger_amount(till: Counter, past: Past, amount: str) -> None:
    assert ids(search(till, amount)) == [past.ids[2]]
    assert search(till, f"{amount}.001") == ()


def test_by_day(till: Counter, past: Past) -> None:
    one, two, three = past.ids
    first, last = till.rows()[0].business_day, till.rows()[2].business_day
    assert first != last
    assert ids(search(till, first)) == ids(search(till, first[5:])) == ["used_here", two, one]
    assert set(ids(search(till, last))) == {three, "not_a_coupon"}
    month, day = last[5:].split("-")
    assert three in ids(search(till, f"{int(month)}-{int(day)}"))
    assert search(till, f"1999{first[4:]}") == ()


HOSTILE = [
    "%",
    "_",
    "%%%%",
    "\\",
    "'",
    '"',
    "'; DROP TABLE redemptions; --",
    "') OR 1=1 --",
    "\x00",
    "a\x00b",
    "\ud800",
    "\ud800 \udfff",
    "x" * 100_000,
    "%" * 100_000,
    "9" * 400,
    ",".join(["1"] + ["000"] * 20),
    "a " * 5_000,
    "https://[",
    "٣٤٥٦",
    "2026-99-99",
    "0-0",
    "99999999.99",
    "-1",
    "\u202e\u200b",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_text_finds_nothing_and_harms_nothing(till: Counter, past: Past, query: str) -> None:
    before = till.rows()
    assert search(till, query) == ()
    assert till.rows() == before
    assert till.journal_ok()


def test_wildcards_are_letters(till: Counter) -> None:
    till.redeem(till.coupon("miniprogram")["code"])
    till.tamper(title="50%_off\\now")
    for query in ("50%", "%_o", "f\\n", "50%_OFF"):
        assert len(search(till, query)) == 1, query
    for query in ("5%f", "50_", "f\\\\n", "o%n"):
        assert search(till, query) == (), query


@PLATFORMS
def test_a_line_tells_whether_it_can_be_taken_back_and_until_when(till: Counter, platform: str) -> None:
    till.redeem(till.coupon(platform)["code"])
    (line,) = search(till)
    (row,) = till.rows()
    assert line.reversible
    assert line.reversible_until_ms == till.store.reversing.until_ms(row)
    assert line.reversible_until_ms is not None
    till.clock.advance_ms(48 * HOUR_MS)
    # The hint forbids nothing.
    assert search(till)[0].reversible
    till.fault("refuse", "cancel", platform)
    till.store.reversing.reverse(row.id, till.who("c1"))
    (waiting,) = search(till)
    assert (waiting.reversible, waiting.reversible_until_ms) == (False, None)


@PLATFORMS
def test_a_line_tells_its_open_difference(till: Counter, platform: str) -> None:
    coupon = till.coupon(platform)
    till.line_down()
    till.redeem(coupon["code"], noted=NOTED)
    assert search(till)[0].difference is None
    till.lot(coupon, "refunded")
    till.line_up()
    till.deliver()
    (line,) = search(till)
    assert line.redemption is not None
    assert line.redemption.state is State.REFUSED
    assert line.difference is not None
    assert (line.difference.cause, line.reversible) == (Cause.REFUSED_LATER, False)
    till.store.differences.resolve(line.difference.id, till.who("m1"), Ending.CLAIM)
    assert search(till)[0].difference is None


def test_a_held_call_is_the_difference_of_all_it_covers(till: Counter) -> None:
    card = till.coupon("miniprogram", kind="times_card", units=3)
    till.pull()
    till.clock.advance_ms(1000)
    till.line_down()
    till.redeem(card["code"], 2)
    till.line_up()
    till.fault("http_429", "verify", "miniprogram")
    for _ in range(14):
        till.store.delivering.drain()
        till.clock.advance_ms(50_000)
    causes = [line.difference.cause if line.difference else None for line in search(till)]
    assert causes == [Cause.HELD, Cause.HELD]


def test_a_text_that_can_not_be_opened_any_more_hides_no_other(till: Counter, past: Past) -> None:
    code = past.own["code"]
    till.store.ledger.write(
        lambda tx: tx.run("UPDATE redemptions SET code_sealed = ?, code_tail = ?", (b"spoilt", code[-4:])).rowcount
    )
    assert ids(search(till, code[-8:])) == ["used_here"]
