"""The steps from scan to verdict, as the counter shows them."""

import pytest

from terminal.i18n import Words
from terminal.presenters import counter
from terminal.presenters.counter import Mark

ZH, EN = Words("redeem", "zh"), Words("redeem", "en")


@pytest.mark.parametrize("words", [ZH, EN])
@pytest.mark.parametrize("done", range(4))
def test_the_steps_run_one_after_another(words: Words, done: int) -> None:
    steps = counter.working(words, done).steps
    assert [step.mark for step in steps] == [
        Mark.DONE if place < done else Mark.RUNNING if place == done else Mark.WAITING for place in range(4)
    ]
    assert len({step.name for step in steps}) == 4


def test_when_all_steps_are_done_none_runs() -> None:
    assert {step.mark for step in counter.working(ZH, 4).steps} == {Mark.DONE}
