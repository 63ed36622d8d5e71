"""Sending a notification: one HTTP request to a program on this machine, and what it answered."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from sync.sandbox.wire import BadInput, Json

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST_ANSWER = 1_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """Where a notification goes: a host of this machine, a port and a path without query."""

    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """A loopback URL, or BadInput: the sandbox speaks to nobody else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise BadInput(f"url is malformed: {problem}") from problem
    if parts.scheme != "http" or parts.hostname not in _HERE:
        raise BadInput("url must be http:// to this machine: 127.0.0.1, localhost or [::1]")
    if parts.query or parts.fragment:
        raise BadInput("url must end with its path")
    return Target(parts.hostname, port or 80, parts.path or "/")


@dataclass(frozen=True, slots=True)
class Notification:
    """What is sent; `method` is POST or GET."""

    method: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


def send(target: Target, notification: Notification, timeout_s: float) -> Json:
    """Send it and wait at most so long: {"status", "body"} of the answer, or {"status": 0, "error"}."""
    connection = http.client.HTTPConnection(target.host, target.port, timeout=timeout_s)
    query = f"?{urlencode(notification.query)}" if notification.query else ""
    try:
        connection.request(notification.method, target.path + query, notification.body, notification.headers)
        answer = connection.getresponse()
        return {"status": answer.status, "body": answer.read(_LONGEST_ANSWER).decode("utf-8", "replace")}
    except (OSError, http.client.HTTPException) as problem:
        return {"status": 0, "error": str(problem) or type(problem).__name__}
    finally:
        connection.close()
