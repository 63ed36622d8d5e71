"""Which call a method and path belong to: a table, looked up by exact path first, then by pattern."""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import unquote

from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Request

Handler = Callable[[Truth, Request], Answer]
Hold = Callable[[Truth, Request], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Route:
    """One call. `endpoint` is its name in /control/faults; `open` says that it needs no access token.

    In `path`, `{name}` stands for one segment; a final `/` is optional. `hold` is entered when a call to a platform
    arrives and left when its answer is ready, latency and all. `own_turn` says that a control call's handler takes
    the truth by itself, because it waits for somebody who may call back.
    """

    method: str
    path: str
    endpoint: str
    handler: Handler
    open: bool = False
    hold: Hold | None = None
    own_turn: bool = False


class Dialect(Protocol):
    """One platform's way of speaking: its calls, and the answers that no call gives."""

    @property
    def platform(self) -> str:
        """Its name in control calls and faults."""

    @property
    def routes(self) -> Sequence[Route]:
        """Its calls."""

    def answer(self, truth: Truth, route: Route, request: Request) -> Answer:
        """Check the token, call the route, and put refusals into this platform's words."""

    def token_expired(self, truth: Truth, request: Request) -> Answer:
        """Forget the token that came, and say that it has expired."""

    def outage(self, status: int, now_ms: int, /) -> Answer:
        """The body that comes with a bare 429 or 500."""


@dataclass(frozen=True, slots=True)
class Found:
    """A call and who answers it; `dialect` is None for the sandbox's own calls."""

    dialect: Dialect | None
    route: Route
    request: Request


def _shape(path: str) -> re.Pattern[str]:
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path.rstrip("/")))
    return re.compile(pattern + "/?")


class Router:
    """All calls of all dialects."""

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, tuple[Dialect | None, Route]]] = {}
        self._shaped: list[tuple[re.Pattern[str], Dialect | None, Route]] = []

    def add(self, dialect: Dialect | None, routes: Sequence[Route]) -> None:
        """Serve these calls."""
        for route in routes:
            if "{" in route.path:
                self._shaped.append((_shape(route.path), dialect, route))
            else:
                self._exact.setdefault(route.path.rstrip("/"), {})[route.method] = (dialect, route)

    def find(self, request: Request) -> Found | frozenset[str]:
        """The call; or the methods that this path knows (none at all: an unknown path)."""
        method = "GET" if request.method == "HEAD" else request.method
        exact = self._exact.get(request.path.rstrip("/"))
        if exact is not None:
            if method in exact:
                return Found(*exact[method], request)
            return frozenset(exact)
        allowed = set()
        for shape, dialect, route in self._shaped:
            match = shape.fullmatch(request.path)
            if match is None:
                continue
            if route.method == method:
                params = {name: unquote(value) for name, value in match.groupdict().items()}
                return Found(dialect, route, replace(request, params=params))
            allowed.add(route.method)
        return frozenset(allowed)
