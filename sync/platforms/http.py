"""The one door to the network: which answer is an answer, and what an absent one proves."""

import http.client
import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar
from urllib.parse import urlsplit

import urllib3.exceptions
from pydantic import BaseModel, ValidationError
from requests import PreparedRequest, RequestException
from requests.structures import CaseInsensitiveDict
from requests.utils import get_environ_proxies
from urllib3.util import Timeout

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, Refused, SettingsError
from sync.platforms.connection import Addresses, Transport, Watch
from sync.platforms.pace import Pace

BODY_LIMIT_BYTES: Final = 2_000_000
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_TRANSPORT_FAULTS = (
    RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)
_HEADERS: Final = {
    "User-Agent": "hexiao",
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "Cache-Control": "no-cache",
    "Connection": "keep-alive",
}
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Question:
    """One request. `url` names the official host; `what` is its short name in reasons and logs. `repeatable`: asking
    twice does no harm. `redirect`: a 3xx is the answer looked for. `per_second`: how often the platform lets this be
    asked, where it says so."""

    method: str
    url: str = field(repr=False)
    what: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    repeatable: bool = False
    redirect: bool = False
    per_second: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole. `sent_ms` and `received_ms` are monotonic."""

    what: str
    status: int
    body: bytes = field(repr=False)
    location: str | None = field(repr=False)
    sent_ms: int
    received_ms: int


class Door:
    """The way out to the platforms; may be used by several threads at once.

    `hosts` maps an official host to another base URL (the demo's sandbox); without an entry it is https://host. Plain
    HTTP is taken for loopback only. Proxies of the environment are honoured, since some shops have no other way out;
    they are looked up once a host. Nothing else of the environment is: no .netrc, no CA bundle named by a variable.
    """

    def __init__(self, clock: Clock, hosts: Mapping[str, str]) -> None:
        self._clock = clock
        self._bases = {host: _checked_base(base) for host, base in hosts.items()}
        self._proxies: dict[str, dict[str, str]] = {}
        self._addresses = Addresses(clock)
        self._pace = Pace(clock)
        self._idle: dict[str, deque[tuple[Watch, Transport]]] = {}
        # At DEBUG urllib3 writes whole URLs, and a query can hold a coupon code.
        logging.getLogger("urllib3").setLevel(logging.WARNING)

    def ask(self, question: Question, deadline_ms: int) -> Answer:
        """The answer to a question, by `deadline_ms` (monotonic). NeverSent when nothing reached the platform,
        OutcomeUnknown when something may have, Refused(busy) on 429, HeldBack where an earlier 429 asks for more time
        than there is. Any other status below 500 is an answer, a 3xx only where one is looked for."""
        request, base = self._prepared(question)
        endpoint = (urlsplit(question.url).hostname or "", question.what)
        self._pace.wait(endpoint, question.per_second, deadline_ms)
        # One line for one request at a time; the one used last is the warmest.
        idle = self._idle.setdefault(base, deque())
        try:
            watch, transport = idle.pop()
        except IndexError:
            watch = Watch(self._clock, self._addresses)
            transport = Transport(watch)
        watch.deadline_ms = deadline_ms
        try:
            answer, retry_after = self._exchange(question, request, self._proxies[base], watch, transport)
        finally:
            idle.append((watch, transport))
        if answer.status == 429:
            self._pace.slow(endpoint, retry_after)
            raise Refused(because(Code.BUSY, what=question.what, retry_after_s=retry_after))
        self._pace.answered(endpoint)
        if answer.status >= 500:
            raise unanswered(question.what, f"http_{answer.status}")
        if 300 <= answer.status < 400 and not question.redirect:
            raise unanswered(question.what, "redirect")
        return answer

    def close(self) -> None:
        """Close the connections that are not in use."""
        for idle in self._idle.values():
            while idle:
                idle.pop()[1].close()

    def _exchange(
        self,
        question: Question,
        request: PreparedRequest,
        proxies: dict[str, str],
        watch: Watch,
        transport: Transport,
    ) -> tuple[Answer, int]:
        handed_over, wrong = False, "deadline"
        for last in (False, True):
            watch.handed_over = watch.reused = False
            if self._clock.monotonic_ms() >= watch.deadline_ms:
                break
            try:
                return self._once(question, request, proxies, watch, transport)
            except _TRANSPORT_FAULTS as fault:
                wrong = _wrong(fault)
            handed_over = handed_over or watch.handed_over
            # A kept connection may have died unseen; a fresh one tells more, where asking again does no harm.
            harmless = not handed_over or (question.repeatable and wrong == "connection_lost")
            if last or not watch.reused or not harmless:
                break
        if handed_over:
            raise unanswered(question.what, wrong)
        host = urlsplit(question.url).hostname or ""
        raise NeverSent(because(Code.UNREACHABLE, what=question.what, host=host, wrong=wrong))

    def _once(
        self,
        question: Question,
        request: PreparedRequest,
        proxies: dict[str, str],
        watch: Watch,
        transport: Transport,
    ) -> tuple[Answer, int]:
        sent_ms = self._clock.monotonic_ms()
        left_s = watch.left_s()
        timeout = Timeout(total=left_s, connect=left_s, read=left_s)
        response = transport.send(request, stream=True, timeout=timeout, proxies=proxies)  # type: ignore[arg-type]
        try:
            body = response.raw.read(BODY_LIMIT_BYTES + 1, decode_content=True)
            if len(body) > BODY_LIMIT_BYTES:
                raise _TooLong
        finally:
            response.close()
        retry_after = response.headers.get("Retry-After", "")
        answer = Answer(
            what=question.what,
            status=response.status_code,
            body=body,
            location=response.headers.get("Location"),
            sent_ms=sent_ms,
            received_ms=self._clock.monotonic_ms(),
        )
        return answer, int(retry_after) if retry_after.isdecimal() and len(retry_after) < 6 else 0

    def _prepared(self, question: Question) -> tuple[PreparedRequest, str]:
        # requests would merge cookies, .netrc and the environment into each request; none of them is wanted here.
        scheme, _, rest = question.url.partition("://")
        host, slash, path = rest.partition("/")
        base = self._bases.get(host) or f"{scheme}://{host}"
        if base not in self._proxies:
            local = urlsplit(_checked_base(base)).hostname in LOOPBACK
            self._proxies[base] = {} if local else dict(get_environ_proxies(base))
        request = PreparedRequest()
        request.method = question.method
        request.url = f"{base}{slash}{path}"
        request.headers = CaseInsensitiveDict({**_HEADERS, **question.headers})
        request.body = question.body
        if question.body is not None:
            request.headers.setdefault("Content-Type", "application/json")
            request.headers["Content-Length"] = str(len(question.body))
        return request, base


class _TooLong(ValueError):
    """The body is longer than any answer of a platform."""


def unanswered(what: str, wrong: str) -> OutcomeUnknown:
    """What was asked may have been done; `wrong` says what came instead of an answer."""
    return OutcomeUnknown(because(Code.NO_ANSWER, what=what, wrong=wrong))


def understood(model: type[Model], answer: Answer) -> Model:
    """The answer as its model; OutcomeUnknown when it is anything else (empty, a portal's page, cut, wrong types)."""
    wrong = "wrong_shape"
    try:
        return model.model_validate_json(answer.body)
    except ValidationError as error:
        if error.errors(include_input=False, include_context=False, include_url=False)[0]["type"] == "json_invalid":
            start = answer.body.lstrip()[:1]
            wrong = "empty" if not start else "html" if start == b"<" else "not_json"
    raise unanswered(answer.what, wrong)


def _wrong(fault: BaseException) -> str:
    seen: BaseException | None = fault
    while seen is not None:
        if isinstance(seen, _TooLong):
            return "too_long"
        if isinstance(seen, TimeoutError | urllib3.exceptions.TimeoutError):
            return "timeout"
        if isinstance(seen, http.client.IncompleteRead):
            return "cut"
        if isinstance(seen, http.client.RemoteDisconnected | ConnectionError):
            return "connection_lost"
        inner = seen.args[-1] if seen.args and isinstance(seen.args[-1], BaseException) else None
        seen = inner or seen.__cause__ or seen.__context__
    return "garbled"


def _checked_base(base: str) -> str:
    parts = urlsplit(base)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        detail = "a platform's address must be https"
        raise SettingsError(because(Code.SETTINGS_BROKEN, path="hosts", detail=detail), detail)
    return base.rstrip("/")
