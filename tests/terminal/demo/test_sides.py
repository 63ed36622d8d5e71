"""Both books platform by platform: what stands on either side, and that equal sums over all platforms hide nothing."""

from sync.domain.redemption import State
from terminal.demo.books import Row, Use
from terminal.demo.figures import Figures, Standing
from terminal.demo.sides import Side, sides

DOUYIN, MEITUAN, WECHAT = "douyin", "meituan", "wechat_shop"
ROWS = (
    Row("r1", DOUYIN, State.CONFIRMED, False, 9_900),
    Row("r2", MEITUAN, State.CONFIRMED, False, 1_990),
    Row("r3", MEITUAN, State.REVERSED, False, 1_990),
    Row("r4", MEITUAN, State.CLAIMED, True, 500),
    Row("r5", MEITUAN, State.REFUSED, True, 500),
)
USES = (
    Use("v1", DOUYIN, "101", 1, 9_900),
    Use("v2", MEITUAN, "201", 1, 1_990),
    Use("v3", MEITUAN, "202", 1, 1_990, reversed=True),
)


def test_what_stands_is_counted_on_either_side() -> None:
    assert sides((DOUYIN, MEITUAN), ROWS, USES) == (
        Side(DOUYIN, 1, 9_900, 1, 9_900),
        Side(MEITUAN, 1, 1_990, 1, 1_990, owed=1),
    )


def test_a_platform_without_anything_has_its_line() -> None:
    assert sides((WECHAT,), (), ()) == (Side(WECHAT),)


def test_a_platform_that_this_till_is_not_bound_to_is_not_passed_over() -> None:
    assert [side.platform for side in sides((DOUYIN,), ROWS, USES)] == [DOUYIN, MEITUAN]


def test_a_fen_is_a_disagreement() -> None:
    assert Side(DOUYIN, 1, 9_900, 1, 9_900).agrees
    assert not Side(DOUYIN, 1, 9_900, 1, 9_899).agrees
    assert not Side(DOUYIN, 1, 9_900, 2, 9_900).agrees


def test_equal_sums_hide_nothing() -> None:
    """One too few here and one too many there."""
    found = Figures((Side(DOUYIN, 1, 9_900, 0, 0), Side(MEITUAN, 0, 0, 1, 9_900)))
    assert (found.at_platforms, found.confirmed) == (1, 1)
    assert found.standing is Standing.DIFFER


def test_what_is_owed_excuses_its_own_platform_only() -> None:
    owing = Side(DOUYIN, 0, 0, 1, 9_900, owed=1)
    assert Figures((owing, Side(MEITUAN, 1, 500, 1, 500))).standing is Standing.OWING
    assert Figures((owing, Side(MEITUAN, 0, 0, 1, 500))).standing is Standing.DIFFER


def test_a_second_attempt_is_never_well() -> None:
    assert Figures((Side(DOUYIN),), second_attempts=1).standing is Standing.DIFFER
