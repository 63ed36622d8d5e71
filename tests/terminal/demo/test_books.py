"""The comparison can fail: every planted loss, double and open end is named, and a day without any is not blamed."""

from dataclasses import replace

import pytest

from sync.domain.redemption import State
from terminal.demo.books import Books, Kind, Problem, Row, Told, Use, disagreements

DOUYIN, OWN = "douyin", "miniprogram"
TOLD = (
    Told("r1", DOUYIN, frozenset({"101", "102"})),
    Told("r2", DOUYIN, frozenset({"101", "102"})),
    Told("r3", OWN, frozenset({"201"})),
    Told("r4", OWN, frozenset({"202"})),
    Told("r5", OWN, frozenset({"203"})),
)
ROWS = (
    Row("r1", DOUYIN, State.CONFIRMED, False, 9900, "v1"),
    Row("r2", DOUYIN, State.CONFIRMED, True, 9900, "v2"),
    Row("r3", OWN, State.REVERSED, False, 5000, "v3"),
    Row("r4", OWN, State.WITHDRAWN, True, 5000),
    Row("r5", OWN, State.REFUSED, True, 5000),
    Row("r6", DOUYIN, State.REFUSED, False, 9900),
)
USES = (
    Use("v1", DOUYIN, "101", 1, 9900),
    Use("v2", DOUYIN, "102", 1, 9900),
    Use("v3", OWN, "201", 1, 5000, reversed=True),
)
WELL = Books(TOLD, ROWS, USES, ("r5",))


def changed_row(number: int, **changes: object) -> tuple[Row, ...]:
    return (*ROWS[:number], replace(ROWS[number], **changes), *ROWS[number + 1 :])  # type: ignore[arg-type]


def changed_use(number: int, **changes: object) -> tuple[Use, ...]:
    return (*USES[:number], replace(USES[number], **changes), *USES[number + 1 :])  # type: ignore[arg-type]


def test_a_day_that_adds_up_is_not_blamed() -> None:
    assert disagreements(WELL) == ()


def test_an_empty_day_is_not_blamed() -> None:
    assert disagreements(Books((), (), ())) == ()


def test_the_same_yes_said_twice_is_one_redemption() -> None:
    assert disagreements(replace(WELL, told=(*TOLD, TOLD[0]))) == ()


SECOND_ROW, SECOND_YES = replace(ROWS[0], redemption_id="r9"), replace(TOLD[0], redemption_id="r9")
PLANTED = {
    "the ledger lost a row": (replace(WELL, rows=ROWS[:4] + ROWS[5:]), {Kind.LOST_HERE}),
    "the ledger lost a row that the platform has": (
        replace(WELL, rows=ROWS[1:]),
        {Kind.LOST_HERE, Kind.ONLY_THERE},
    ),
    "the platform never got it": (replace(WELL, uses=USES[1:]), {Kind.LOST_THERE}),
    "the platform reversed it behind our back": (replace(WELL, uses=changed_use(0, reversed=True)), {Kind.LOST_THERE}),
    "confirmed without the platform's id": (
        replace(WELL, rows=changed_row(0, record=None)),
        {Kind.LOST_THERE, Kind.ONLY_THERE},
    ),
    "a row twice": (replace(WELL, rows=(*ROWS, ROWS[0])), {Kind.DOUBLE_HERE}),
    "two rows for one redemption there": (
        replace(WELL, told=(*TOLD, SECOND_YES), rows=(*ROWS, SECOND_ROW)),
        {Kind.DOUBLE_HERE},
    ),
    "a unit used twice there": (
        replace(WELL, uses=(*USES, replace(USES[0], record="v9"))),
        {Kind.DOUBLE_THERE, Kind.ONLY_THERE},
    ),
    "a use that nobody asked for": (replace(WELL, uses=(*USES, Use("v9", OWN, "209", 1, 1))), {Kind.ONLY_THERE}),
    "a withdrawn one was sent all the same": (
        replace(WELL, uses=(*USES, Use("v9", OWN, "202", 1, 5000))),
        {Kind.ONLY_THERE},
    ),
    "a refused one was redeemed all the same": (
        replace(WELL, uses=(*USES, Use("v9", DOUYIN, "109", 1, 9900))),
        {Kind.ONLY_THERE},
    ),
    "a row that nobody was told of": (replace(WELL, told=TOLD[1:]), {Kind.NEVER_TOLD}),
    "still owed": (replace(WELL, rows=changed_row(4, state=State.CLAIMED), differences=()), {Kind.STILL_OWED}),
    "never found out": (replace(WELL, rows=changed_row(4, state=State.UNKNOWN), differences=()), {Kind.STILL_OWED}),
    "reversed here alone": (replace(WELL, uses=changed_use(2, reversed=False)), {Kind.NOT_REVERSED}),
    "refused later and nobody's business": (replace(WELL, differences=()), {Kind.NO_DIFFERENCE}),
    "two differences for one": (replace(WELL, differences=("r5", "r5")), {Kind.NO_DIFFERENCE}),
    "another coupon was used up": (replace(WELL, uses=changed_use(0, code="999")), {Kind.OTHER_COUPON}),
    "a fen is missing": (replace(WELL, uses=changed_use(0, amount_fen=9899)), {Kind.AMOUNT}),
    "the platform was asked twice": (replace(WELL, second_attempts=1), {Kind.SECOND_ATTEMPT}),
    "the journal is broken": (replace(WELL, journal_ok=False), {Kind.JOURNAL}),
    "the other platform's record": (
        replace(WELL, rows=changed_row(0, platform=OWN)),
        {Kind.LOST_THERE, Kind.ONLY_THERE},
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_named(name: str) -> None:
    books, kinds = PLANTED[name]
    assert {problem.kind for problem in disagreements(books)} == kinds


def test_every_kind_has_a_planted_fault() -> None:
    assert set().union(*(kinds for _, kinds in PLANTED.values())) == set(Kind)


def test_a_problem_names_whom_it_concerns() -> None:
    assert disagreements(replace(WELL, uses=USES[1:])) == (Problem(Kind.LOST_THERE, "r1", DOUYIN, None),)
    [double] = disagreements(replace(WELL, uses=(*USES, Use("v9", OWN, "209", 1, 1))))
    assert (double.platform, double.code) == (OWN, "209")
