"""A server on loopback that says, connection by connection, exactly what a test tells it to."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

Step = Callable[[socket.socket], None]


def say(data: bytes) -> Step:
    """Answer with these bytes."""
    return lambda connection: connection.sendall(data)


def drip(data: bytes, every_s: float = 0.02) -> Step:
    """Answer byte by byte."""
    pause = threading.Event()

    def step(connection: socket.socket) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            pause.wait(every_s)

    return step


def hold(connection: socket.socket) -> None:
    """Say nothing until the client goes."""
    connection.recv(1)


def reset(connection: socket.socket) -> None:
    """End the connection with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@dataclass
class Scripted:
    """`connections`: for each connection in turn, the steps that answer its requests; then it is closed."""

    connections: list[list[Step]]
    requests: list[bytes] = field(default_factory=list)
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    port: int = 0
    tls: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Answers for the length of the block."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            thread = threading.Thread(target=self._serve, args=(listener,), name="scripted-server", daemon=True)
            thread.start()
            yield self
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)

    def _serve(self, listener: socket.socket) -> None:
        for steps in self.connections:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                if self.tls is not None:
                    connection = self.tls.wrap_socket(connection, server_side=True)
                for step in steps:
                    self.requests.append(_request(connection))
                    step(connection)
            except OSError:
                pass
            finally:
                connection.close()
            self.closed.release()


def _request(connection: socket.socket) -> bytes:
    """One request, read whole."""
    data = b""
    # A TLS hello is answered as it comes.
    while b"\r\n\r\n" not in data and not data.startswith(b"\x16"):
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += _some(connection)
    return head + b"\r\n\r\n" + body


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionAbortedError
    return data
