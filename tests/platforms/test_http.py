"""The door: which answers count, what an absent one proves, and that nothing secret leaves in an error."""

import gzip
import logging
import socket
import threading
import traceback

import pytest
from pydantic import BaseModel, ConfigDict

from sync.clock import FalseClock, SystemClock
from sync.domain.reasons import Code
from sync.errors import NeverSent, OutcomeUnknown, PlatformError, Refused, SettingsError
from sync.platforms import connection
from sync.platforms.http import BODY_LIMIT_BYTES, Answer, Door, Question, understood
from tests.platforms.scripted import Scripted, Step, answer, drip, hold, reset, say

HOST = "open.example.com"
SECRET = "SECRET-8812345678901234"
GET = Question("GET", f"https://{HOST}/thing?code={SECRET}", "thing", repeatable=True)
POST = Question("POST", f"https://{HOST}/thing", "thing", {"access-token": SECRET}, SECRET.encode())
GOOD = say(answer(b'{"n":1}'))


class Number(BaseModel):
    """A model to parse into."""

    model_config = ConfigDict(strict=True)
    n: int


def door_to(server: Scripted) -> Door:
    return Door(SystemClock(), {HOST: server.url})


def ask(door: Door, question: Question = GET, within_ms: int = 2000) -> Answer:
    return door.ask(question, SystemClock().monotonic_ms() + within_ms)


def number(door: Door, question: Question = GET, within_ms: int = 2000) -> int:
    return understood(Number, ask(door, question, within_ms)).n


def test_a_good_answer_is_parsed_and_sent_as_written() -> None:
    with Scripted([[GOOD, GOOD]]).running() as server:
        door = door_to(server)
        assert number(door) == 1
        assert number(door, POST) == 1
        door.close()
    assert server.requests[0].startswith(f"GET /thing?code={SECRET} HTTP/1.1".encode())
    assert b"\r\naccess-token: " + SECRET.encode() in server.requests[1]
    assert server.requests[1].endswith(b"\r\n\r\n" + SECRET.encode())
    assert b"Cookie" not in b"".join(server.requests)


def test_a_packed_answer_is_unpacked() -> None:
    with Scripted([[say(answer(gzip.compress(b'{"n":7}'), "Content-Encoding: gzip"))]]).running() as server:
        assert number(door_to(server)) == 7


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
SPOILT: dict[str, tuple[Step, str]] = {
    "silence": (hold, "timeout"),
    "closed without a word": (say(b""), "connection_lost"),
    "reset": (reset, "connection_lost"),
    "cut in the status line": (say(b"HTTP/1.1 20"), "garbled"),
    "cut in the headers": (say(b"HTTP/1.1 200 OK\r\nContent-Type: applica"), "empty"),
    "cut in the body": (say(answer(b'{"n":1}')[:-3]), "cut"),
    "announced longer than sent": (say(answer(b'{"n":1}', length=99)), "cut"),
    "announced shorter than sent": (say(answer(b'{"n":1}', length=4)), "not_json"),
    "cut between chunks": (say(CHUNKED + b'3\r\n{"n\r\n'), "cut"),
    "dripping body": (drip(answer(b'{"n":1}' + b" " * 500)), "timeout"),
    "dripping headers": (drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 90), "timeout"),
    "too long": (say(answer(b'{"n":1}' + b" " * BODY_LIMIT_BYTES)), "too_long"),
    "packed to burst": (
        say(answer(gzip.compress(b" " * (BODY_LIMIT_BYTES + 5)), "Content-Encoding: gzip")),
        "too_long",
    ),
    "not packed as it says": (say(answer(b'{"n":1}', "Content-Encoding: gzip")), "garbled"),
    "no HTTP at all": (say(b"hello\r\n\r\n"), "garbled"),
    "empty": (say(answer(b"")), "empty"),
    "a portal's page": (say(answer(b"<html>Log in</html>")), "html"),
    "half of a JSON text": (say(answer(b'{"n":')), "not_json"),
    "not UTF-8": (say(answer(b'{"n":"\xff\xfe"}')), "not_json"),
    "wrong type": (say(answer(b'{"n":"1"}')), "wrong_shape"),
    "a list": (say(answer(b"[1]")), "wrong_shape"),
    "a redirect": (say(answer(b"", "Location: https://portal.example.com/", status="302 Found")), "redirect"),
    "server error": (say(answer(b'{"n":1}', status="500 Oops")), "http_500"),
    "bad gateway": (say(answer(b"<html>", status="502 Bad Gateway")), "http_502"),
}


