"""Plans of whole calls: numbers that are made once, denials that last, and what is told of a run that broke off."""

import pytest

from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, PlatformError, Refused
from sync.platforms.plan import Attempt, Part, Plan, Unit, carry_out, first_plan, plan_of, plan_text, request_of
from sync.platforms.port import Denied, RedeemCall, Redeemed, Use

USED = because(Code.USED_ELSEWHERE, words="该券已使用", platform_code=7)
BUSY = because(Code.BUSY)


def units(*names: str) -> tuple[Unit, ...]:
    return tuple(Unit(name, f"code-{name}") for name in names)


def plan() -> Plan:
    return first_plan("ab12", [("S1", units("a", "b", "c")), ("S2", units("d"))], {"e": USED})


class Script:
    """Calls whose answers are written down: by number, units to deny, an error, or nothing against it."""

    def __init__(self, **answers: set[str] | PlatformError) -> None:
        self.answers = answers
        self.sent_numbers: list[str] = []

    def not_done_before(self, attempt: Attempt, part: Part) -> Part | None:
        if self.answers.get(f"looked_{part.number}") == {"done"}:
            self._done(attempt, part)
            return None
        return part

    def sent(self, attempt: Attempt, part: Part) -> Part | None:
        self.sent_numbers.append(part.number)
        answer = self.answers.get(part.number, set())
        if isinstance(answer, PlatformError):
            raise answer
        if answer:
            return attempt.leave_out(part, dict.fromkeys(answer, USED))
        self._done(attempt, part)
        return None

    def _done(self, attempt: Attempt, part: Part) -> None:
        for unit in part.units:
            attempt.results[unit.redemption_id] = Redeemed(unit.redemption_id, 1, None, {"number": part.number})


def attempt(kept: list[Plan], settling: bool = False, wanted: str = "abcde") -> Attempt:
    credential = Credential(CredentialKind.CODE, "1")
    call = RedeemCall("ab12", credential, tuple(Use(name, None, None, None, 1) for name in wanted), "online", 1)
    return Attempt(call, plan(), kept.append, 1, settling)


def test_a_plan_comes_back_as_it_was_kept() -> None:
    told, rest = plan().without(plan().parts[0], {}, "ab12")
    assert rest is not None
    for each in (plan(), told, Plan((), 0, {})):
        assert plan_of(plan_text(each)) == each


def test_a_number_means_one_thing_for_good() -> None:
    first = plan()
    numbers = [part.number for part in first.parts]
    for name in ("a", "b"):
        part = next(each for each in first.parts if each.units[0].redemption_id in "abc")
        first, rest = first.without(part, {name: USED}, "ab12")
        assert rest is not None
        numbers.append(rest.number)
    assert numbers == ["ab12", "ab12_2", "ab12_3", "ab12_4"]
    assert {request_of(number) for number in numbers} == {"ab12"}
    assert [unit.redemption_id for part in first.parts for unit in part.units] == ["d", "c"]


def test_a_part_of_which_nothing_is_left_is_gone_and_makes_no_number() -> None:
    told, rest = plan().without(plan().parts[1], {"d": USED}, "ab12")
    assert rest is None
    assert told.made == 2
    assert set(told.denied) == {"d", "e"}


def test_codes_are_not_in_what_is_shown_of_a_plan() -> None:
    assert "code-a" not in repr(plan())


def test_each_change_is_kept_before_it_is_sent() -> None:
    kept: list[Plan] = []
    script = Script(ab12={"b"})
    results = carry_out(script, attempt(kept))
    assert script.sent_numbers == ["ab12", "ab12_3", "ab12_2"]
    assert [type(result) for result in results] == [Redeemed, Denied, Redeemed, Redeemed, Denied]
    assert [part.number for part in kept[-1].parts] == ["ab12_2", "ab12_3"]


def test_what_was_done_before_is_not_sent_again() -> None:
    script = Script(looked_ab12={"done"})
    carry_out(script, attempt([], settling=True))
    assert script.sent_numbers == ["ab12_2"]


@pytest.mark.parametrize("error", [NeverSent(BUSY), Refused(BUSY)])
def test_an_error_after_a_part_was_done_leaves_the_whole_unknown(error: PlatformError) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        carry_out(Script(ab12_2=error), attempt([]))
    assert caught.value.reason is BUSY
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("error", [NeverSent(BUSY), Refused(BUSY), OutcomeUnknown(BUSY)])
def test_an_error_before_anything_was_done_is_told_as_it_is(error: PlatformError) -> None:
    with pytest.raises(type(error)):
        carry_out(Script(ab12=error), attempt([]))
    with pytest.raises(type(error)):
        carry_out(Script(ab12={"a", "b", "c"}, ab12_2=error), attempt([]))


@pytest.mark.parametrize("settling", [False, True])
def test_a_use_that_was_withdrawn_since_is_not_sent(settling: bool) -> None:
    kept: list[Plan] = []
    script = Script()
    results = carry_out(script, attempt(kept, settling, "ac"))
    assert [result.redemption_id for result in results] == ["a", "c"]
    assert script.sent_numbers == ["ab12_3"]
    (last,) = kept
    assert [(part.number, [unit.redemption_id for unit in part.units]) for part in last.parts] == [
        ("ab12_2", ["d"]),
        ("ab12_3", ["a", "c"]),
    ]


def test_what_was_done_before_a_use_was_lost_stays_done_under_its_number() -> None:
    script = Script(looked_ab12={"done"})
    results = carry_out(script, attempt([], True, "ac"))
    assert [result.refs["number"] for result in results if isinstance(result, Redeemed)] == ["ab12", "ab12"]
    assert script.sent_numbers == []
