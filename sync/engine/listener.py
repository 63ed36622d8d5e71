"""The ear of a terminal: a small HTTP server for what platforms send by themselves; off unless the settings say."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final

from sync.domain.notice import Pushed, Reply

MAX_BODY_BYTES: Final = 64_000
# Whoever sends slowly is cut off: a platform itself gives up after five to eight seconds.
LONGEST_S: Final = 8.0
MOST_AT_ONCE: Final = 8
_METHODS: Final = ("GET", "POST")
_LINGER_S, _LINGER_READS = 0.2, 16

Answer = Callable[[str, Pushed], Reply]
"""What a platform of this name is answered; raises nothing."""


class _Handler(BaseHTTPRequestHandler):
    """One connection, one request; whatever is wrong with it is answered by a status and no word."""

    protocol_version = "HTTP/1.0"
    server: "_Server"
    timeout = LONGEST_S

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            super().handle()

    def handle_one_request(self) -> None:
        self.close_connection = True
        self.raw_requestline = self.rfile.readline(8193)
        if len(self.raw_requestline) > 8192:
            self.requestline, self.request_version, self.command = "", "HTTP/1.0", ""
            self._say(Reply(414))
        elif self.raw_requestline and self.parse_request():
            # parse_request would keep a connection of HTTP/1.1 open.
            self.close_connection = True
            self._say(self._answered())

    def _answered(self) -> Reply:
        if self.command not in _METHODS:
            return Reply(405)
        if "transfer-encoding" in self.headers:
            return Reply(411)
        announced = (self.headers.get("content-length") or "0").strip()
        if not (announced.isascii() and announced.isdigit()) or len(announced) > 12:
            return Reply(400)
        if int(announced) > MAX_BODY_BYTES:
            return Reply(413)
        body = self.rfile.read(int(announced))
        if len(body) < int(announced):
            return Reply(400)
        path, _, query = self.path.partition("?")
        platform, _, below = path.lstrip("/").partition("/")
        headers = {name.lower(): value for name, value in self.headers.items()}
        return self.server.answer(platform, Pushed(self.command, below, query, headers, body))

    def finish(self) -> None:
        """Read what was not asked for, for a moment: closed over it, the connection would lose our answer."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(_LINGER_S)
            for _ in range(_LINGER_READS):
                if not self.connection.recv(65_536):
                    break
        super().finish()

    def _say(self, reply: Reply) -> None:
        head = f"HTTP/1.0 {reply.status} \r\nContent-Type: application/json\r\nContent-Length: {len(reply.body)}\r\n"
        self.connection.sendall(f"{head}Connection: close\r\n\r\n".encode() + reply.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """What the standard library refuses while it parses goes out like everything else."""
        self._say(Reply(code if code < 500 else 400))

    def log_message(self, format: str, *args: Any) -> None:
        """A request line may hold anything: it is told to nobody."""


class _Server(HTTPServer):
    """Some connections at once, each for a short while."""

    request_queue_size = 32
    allow_reuse_address = True

    def __init__(self, host: str, port: int, answer: Answer, problem: Callable[[Exception], None]) -> None:
        self.answer = answer
        self._problem = problem
        self._open: dict[socket.socket, float] = {}
        self._lock = threading.Lock()
        self._served = 0
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Without asking the name service who we are; on Windows without sharing the port."""
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
        self.socket.setsockopt(socket.SOL_SOCKET, exclusive or socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def verify_request(self, request: Any, _client_address: Any) -> bool:
        """One more is turned away while as many as there may be are open."""
        with self._lock:
            if len(self._open) >= MOST_AT_ONCE:
                return False
            self._open[request] = time.perf_counter()
            self._served += 1
        return True

    def process_request(self, request: Any, client_address: Any) -> None:
        """One named thread for each connection."""
        name = f"listener-connection-{self._served}"
        threading.Thread(target=self._serve, args=(request, client_address), name=name, daemon=True).start()

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except Exception as error:  # noqa: BLE001 nothing that is sent here may end the server
            self._problem(error)
        finally:
            self.shutdown_request(request)

    def shutdown_request(self, request: Any) -> None:
        """End one connection, and forget it."""
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Cut off who takes too long, byte by byte or not at all."""
        self.hang_up(LONGEST_S)

    def hang_up(self, after_s: float) -> None:
        """End the connections that are older."""
        with self._lock:
            old = [each for each, since in self._open.items() if time.perf_counter() - since >= after_s]
        for connection in old:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """A client that goes away before it said anything."""


class Listener:
    """Listens from `start` to `stop`. `answer` is called from several threads; `problem` hears of defects."""

    def __init__(
        self, host: str, port: int, answer: Answer, problem: Callable[[Exception], None] = lambda _error: None
    ) -> None:
        """Raises OSError when the address can't be had."""
        self._server = _Server(host, port, answer, problem)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.25}, name="listener-accept", daemon=True
        )

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return self._server.server_name, self._server.server_port

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more, and end every connection."""
        if self._thread.ident is not None:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._server.hang_up(0)
