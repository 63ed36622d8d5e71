"""The HTTP server: sockets, framing, and the only threads that the sandbox starts."""

import contextlib
import logging
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sync.sandbox.chunks import BadChunks, read_chunks
from sync.sandbox.delivery import Delivery, whole
from sync.sandbox.exchange import parse_target
from sync.sandbox.wire import BadInput, Request, json_answer

LOOPBACK = "127.0.0.1"
MAX_BODY_BYTES = 1_000_000
_IDLE_TIMEOUT_S = 300.0
_LOG = logging.getLogger(__name__)

Responder = Callable[[Request, bool], Delivery]


class _Refused(Exception):
    """The request cannot be framed; the status and a sentence. The connection ends."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    """One connection, many requests."""

    protocol_version = "HTTP/1.1"
    server_version = "hexiao-sandbox"
    disable_nagle_algorithm = True
    timeout = _IDLE_TIMEOUT_S
    server: "_Server"

    def handle(self) -> None:
        """A client that goes away is no event worth a word."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle()

    def handle_one_request(self) -> None:
        """Read one request, answer it in one send."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
            return
        if len(self.raw_requestline) > 65536:
            self.requestline, self.request_version, self.command = "", "", ""
            self._send(self._plain(_Refused(414, "the request line is too long")))
            return
        if not self.parse_request():
            return
        try:
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = parse_target(self.command, self.path, headers, self._body())
        except _Refused as problem:
            self._send(self._plain(problem))
        except BadInput as problem:
            self._send(self._plain(_Refused(400, str(problem))))
        else:
            self._send(self.server.respond(request, self.close_connection))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library refuses while parsing goes out like everything else."""
        self._send(self._plain(_Refused(code, message or explain or "the request is malformed")))

    def log_message(self, format: str, *args: Any) -> None:
        """Access logs would drown what matters."""

    def _body(self) -> bytes:
        if "transfer-encoding" in self.headers:
            return self._chunked_body()
        announced = self.headers.get("content-length", "0").strip()
        if not (announced.isascii() and announced.isdigit()) or len(announced) > 18:
            raise _Refused(400, "Content-Length is not a number")
        if int(announced) > MAX_BODY_BYTES:
            raise _Refused(413, f"a body may have {MAX_BODY_BYTES} bytes")
        body = self.rfile.read(int(announced))
        if len(body) < int(announced):
            raise ConnectionAbortedError("the client left before its body was whole")
        return body

    def _chunked_body(self) -> bytes:
        if self.headers["transfer-encoding"].strip().lower() != "chunked":
            raise _Refused(501, "no transfer encoding but chunked is taken")
        if "content-length" in self.headers:
            raise _Refused(400, "a body has either a Content-Length or chunks")
        try:
            return read_chunks(self.rfile, MAX_BODY_BYTES)
        except BadChunks as problem:
            raise _Refused(problem.status, str(problem)) from problem

    @staticmethod
    def _plain(problem: _Refused) -> Delivery:
        answer = json_answer(problem.status, {"error": str(problem)})
        return whole(answer, 0, close=True)

    def _send(self, delivery: Delivery) -> None:
        if delivery.data:
            self.connection.sendall(delivery.data)
        if delivery.close:
            self.close_connection = True
        if delivery.reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            # shutdown() would send a FIN first; the server closes without it, and close() then resets.
            self.server.reset_at_end(self.connection)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, respond: Responder) -> None:
        self.respond = respond
        self._open: set[socket.socket] = set()
        self._rude: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._served = 0
        super().__init__((LOOPBACK, port), _Handler)

    def server_bind(self) -> None:
        """Without asking the name service who 127.0.0.1 is."""
        # On Windows SO_REUSEADDR would let two sandboxes share a port; elsewhere it lets one come back to its own.
        option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        self.socket.setsockopt(socket.SOL_SOCKET, option, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = LOOPBACK, int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """One named thread for each connection."""
        with self._lock:
            self._open.add(request)
            self._served += 1
            name = f"sandbox-connection-{self._served}"
        threading.Thread(
            target=self.process_request_thread, args=(request, client_address), name=name, daemon=True
        ).start()

    def reset_at_end(self, connection: socket.socket) -> None:
        """This connection is to end by a reset."""
        with self._lock:
            self._rude.add(connection)

    def shutdown_request(self, request: Any) -> None:
        """End one connection, and forget it."""
        with self._lock:
            self._open.discard(request)
            rude = request in self._rude
            self._rude.discard(request)
        if rude:
            request.close()
        else:
            super().shutdown_request(request)

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """A defect of the sandbox: logged, and the client sees its connection end."""
        _LOG.exception("the sandbox failed at a request")

    def hang_up(self) -> None:
        """End all connections."""
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class HttpServer:
    """Answers on 127.0.0.1 from `start` to `stop`. `respond` is called from many threads."""

    def __init__(self, port: int, respond: Responder, host: str = LOOPBACK) -> None:
        if host != LOOPBACK:
            raise ValueError(f"the sandbox answers on {LOOPBACK} only, not on {host}")
        self._server = _Server(port, respond)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="sandbox-accept", daemon=True
        )

    @property
    def port(self) -> int:
        """The port that it answers on."""
        return self._server.server_port

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, and end every connection."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server.hang_up()
