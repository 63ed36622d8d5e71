"""Laying two books side by side: each row lands in one bucket, and nothing is lost on the way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.matching import Bucket, Match, Ours, Theirs, match


def ours(**changes: object) -> Ours:
    told: dict[str, object] = {
        "redemption_id": "o1",
        "record": "r1",
        "coupon": "c1",
        "amount_fen": 100,
        "reversed": False,
        "settled": True,
    }
    return Ours(**(told | changes))  # type: ignore[arg-type]


def theirs(**changes: object) -> Theirs:
    told: dict[str, object] = {
        "record": "r1",
        "coupon": "c1",
        "request_id": None,
        "amount_fen": 100,
        "at_ms": 1,
        "reversed": False,
    }
    return Theirs(**(told | changes))  # type: ignore[arg-type]


LOST = ours(record=None, settled=False)


@pytest.mark.parametrize(
    ("mine", "platform", "bucket", "what"),
    [
        (ours(), theirs(), Bucket.MATCHED, None),
        (ours(), theirs(coupon="other"), Bucket.MATCHED, None),
        (ours(), theirs(amount_fen=None), Bucket.MATCHED, None),
        (ours(), theirs(amount_fen=99), Bucket.DIFFERS, "amount"),
        (ours(), theirs(reversed=True), Bucket.DIFFERS, "reversed"),
        (ours(reversed=True), theirs(), Bucket.DIFFERS, "reversed"),
        (ours(reversed=True), theirs(reversed=True), Bucket.MATCHED, None),
        (ours(reversed=True), theirs(amount_fen=1), Bucket.DIFFERS, "reversed"),
        (ours(), None, Bucket.OURS_ONLY, None),
        (ours(record=None), None, Bucket.OURS_ONLY, None),
        (ours(reversed=True), None, None, None),
        (ours(settled=False), None, None, None),
        (LOST, None, None, None),
        (LOST, theirs(), Bucket.MATCHED, None),
        (LOST, theirs(amount_fen=99), Bucket.DIFFERS, "amount"),
        (LOST, theirs(reversed=True), None, None),
        (ours(record=None), theirs(reversed=True), Bucket.DIFFERS, "reversed"),
        (None, theirs(), Bucket.THEIRS_ONLY, None),
        (None, theirs(reversed=True), None, None),
    ],
)
def test_one_pair(mine: Ours | None, platform: Theirs | None, bucket: Bucket | None, what: str | None) -> None:
    lines = match([mine] if mine else [], [platform] if platform else [])
    assert [(line.bucket, line.what) for line in lines] == ([(bucket, what)] if bucket else [])


def test_a_record_is_not_shared() -> None:
    lines = match([ours(), ours(redemption_id="o2")], [theirs()])
    assert [line.bucket for line in lines] == [Bucket.MATCHED, Bucket.OURS_ONLY]


def test_a_known_record_is_never_guessed_by_its_coupon() -> None:
    lines = match([ours(record="gone")], [theirs()])
    assert [line.bucket for line in lines] == [Bucket.OURS_ONLY, Bucket.THEIRS_ONLY]


def test_an_unanswered_row_takes_the_live_use_not_the_one_taken_back() -> None:
    back, live = theirs(record="r1", reversed=True), theirs(record="r2")
    for book in ([back, live], [live, back]):
        assert match([LOST], book) == (Match(Bucket.MATCHED, LOST, live),)


@pytest.mark.parametrize("order", [1, -1])
def test_a_use_taken_back_and_redeemed_again_leaves_the_standing_record_to_the_latter(order: int) -> None:
    back, again = ours(redemption_id="o1", record=None, reversed=True), ours(redemption_id="o2", record=None)
    lines = match([back, again][::order], [theirs(record="r9")])
    assert [(line.bucket, line.ours) for line in lines] == [(Bucket.MATCHED, again)]


def test_two_unanswered_rows_of_one_coupon_take_one_record_each() -> None:
    lines = match([LOST, ours(redemption_id="o2", record=None)], [theirs(record="r1"), theirs(record="r2")])
    assert sorted(line.theirs.record for line in lines if line.theirs) == ["r1", "r2"]


def test_unnamed_coupons_are_not_the_same_coupon() -> None:
    lines = match([ours(record=None, coupon=None)], [theirs(coupon="")])
    assert [line.bucket for line in lines] == [Bucket.OURS_ONLY, Bucket.THEIRS_ONLY]


_NAMES = st.sampled_from(["a", "b", "c", "d"])
_OURS = st.lists(
    st.builds(
        Ours,
        st.uuids().map(str),
        st.none() | _NAMES,
        st.none() | _NAMES,
        st.integers(0, 3),
        st.booleans(),
        st.just(True),
    )
    | st.builds(
        Ours,
        st.uuids().map(str),
        st.none() | _NAMES,
        st.none() | _NAMES,
        st.integers(0, 3),
        st.just(False),
        st.just(False),
    ),
    max_size=6,
    unique_by=lambda row: row.redemption_id,
)
_THEIRS = st.lists(
    st.builds(Theirs, _NAMES, _NAMES, st.none(), st.none() | st.integers(0, 3), st.integers(0, 9), st.booleans()),
    max_size=6,
    unique_by=lambda row: row.record,
)


@given(_OURS, _THEIRS)
@settings(max_examples=400, deadline=None)
def test_every_row_is_in_one_line_or_rightly_left_out(mine: list[Ours], book: list[Theirs]) -> None:
    lines = match(mine, book)
    placed = [line.ours.redemption_id for line in lines if line.ours]
    found = [line.theirs.record for line in lines if line.theirs]
    assert len(placed) == len(set(placed))
    assert len(found) == len(set(found))
    assert all(not row.settled or row.reversed for row in mine if row.redemption_id not in placed)
    assert all(row.reversed for row in book if row.record not in found)


@given(_OURS, _THEIRS)
@settings(max_examples=400, deadline=None)
def test_lines_say_what_they_show_and_the_sums_agree(mine: list[Ours], book: list[Theirs]) -> None:
    lines = match(mine, book)
    for line in lines:
        assert (line.ours is None) is (line.bucket is Bucket.THEIRS_ONLY)
        assert (line.theirs is None) is (line.bucket is Bucket.OURS_ONLY)
        assert (line.what is not None) is (line.bucket is Bucket.DIFFERS)
        if line.bucket is Bucket.MATCHED and line.ours and line.theirs and line.theirs.amount_fen is not None:
            assert line.ours.amount_fen == line.theirs.amount_fen
    due = sum(row.amount_fen for row in mine if row.settled and not row.reversed)
    shown = sum(line.ours.amount_fen for line in lines if line.ours and line.ours.settled and not line.ours.reversed)
    assert shown == due


@given(st.lists(st.integers(0, 9), max_size=8, unique=True))
def test_two_equal_books_match_whatever_their_order(numbers: list[int]) -> None:
    mine = [ours(redemption_id=f"o{n}", record=f"r{n}", coupon=f"c{n}", amount_fen=n) for n in numbers]
    book = [theirs(record=f"r{n}", coupon=f"c{n}", amount_fen=n) for n in reversed(numbers)]
    assert {line.bucket for line in match(mine, book)} <= {Bucket.MATCHED}
