"""A kept connection that holds to one deadline and knows whether a request was handed over whole."""

import http.client
import io
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError

from sync.clock import Clock

# Routers forget an idle connection without a word, and what is then written to it meets silence, not an error.
IDLE_LIMIT_MS = 50_000
ADDRESS_AGE_LIMIT_MS = 3_600_000

Address = tuple[int, int, int, str, tuple[Any, ...]]


@dataclass(slots=True)
class Addresses:
    """Where hosts were last reached. A resolver without a line blocks for many seconds and can't be given a limit, so
    a name that was resolved is not asked for again until its address fails or is an hour old; TLS proves who answers.
    """

    clock: Clock
    _known: dict[tuple[str, int], tuple[int, list[Address]]] = field(default_factory=dict)

    def of(self, host: str, port: int) -> list[Address]:
        """The addresses of a host; OSError when there are none."""
        known = self._known.get((host, port))
        now = self.clock.monotonic_ms()
        if known is not None and now - known[0] < ADDRESS_AGE_LIMIT_MS:
            return known[1]
        found: list[Address] = list(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
        self._known[host, port] = (now, found)
        return found

    def forget(self, host: str, port: int) -> None:
        """Ask the resolver again next time."""
        self._known.pop((host, port), None)


@dataclass(slots=True)
class Watch:
    """What one request in flight may take, and how far it came. `deadline_ms` is monotonic."""

    clock: Clock
    addresses: Addresses
    deadline_ms: int = 0
    handed_over: bool = False
    reused: bool = False

    def left_s(self) -> float:
        """Seconds until the deadline; TimeoutError when there are none."""
        left_ms = self.deadline_ms - self.clock.monotonic_ms()
        if left_ms <= 0:
            raise TimeoutError("deadline")
        return left_ms / 1000


class _UntilDeadline(io.RawIOBase):
    """Reads a socket; each read may take what is left, so that a dripping answer ends at the deadline."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, watch: Watch) -> None:
        self._raw = raw
        self._sock = sock
        self._watch = watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._watch.left_s())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """An answer whose head, too, is read under the deadline."""

    def __init__(self, watch: Watch, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_UntilDeadline(raw, sock, watch))


class _Line(HTTPConnection):
    """A connection that tells its watch what happened to the request."""

    def __init__(self, watch: Watch, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watch = watch
        self._used_ms: int | None = None
        self.response_class = partial(_Response, watch)  # type: ignore[assignment]

    @property
    def is_connected(self) -> bool:
        idle = self._used_ms is not None and self._watch.clock.monotonic_ms() - self._used_ms > IDLE_LIMIT_MS
        return not idle and super().is_connected

    def _new_conn(self) -> socket.socket:
        self._used_ms = None
        return _reach(self, self._watch)

    def request(self, *args: Any, **kwargs: Any) -> None:
        watch = self._watch
        watch.reused = self.sock is not None and self._used_ms is not None
        if self.sock is not None:
            self.sock.settimeout(watch.left_s())
        # When writing fails, the kernel did not take the last bytes: no server can have the request whole, and none
        # acts on a part of it. Once written, nothing can be said any more.
        super().request(*args, **kwargs)
        watch.handed_over = True
        self._used_ms = watch.clock.monotonic_ms()


class _SecureLine(_Line, HTTPSConnection):
    """The same over TLS."""


def _reach(line: HTTPConnection, watch: Watch) -> socket.socket:
    host, port = line.host, line.port
    try:
        addresses = watch.addresses.of(host, port)
    except socket.gaierror as error:
        raise NameResolutionError(host, line, error) from None
    for place, (family, kind, protocol, _, address) in enumerate(addresses):
        # A dead address (often IPv6 on a bad line) leaves half of the time to the next one.
        share = 1 if place == len(addresses) - 1 else 2
        sock = socket.socket(family, kind, protocol)
        try:
            for option in line.socket_options or ():
                sock.setsockopt(*option)
            sock.settimeout(watch.left_s() / share)
            sock.connect(address)
            sock.settimeout(watch.left_s())
        except OSError:
            sock.close()
        else:
            return sock
    watch.addresses.forget(host, port)
    raise NewConnectionError(line, "no address answered")


class Transport(HTTPAdapter):
    """requests' way to the network with lines of ours; one request at a time. Never retries."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        super().__init__(pool_connections=8, pool_maxsize=1, max_retries=0)

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Mapping[str, str] | None = None, cert: Any = None
    ) -> HTTPConnectionPool:
        pool: HTTPConnectionPool = super().get_connection_with_tls_context(request, verify, proxies, cert)  # type: ignore[assignment]
        if not isinstance(pool.ConnectionCls, partial):
            kind = _SecureLine if isinstance(pool, HTTPSConnectionPool) else _Line
            pool.ConnectionCls = partial(kind, self._watch)  # type: ignore[assignment]
        return pool
