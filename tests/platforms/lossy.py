"""A door to a platform that lives in the test, on which just one answer gets lost."""

import json
from collections.abc import Callable
from typing import Any

from sync.clock import FalseClock
from sync.domain.reasons import Code, because
from sync.errors import NeverSent
from sync.platforms.http import Answer, Door, Question, unanswered

DEADLINE_MS = FalseClock().monotonic_ms() + 60_000
Json = dict[str, Any]
Respond = Callable[[Question], Json]


class Lossy(Door):
    """`lose`: which question (from 0, tokens not counted) is lost: before it was acted upon or after, or it never
    leaves."""

    def __init__(self, respond: Respond, lose: int | None = None, how: str = "after") -> None:
        super().__init__(FalseClock(), {})
        self.asked: list[Question] = []
        self._respond = respond
        self._lose, self._how = lose, how

    def ask(self, question: Question, deadline_ms: int) -> Answer:
        if question.what == "token":
            return told(question.what, self._respond(question))
        lost = len(self.asked) == self._lose
        self.asked.append(question)
        if lost and self._how == "never":
            raise NeverSent(because(Code.UNREACHABLE, what=question.what))
        if lost and self._how == "before":
            raise unanswered(question.what, "timeout")
        answer = self._respond(question)
        if lost:
            raise unanswered(question.what, "timeout")
        return told(question.what, answer)


def told(what: str, body: Json) -> Answer:
    """An answer of the platform."""
    return Answer(what, 200, json.dumps(body).encode(), None, 0, 0)
