"""The listener at its door: hostile bytes get a 4xx or nothing, slow ones are cut off, and it ends with its program."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest
import requests

from sync.domain.notice import Pushed, Reply
from sync.engine import listener as module
from sync.engine.listener import MAX_BODY_BYTES, MOST_AT_ONCE, Listener

LOOPBACK = "127.0.0.1"


@dataclass
class Heard:
    """What reached the platform's side, and what it answers."""

    reply: Reply = field(default_factory=lambda: Reply(200, b'{"a":1}'))
    pushed: list[tuple[str, Pushed]] = field(default_factory=list)
    problems: list[Exception] = field(default_factory=list)
    fault: Exception | None = None
    troubled: threading.Event = field(default_factory=threading.Event)

    def problem(self, error: Exception) -> None:
        self.problems.append(error)
        self.troubled.set()

    def answer(self, platform: str, pushed: Pushed) -> Reply:
        self.pushed.append((platform, pushed))
        if self.fault is not None:
            raise self.fault
        return self.reply


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def door(heard: Heard) -> Iterator[tuple[str, int]]:
    listener = Listener(LOOPBACK, 0, heard.answer, heard.problem)
    listener.start()
    yield listener.address
    listener.stop()
    assert not [thread.name for thread in threading.enumerate() if thread.name == "listener-accept"]


@contextmanager
def connected(door: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(door, 10) as line:
        yield line


def said(door: tuple[str, int], sent: bytes) -> bytes:
    """Everything that is answered to these bytes."""
    with connected(door) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while part := line.recv(4096):
            answer += part
    return answer


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1])


def test_a_request_is_passed_on_as_it_came(door: tuple[str, int], heard: Heard) -> None:
    url = f"http://{door[0]}:{door[1]}/douyin/webhook/x?a=%20b&a=c"
    answer = requests.post(url, data=b"\x00body", headers={"Msg-Id": "m-1"}, timeout=10)
    assert (answer.status_code, answer.content) == (200, b'{"a":1}')
    assert answer.headers["Content-Type"] == "application/json"
    ((platform, pushed),) = heard.pushed
    assert (platform, pushed.method, pushed.path, pushed.query) == ("douyin", "POST", "webhook/x", "a=%20b&a=c")
    assert (pushed.headers["msg-id"], pushed.body) == ("m-1", b"\x00body")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"GARBAGE\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET / HTTP/x\r\n\r\n", 400),
        (b"PUT /douyin/webhook HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", 405),
        (b"DELETE / HTTP/1.0\r\n\r\n", 405),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 9999999999999\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc", 400),
        (f"POST / HTTP/1.1\r\nContent-Length: {MAX_BODY_BYTES + 1}\r\n\r\n".encode() + b"x" * 70_000, 413),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(200)) + b"\r\n", 431),
    ],
)
def test_what_is_no_request_is_refused_and_reaches_nobody(
    door: tuple[str, int], heard: Heard, sent: bytes, expected: int
) -> None:
    answer = said(door, sent)
    assert status(answer) == expected if expected != 431 else 400 <= status(answer) < 500
    assert (heard.pushed, heard.problems) == ([], [])
    assert requests.get(f"http://{door[0]}:{door[1]}/douyin/x", timeout=10).status_code == 200


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET", b"GET / HTTP/1.1\r\nHost"])
def test_who_says_too_little_is_let_go(door: tuple[str, int], heard: Heard, sent: bytes) -> None:
    said(door, sent)
    assert heard.problems == []
    assert requests.get(f"http://{door[0]}:{door[1]}/douyin/x", timeout=10).status_code == 200


def test_one_connection_is_one_request(door: tuple[str, int], heard: Heard) -> None:
    one = b"GET /a/b HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"
    assert said(door, one * 3).count(b"HTTP/1.0 200") == 1
    assert len(heard.pushed) == 1


def test_a_defect_behind_it_ends_one_connection_and_is_told(door: tuple[str, int], heard: Heard) -> None:
    heard.fault = RuntimeError("boom")
    assert said(door, b"GET /a/b HTTP/1.0\r\n\r\n") == b""
    assert heard.troubled.wait(10)
    assert [str(problem) for problem in heard.problems] == ["boom"]
    heard.fault = None
    assert status(said(door, b"GET /a/b HTTP/1.0\r\n\r\n")) == 200


def test_who_takes_too_long_is_cut_off_and_makes_room(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_S", 0.1)
    listener = Listener(LOOPBACK, 0, heard.answer)
    listener.start()
    lines = [socket.create_connection(listener.address, 10) for _ in range(MOST_AT_ONCE + 4)]
    try:
        for line in lines:
            line.sendall(b"POST /a/b HTTP/1.1\r\n")
        # Each is ended by the listener, whether it was taken or turned away.
        for line in lines:
            try:
                assert line.recv(1) == b""
            except ConnectionError:
                continue
        assert status(said(listener.address, b"GET /a/b HTTP/1.0\r\n\r\n")) == 200
    finally:
        for line in lines:
            line.close()
        listener.stop()


def test_stopping_ends_what_is_open(heard: Heard) -> None:
    listener = Listener(LOOPBACK, 0, heard.answer)
    listener.start()
    with connected(listener.address) as line:
        line.sendall(b"GET /a HT")
        # Taken, so that it is open when the listener stops.
        assert status(said(listener.address, b"GET /a/b HTTP/1.0\r\n\r\n")) == 200
        listener.stop()
        with suppress(ConnectionError):
            assert line.recv(1) == b""
    with pytest.raises(OSError, match=r".*"):
        socket.create_connection(listener.address, 1).close()


def test_an_address_that_is_taken_is_an_error_at_once(door: tuple[str, int], heard: Heard) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        with pytest.raises(OSError, match=r".*"):
            Listener(LOOPBACK, other.getsockname()[1], heard.answer)


def test_stopping_before_starting_is_no_harm(heard: Heard) -> None:
    Listener(LOOPBACK, 0, heard.answer).stop()