@pytest.mark.parametrize("question", [GET, POST], ids=["get", "post"])
@pytest.mark.parametrize("case", SPOILT)
def test_a_spoilt_answer_leaves_the_outcome_unknown(case: str, question: Question) -> None:
    step, wrong = SPOILT[case]
    with Scripted([[step]]).running() as server:
        door = door_to(server)
        with pytest.raises(OutcomeUnknown) as caught:
            number(door, question, within_ms=250)
        door.close()
    assert caught.value.reason.code is Code.NO_ANSWER
    assert caught.value.reason.facts["wrong"] == wrong
    assert caught.value.reason.facts["what"] == "thing"
    assert len(server.requests) == 1
    assert_tells_nothing(caught.value)


def assert_tells_nothing(error: PlatformError) -> None:
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(error.reason)
    assert SECRET not in shown
    assert error.__cause__ is None
    assert error.__context__ is None


@pytest.mark.parametrize(("headers", "seconds"), [(["Retry-After: 7"], 7), ([], 0), (["Retry-After: soon"], 0)])
def test_429_is_busy_and_says_until_when(headers: list[str], seconds: int) -> None:
    slow_down = say(answer(b"slow down", *headers, status="429 Too Many Requests"))
    with Scripted([[slow_down]]).running() as server, pytest.raises(Refused) as caught:
        ask(door_to(server), POST)
    assert caught.value.reason.code is Code.BUSY
    assert caught.value.reason.facts["retry_after_s"] == seconds


def test_a_redirect_that_is_looked_for_is_told_and_not_followed() -> None:
    found = say(answer(b"", "Location: https://elsewhere.example.com/x", status="302 Found"))
    with Scripted([[found]]).running() as server:
        question = Question("GET", f"https://{HOST}/a", "link", redirect=True)
        told = ask(door_to(server), question)
    assert told.location == "https://elsewhere.example.com/x"
    assert len(server.requests) == 1


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def assert_never_sent(door: Door, within_ms: int = 1000, question: Question = POST) -> None:
    with pytest.raises(NeverSent) as caught:
        ask(door, question, within_ms)
    assert caught.value.reason.code is Code.UNREACHABLE
    assert_tells_nothing(caught.value)


def test_a_refused_connection_was_never_sent() -> None:
    assert_never_sent(Door(SystemClock(), {HOST: f"http://127.0.0.1:{free_port()}"}))


def test_an_unknown_name_was_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert_never_sent(Door(SystemClock(), {}))


def test_a_name_that_is_none_was_never_sent() -> None:
    question = Question("GET", f"https://{'x' * 70}.example.com/", "thing")
    assert_never_sent(Door(SystemClock(), {}), question=question)


def test_a_failed_handshake_was_never_sent() -> None:
    with Scripted([[say(b"HTTP/1.1 400 This is no TLS\r\n\r\n")]]).running() as server:
        assert_never_sent(Door(SystemClock(), {HOST: f"https://127.0.0.1:{server.port}"}))


def test_a_handshake_that_is_not_answered_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        door = Door(SystemClock(), {HOST: f"https://127.0.0.1:{listener.getsockname()[1]}"})
        assert_never_sent(door, within_ms=120)


def test_without_time_left_nothing_is_sent() -> None:
    with Scripted([[GOOD]]).running() as server:
        assert_never_sent(door_to(server), within_ms=0)
        assert_never_sent(door_to(server), within_ms=-500)
    assert server.requests == []


def test_one_connection_serves_many_calls() -> None:
    with Scripted([[GOOD] * 5]).running() as server:
        door = door_to(server)
        assert [number(door) for _ in range(5)] == [1] * 5
        door.close()


@pytest.mark.parametrize("question", [GET, POST], ids=["get", "post"])
def test_a_connection_closed_between_two_calls_is_replaced_unnoticed(question: Question) -> None:
    with Scripted([[GOOD], [GOOD]]).running() as server:
        door = door_to(server)
        assert number(door, question) == 1
        assert server.closed.acquire(timeout=5)
        assert number(door, question) == 1


def test_a_connection_that_dies_under_a_read_is_tried_once_more() -> None:
    with Scripted([[GOOD, say(b"")], [GOOD]]).running() as server:
        door = door_to(server)
        assert number(door) == 1
        assert number(door) == 1
    assert len(server.requests) == 3


def test_a_connection_that_dies_under_a_write_leaves_the_outcome_unknown() -> None:
    with Scripted([[GOOD, say(b"")], [GOOD]]).running() as server:
        door = door_to(server)
        assert number(door, POST) == 1
        with pytest.raises(OutcomeUnknown):
            number(door, POST)
    assert len(server.requests) == 2


