"""The HTTP server: keep-alive, one send an answer, hostile requests, loopback only."""

import http.client
import json
import socket
import threading
from urllib.parse import urlsplit

import pytest
import requests

from sync.sandbox.sandbox import Sandbox
from tests.sandbox.client import TIMEOUT_S, Client


def _connection(sandbox: Sandbox) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=TIMEOUT_S)


CHUNKED = b"POST /dq/v1/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"


def _raw(sandbox: Sandbox, data: bytes) -> bytes:
    port = urlsplit(sandbox.url).port
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as wire:
        wire.sendall(data)
        wire.shutdown(socket.SHUT_WR)
        heard = b""
        while chunk := wire.recv(65536):
            heard += chunk
        return heard


def test_only_loopback_is_served() -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1 only"):
        Sandbox(host="0.0.0.0").start()


def test_two_calls_over_one_connection(sandbox: Sandbox) -> None:
    connection = _connection(sandbox)
    ports = set()
    for _ in range(2):
        connection.request("GET", "/control/health")
        answer = connection.getresponse()
        assert answer.version == 11
        assert json.loads(answer.read())["ok"] is True
        assert connection.sock is not None
        ports.add(connection.sock.getsockname()[1])
    assert len(ports) == 1
    connection.close()


def test_headers_and_body_leave_in_one_piece(sandbox: Sandbox) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(sandbox.url).port), timeout=TIMEOUT_S) as wire:
        wire.sendall(b"GET /control/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        first = wire.recv(65536)
    head, _, body = first.partition(b"\r\n\r\n")
    assert b"Content-Length: %d" % len(body) in head
    assert json.loads(body)["ok"] is True


def test_a_client_may_ask_for_the_end_of_its_connection(sandbox: Sandbox) -> None:
    heard = _raw(sandbox, b"GET /control/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Connection: close" in heard


def test_head_has_no_body(sandbox: Sandbox) -> None:
    connection = _connection(sandbox)
    connection.request("HEAD", "/dq/v1/openapi.json")
    answer = connection.getresponse()
    assert answer.status == 200
    assert int(answer.headers["Content-Length"]) > 10_000
    assert answer.read() == b""
    connection.close()


def test_unknown_paths_and_methods(client: Client) -> None:
    url = client.sandbox.url
    assert client.session.get(f"{url}/dq/v1/nothing", timeout=TIMEOUT_S).status_code == 404
    wrong = client.session.get(f"{url}/dq/v1/redeem", timeout=TIMEOUT_S)
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
    assert client.session.put(f"{url}/control/clock", timeout=TIMEOUT_S).status_code == 405


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"505"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"POST /dq/v1/token HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n", b"413"),
        (b"POST /dq/v1/token HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST /dq/v1/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", b"501"),
        (b"GET /x?" + b"&".join(b"a=1" for _ in range(200)) + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
        (b"GET http://[bad/ HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    ],
)
def test_what_cannot_be_framed_is_refused(sandbox: Sandbox, request_bytes: bytes, status: bytes) -> None:
    assert b" " + status + b" " in _raw(sandbox, request_bytes).split(b"\r\n", 1)[0]


@pytest.mark.parametrize(
    ("chunks", "status"),
    [
        (b"\r\nx\r\n", b"400"),
        (b"\r\n-1\r\n", b"400"),
        (b"\r\n123456789\r\n", b"400"),
        (b"\r\n2\r\n{}}\r\n0\r\n\r\n", b"400"),
        (b"\r\n" + b"0" * 9000, b"400"),
        (b"\r\n0\r\n" + b"a: b\r\n" * 101, b"400"),
        (b"\r\nfffff\r\n", b"413"),
        (b"Content-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n", b"400"),
    ],
)
def test_chunks_that_cannot_be_read_are_refused(sandbox: Sandbox, chunks: bytes, status: bytes) -> None:
    assert b" " + status + b" " in _raw(sandbox, CHUNKED + chunks).split(b"\r\n", 1)[0]


def test_a_body_may_come_in_chunks(sandbox: Sandbox) -> None:
    connection = _connection(sandbox)
    for parts in ([b'{"platform":', b'"douyin"}'], [b"{}"]):
        connection.request("POST", "/control/coupons", iter(parts), encode_chunked=True)
        answer = connection.getresponse()
        assert (answer.status, len(json.loads(answer.read())["coupons"])) == (200, 1)
    connection.close()
    body = b"2;note=x\r\n{}\r\n0\r\nTrailer: x\r\n\r\n"
    told = _raw(sandbox, CHUNKED.replace(b"/dq/v1/token", b"/oauth/client_token/") + b"\r\n" + body)
    assert b'"error_code":10002' in told


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{",
        b'{"a":NaN}',
        b"[" * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"grant_type":{"x":[]},"client_id":3}',
        b'{"grant_type":"client_credentials","client_id":"\\ud800","client_secret":"\\ud800"}',
    ],
)
def test_hostile_bodies_get_an_answer(client: Client, body: bytes) -> None:
    mini = client.session.post(f"{client.sandbox.url}/dq/v1/token", data=body, timeout=TIMEOUT_S)
    assert mini.status_code in (400, 401)
    assert mini.json()["error"]["code"] in ("bad_request", "invalid_client")
    douyin = client.session.post(f"{client.sandbox.url}/oauth/client_token/", data=body, timeout=TIMEOUT_S)
    assert (douyin.status_code, douyin.json()["data"]["error_code"]) == (200, 10002)
    control = client.session.post(f"{client.sandbox.control}/faults", data=body, timeout=TIMEOUT_S)
    assert control.status_code == 400
    assert control.json()["error"]


def test_clients_that_leave_are_no_event(
    sandbox: Sandbox, client: Client, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    port = urlsplit(sandbox.url).port
    half = b"POST /dq/v1/token HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{"
    for data in (b"", b"GET /contr", half, CHUNKED + b"\r\n5\r\n{", CHUNKED + b"\r\n5"):
        wire = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
        wire.sendall(data)
        wire.close()
    assert client.control("GET", "/health")["ok"] is True
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_many_at_once_each_coupon_once(sandbox: Sandbox, client: Client) -> None:
    codes = [one["code"] for one in client.coupons("miniprogram", count=24)]
    found: list[int] = []

    def ask(code: str) -> None:
        answer = requests.post(f"{sandbox.control}/coupons/{code}", json={"set": "used_elsewhere"}, timeout=TIMEOUT_S)
        found.append(answer.status_code)

    threads = [threading.Thread(target=ask, args=(code,), name=f"ask-{code}") for code in codes * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200] * 24 + [400] * 24
    assert len(client.book()["redemptions"]) == 24


def test_control_is_not_for_browsers(client: Client) -> None:
    url = f"{client.sandbox.control}/book"
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        assert client.session.get(url, headers=headers, timeout=TIMEOUT_S).status_code == 403
