"""One request in, one delivery out: find the call, let a fault strike, let the platform act."""

import contextlib
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from sync.sandbox.delivery import Delivery, delivered, whole
from sync.sandbox.faults import BEFORE_ACTING, Faults
from sync.sandbox.router import Dialect, Found, Route, Router
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, BadInput, Request, json_answer

_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost"})
_MAX_QUERY_FIELDS = 100


def parse_target(method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
    """A request line and its headers to a Request; BadInput for a target that is none."""
    try:
        parts = urlsplit(target)
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_MAX_QUERY_FIELDS)
    except ValueError as problem:
        raise BadInput(f"the request target is malformed: {problem}") from problem
    return Request(method, parts.path, dict(pairs), headers, body)


class Exchange:
    """All platforms and the control calls behind one door. Called from many threads."""

    def __init__(self, truth: Truth, faults: Faults, router: Router) -> None:
        self._truth = truth
        self._faults = faults
        self._router = router

    def answer(self, request: Request, *, close: bool) -> Delivery:
        """What the client gets."""
        found = self._router.find(request)
        head_only = request.method == "HEAD"
        if not isinstance(found, Found):
            return whole(_unserved(request, found), self._now_s(), close=close, head_only=head_only)
        if found.dialect is None:
            answer = self._control(found)
            return whole(answer, self._now_s(), close=close, head_only=head_only)
        hold = contextlib.nullcontext() if found.route.hold is None else found.route.hold(self._truth, found.request)
        with hold:
            return self._platform(found.dialect, found.route, found.request, close, head_only)

    def _platform(self, dialect: Dialect, route: Route, request: Request, close: bool, head_only: bool) -> Delivery:
        struck = self._faults.strike(dialect.platform, route.endpoint)
        if struck.wait_ms:
            self._truth.clock.sleep_s(struck.wait_ms / 1000)
        with self._truth:
            if struck.kind in BEFORE_ACTING:
                answer = self._instead(dialect, struck.kind, request)
            else:
                answer = dialect.answer(self._truth, route, request)
            now_s = self._truth.now_s()
        return delivered(answer, struck.kind, now_s, close=close, head_only=head_only)

    def _instead(self, dialect: Dialect, kind: str, request: Request) -> Answer:
        """What is said when the platform does not act."""
        instead: dict[str, Callable[[], Answer]] = {
            "http_500": lambda: dialect.outage(500, self._truth.now_ms()),
            "http_429": lambda: dialect.outage(429, self._truth.now_ms()),
            "expired_token": lambda: dialect.token_expired(self._truth, request),
        }
        say = instead.get(kind)
        return Answer(503) if say is None else say()

    def _control(self, found: Found) -> Answer:
        """A control call: for programs on this machine, never for a page in a browser."""
        host = found.request.headers.get("host", "").rsplit(":", 1)[0]
        if host not in _LOCAL_NAMES or "origin" in found.request.headers:
            return json_answer(403, {"error": "control calls are for programs on this machine only"})
        return _controlled(self._truth, found.route, found.request)

    def _now_s(self) -> int:
        with self._truth:
            return self._truth.now_s()


def _controlled(truth: Truth, route: Route, request: Request) -> Answer:
    try:
        with contextlib.nullcontext() if route.own_turn else truth:
            return route.handler(truth, request)
    except BadInput as problem:
        return json_answer(400, {"error": str(problem)})


def _unserved(request: Request, allowed: frozenset[str]) -> Answer:
    if not allowed:
        return json_answer(404, {"error": f"nothing is served at {request.path}"})
    methods = ", ".join(sorted(allowed))
    return json_answer(405, {"error": f"{request.path} takes {methods}"}, (("Allow", methods),))
