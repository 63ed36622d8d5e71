"""A book is read whole or not at all: cut readings go on, busy platforms are waited for, pages never mix."""

import pytest

from sync.domain.reasons import Code, Reason
from sync.ledger.readings import Span
from sync.services.books import RESUMED_WITHIN_MS, Book, Books
from tests.services.counter import HOUR_MS, Counter

PAGE = 20


@pytest.fixture
def books(till: Counter) -> Books:
    store = till.store
    return Books(store.ledger, store.asking, store.keeper, store.profile, till.clock)


def span(till: Counter) -> Span:
    return Span("douyin", till.clock.wall - HOUR_MS, till.clock.wall + HOUR_MS)


def filled(till: Counter, count: int) -> None:
    for _ in range(count):
        till.lot(till.coupon("douyin"), "used_elsewhere")


def kept(till: Counter) -> int:
    sql = "SELECT count(*) FROM book_pages"
    return int(till.store.ledger.read(lambda tx: tx.run(sql).fetchone()[0]))


def cut_after(till: Counter, pages: int) -> None:
    """The line falls once so many pages were read."""
    till.store.asking.platforms["douyin"] = _Cut(till.store.asking.platforms["douyin"], pages, till)  # type: ignore[assignment]


class _Cut:
    """A platform whose line falls between two pages."""

    def __init__(self, platform: object, pages: int, till: Counter) -> None:
        self._platform, self.left, self._till, self.asked = platform, pages, till, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._platform, name)

    def history(self, *args: object) -> object:
        self.asked += 1
        if self.left == 0:
            self._till.fault("refuse", "history", "douyin")
        self.left -= 1
        return self._platform.history(*args)  # type: ignore[attr-defined]


def read(books: Books, which: Span) -> Book | Reason:
    return books.read(which, (), lambda _count: None)


def test_a_reading_that_was_cut_goes_on_where_it_stopped(till: Counter, books: Books) -> None:
    filled(till, 3 * PAGE + 5)
    cut_after(till, 2)
    which = span(till)
    assert isinstance(read(books, which), Reason)
    assert kept(till) == 2
    till.line_up()
    cut_after(till, 99)
    whole = read(books, which)
    assert isinstance(whole, Book)
    assert len({record.record for record in whole.records}) == len(whole.records) == 3 * PAGE + 5
    last = till.store.asking.platforms["douyin"]
    assert last.asked == 2  # type: ignore[attr-defined]
    assert kept(till) == 0


@pytest.mark.parametrize("why", ["another span", "too long ago"])
def test_kept_pages_of_another_reading_are_not_gone_on_with(till: Counter, books: Books, why: str) -> None:
    filled(till, PAGE + 5)
    cut_after(till, 1)
    which = span(till)
    read(books, which)
    till.line_up()
    if why == "too long ago":
        till.clock.advance_ms(RESUMED_WITHIN_MS + 1)
    else:
        which = Span("douyin", which.from_ms, which.to_ms + 1)
    cut_after(till, 99)
    whole = read(books, which)
    assert isinstance(whole, Book)
    assert len(whole.records) == PAGE + 5
    assert till.store.asking.platforms["douyin"].asked == 2  # type: ignore[attr-defined]
    assert kept(till) == 0


def test_kept_pages_hold_no_code_in_clear(till: Counter, books: Books) -> None:
    coupon = till.coupon("douyin")
    till.lot(coupon, "used_elsewhere")
    filled(till, PAGE)
    cut_after(till, 1)
    read(books, span(till))
    rows = till.store.ledger.read(lambda tx: tx.run("SELECT * FROM book_pages").fetchall())
    assert len(rows) == 1
    assert coupon["code"] not in str(rows)


def test_a_platform_that_is_busy_is_waited_for(till: Counter, books: Books) -> None:
    filled(till, PAGE + 5)
    till.post("faults", {"platform": "douyin", "endpoint": "history", "kind": "http_429", "count": 3})
    before = len(till.clock.slept_s)
    whole = read(books, span(till))
    assert isinstance(whole, Book)
    assert len(whole.records) == PAGE + 5
    assert sum(till.clock.slept_s[before:]) >= 3


def test_a_platform_that_stays_busy_is_told_so(till: Counter, books: Books) -> None:
    till.fault("http_429", "history", "douyin")
    told = read(books, span(till))
    assert isinstance(told, Reason)
    assert told.code is Code.BUSY
    assert sum(till.clock.slept_s) <= 330
