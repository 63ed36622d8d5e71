"""How an answer becomes bytes on the wire, whole or spoilt by a fault."""

from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus

from sync.sandbox.wire import Answer

_PORTAL = Answer(
    200,
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>商场免费 Wi-Fi</title></head>'
    '<body><h1>欢迎使用商场免费 Wi-Fi</h1><form action="/login" method="post">'
    '<input name="phone" placeholder="手机号"><button>一键登录</button></form></body></html>'.encode(),
    "text/html; charset=utf-8",
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes out: the bytes (none: silence), and whether the connection ends, by FIN or by reset."""

    data: bytes
    close: bool = False
    reset: bool = False


def head_bytes(answer: Answer, now_s: int, *, close: bool, length: int | None = None) -> bytes:
    """Status line and headers, up to and with the empty line."""
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Status"
    lines = [
        f"HTTP/1.1 {answer.status} {phrase}",
        # 0: refused before the platforms' clock was asked.
        *([f"Date: {formatdate(now_s, usegmt=True)}"] if now_s else []),
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(answer.body) if length is None else length}",
        *(f"{name}: {value}" for name, value in answer.headers),
    ]
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def whole(answer: Answer, now_s: int, *, close: bool = False, head_only: bool = False) -> Delivery:
    """The answer as it should be: headers and body in one piece."""
    head = head_bytes(answer, now_s, close=close)
    return Delivery(head if head_only else head + answer.body, close)


def _bad_json(answer: Answer, now_s: int, close: bool) -> Delivery:
    # Cut through the middle, but never where what is left would be JSON after all.
    half = answer.body[: len(answer.body) // 2] or b'{"data":{"error_code":0,'
    return whole(Answer(200, half), now_s, close=close)


def _empty(_answer: Answer, now_s: int, close: bool) -> Delivery:
    return whole(Answer(200), now_s, close=close)


def _cut_headers(answer: Answer, now_s: int, _close: bool) -> Delivery:
    head = head_bytes(answer, now_s, close=False)
    # Many a client takes this for an empty 200: the length had not come yet.
    return Delivery(head[: head.index(b"Content-Length") + len(b"Content-")], close=True)


def _cut_body(answer: Answer, now_s: int, _close: bool) -> Delivery:
    # A body of nothing is announced as longer, so that there is something to miss.
    length = len(answer.body) or 128
    head = head_bytes(answer, now_s, close=False, length=length)
    return Delivery(head + answer.body[: len(answer.body) // 2], close=True)


def _portal(_answer: Answer, now_s: int, close: bool) -> Delivery:
    return whole(_PORTAL, now_s, close=close)


def _silence(_answer: Answer, _now_s: int, _close: bool) -> Delivery:
    return Delivery(b"", close=True)


def _refusal(_answer: Answer, _now_s: int, _close: bool) -> Delivery:
    return Delivery(b"", close=True, reset=True)


_SPOILS = {
    "bad_json": _bad_json,
    "empty": _empty,
    "cut_headers": _cut_headers,
    "cut_body": _cut_body,
    "portal": _portal,
    "drop_before": _silence,
    "drop_after": _silence,
    "refuse": _refusal,
}


def delivered(answer: Answer, kind: str | None, now_s: int, *, close: bool, head_only: bool) -> Delivery:
    """The answer as the fault `kind` leaves it; kinds that only change the answer leave it whole."""
    spoil = _SPOILS.get(kind or "")
    if spoil is None:
        return whole(answer, now_s, close=close, head_only=head_only)
    return spoil(answer, now_s, close)