def test_a_read_lost_twice_is_not_called_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> socket.socket:
        raise ConnectionRefusedError

    with Scripted([[GOOD, say(b"")]]).running() as server:
        door = door_to(server)
        assert number(door) == 1
        monkeypatch.setattr(connection, "_reach", refused)
        with pytest.raises(OutcomeUnknown):
            number(door)


@pytest.mark.parametrize("question", [GET, POST], ids=["get", "post"])
def test_a_request_that_could_not_be_written_is_written_to_a_fresh_connection(
    monkeypatch: pytest.MonkeyPatch, question: Question
) -> None:
    def reset_after(connection: socket.socket) -> None:
        GOOD(connection)
        reset(connection)

    with Scripted([[reset_after], [GOOD]]).running() as server:
        door = door_to(server)
        assert number(door, question) == 1
        assert server.closed.acquire(timeout=5)
        # The look before writing is blinded, as when the end arrives in that very moment.
        monkeypatch.setattr(connection._Line, "is_connected", property(lambda line: line.sock is not None))
        assert number(door, question) == 1
    assert len(server.requests) == 2


def test_an_idle_connection_is_not_trusted() -> None:
    clock = FalseClock()
    with Scripted([[GOOD], [GOOD]]).running() as server:
        door = Door(clock, {HOST: server.url})
        assert understood(Number, door.ask(GET, clock.monotonic_ms() + 2000)).n == 1
        clock.advance_ms(connection.IDLE_LIMIT_MS + 1)
        assert understood(Number, door.ask(GET, clock.monotonic_ms() + 2000)).n == 1


def test_a_dead_address_leaves_time_for_the_next_and_names_are_asked_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []
    with Scripted([[GOOD], [GOOD]]).running() as server:
        dead, alive = free_port(), server.port

        def two(host: str, *_: object) -> list[object]:
            asked.append(host)
            place = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
            return [(*place, ("127.0.0.1", dead)), (*place, ("127.0.0.1", alive))]

        monkeypatch.setattr(socket, "getaddrinfo", two)
        door = Door(SystemClock(), {HOST: "http://localhost:1"})
        assert number(door) == 1
        assert server.closed.acquire(timeout=5)
        assert number(door) == 1
    assert asked == ["localhost"]
    assert_never_sent(door)
    assert_never_sent(door)
    assert asked == ["localhost", "localhost"]


def test_each_host_keeps_its_own_warm_connection() -> None:
    with Scripted([[GOOD] * 3]).running() as one, Scripted([[GOOD] * 3]).running() as other:
        door = Door(SystemClock(), {"a.example.com": one.url, "b.example.com": other.url})
        for _ in range(3):
            assert number(door, Question("GET", "https://a.example.com/", "thing")) == 1
            assert number(door, Question("GET", "https://b.example.com/", "thing")) == 1
        door.close()


def test_threads_at_the_same_time_use_different_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=5)
    results: list[int] = []

    def together(connection: socket.socket) -> None:
        both.wait()
        GOOD(connection)

    # Two servers behind one name: neither answers before the other was asked, too.
    with Scripted([[together]]).running() as one, Scripted([[together]]).running() as other:
        ports = iter([one.port, other.port])
        place = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        monkeypatch.setattr(connection.Addresses, "of", lambda *_: [(*place, ("127.0.0.1", next(ports)))])
        door = Door(SystemClock(), {HOST: "http://localhost:1"})
        threads = [threading.Thread(target=lambda: results.append(number(door)), name=f"asks-{i}") for i in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        door.close()
    assert results == [1, 1]


@pytest.mark.parametrize("base", ["http://open.example.com", "http://192.168.1.5:80", "ftp://127.0.0.1", "nonsense"])
def test_plain_http_is_for_loopback_only(base: str) -> None:
    with pytest.raises(SettingsError):
        Door(SystemClock(), {HOST: base})


def test_a_proxy_of_the_environment_is_used_but_not_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert_never_sent(Door(SystemClock(), {}))
    with Scripted([[GOOD]]).running() as server:
        assert number(door_to(server)) == 1


def test_no_log_carries_a_url(caplog: pytest.LogCaptureFixture) -> None:
    with Scripted([[GOOD]]).running() as server, caplog.at_level(logging.DEBUG):
        assert number(door_to(server)) == 1
    assert SECRET not in caplog.text
    assert SECRET not in repr(GET) + repr(POST)


def test_a_4xx_is_an_answer() -> None:
    with Scripted([[say(answer(b'{"n":4}', status="404 Not Found"))]]).running() as server:
        told = ask(door_to(server))
    assert (told.status, understood(Number, told).n) == (404, 4)
    assert told.sent_ms <= told.received_ms
