"""A line that breaks at one chosen request: before it, after it, or so that the platform gets it too late."""

from dataclasses import dataclass, field
from typing import Literal

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown
from sync.platforms.http import Answer, Door, Question

How = Literal["never", "before", "after", "late"]


@dataclass
class Break:
    """`at`: which request from now on breaks (1 is the next). "never": it is known not to have been sent; "before" and
    "after": no answer, and the platform did not get it or did; "late": it gets it, but only ahead of the request
    `later` places behind. `asked`: what was asked, in order."""

    at: int
    how: How
    later: int = 1
    asked: list[str] = field(default_factory=list)
    held: Question | None = None
    struck: bool = False


class BrokenDoor(Door):
    """A door whose line breaks as it is told."""

    def __init__(self, clock: Clock, hosts: dict[str, str]) -> None:
        super().__init__(clock, hosts)
        self.broken = Break(0, "never")

    def ask(self, question: Question, deadline_ms: int) -> Answer:
        """As Door does, but for one request."""
        broken = self.broken
        broken.asked.append(question.what)
        place = len(broken.asked)
        if broken.held is not None and place == broken.at + broken.later:
            held, broken.held = broken.held, None
            super().ask(held, deadline_ms)
        if place != broken.at:
            return super().ask(question, deadline_ms)
        broken.struck = True
        match broken.how:
            case "never":
                raise NeverSent(because(Code.UNREACHABLE, what=question.what, wrong="broken"))
            case "after":
                super().ask(question, deadline_ms)
            case "late":
                broken.held = question
        raise OutcomeUnknown(because(Code.NO_ANSWER, what=question.what, wrong="broken"))
