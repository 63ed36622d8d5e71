"""What Douyin sends by itself: its signatures, and the hint in a webhook (platform-contracts.md 1.8)."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qsl

from pydantic import Field, ValidationError

from sync.domain.notice import Notice, Pushed, Reply, Told
from sync.platforms.douyin.wire import Wire, seconds_of

WEBHOOK, SPI = "webhook", "spi"
# How far the time that an SPI call was signed with may lie from ours; repeats of one call come within minutes.
SPI_SLACK_MS: Final = 300_000
# A notice that is older is no news, and copies of younger ones are known by what they say.
OLDEST_MS: Final = 6 * 86_400_000
_TOLD: Final = {"verify": Told.REDEEMED, "verify_cancel": Told.REVERSED, "refund_success": Told.REFUNDED}
_CERTIFICATE: Final = "life_trade_certificate_notify"
_MSG_ID: Final = re.compile(r"[\x21-\x7e]{1,128}")
_TAKEN: Final = b'{"data":{"error_code":0,"description":"success"}}'
_NOT_HERE: Final = b'{"data":{"error_code":1,"description":"this terminal issues no codes"}}'


class Body(Wire):
    """A webhook. `content` is JSON in a string, and bare in the challenge alone."""

    event: str = Field(min_length=1)
    content: Any = None


class Challenge(Wire):
    """What the platform tries an address with."""

    challenge: int | str


class TradedCertificate(Wire):
    """The coupon that a notice is about; `code` of a third party's only."""

    certificate_id: str = Field(min_length=1)
    account_id: str | None = ""
    code: str | None = ""


class Traded(Wire):
    """The content of a notice about a coupon. `msg_time` in seconds, or in ms as Douyin's times sometimes are."""

    action: str
    msg_time: int = Field(ge=0, lt=10**14)
    certificate: TradedCertificate

    @property
    def at_ms(self) -> int:
        """When it was sent."""
        return seconds_of(self.msg_time) * 1000


class Notices:
    """Takes what is sent to one application. Nothing is believed but that Douyin sent it."""

    def __init__(self, client_secret: str, account_id: str) -> None:
        self._secret = client_secret.encode()
        self._account_id = account_id

    def receive(self, pushed: Pushed, now_ms: Callable[[], int]) -> Reply:
        """Answer a request: 2xx only to what is signed with our secret. Never raises on anything sent."""
        try:
            match pushed.path.strip("/").split("/")[0]:
                case "webhook":
                    return self._webhook(pushed, now_ms) if pushed.method == "POST" else Reply(405)
                case "spi":
                    return self._spi(pushed, now_ms) if pushed.method in ("GET", "POST") else Reply(405)
        except (ValidationError, ValueError, RecursionError):
            return Reply(400)
        return Reply(404)

    def _webhook(self, pushed: Pushed, now_ms: Callable[[], int]) -> Reply:
        signature = hashlib.sha1(self._secret + pushed.body, usedforsecurity=False).hexdigest()
        if not _same(signature, pushed.headers.get("x-douyin-signature", "")):
            return Reply(401)
        body = Body.model_validate_json(pushed.body)
        if body.event == "verify_webhook":
            challenge = Challenge.model_validate(body.content).challenge
            return Reply(200, json.dumps({"challenge": challenge}).encode())
        if body.event != _CERTIFICATE or not isinstance(body.content, str):
            return Reply(200, _TAKEN)
        traded, name = Traded.model_validate_json(body.content), pushed.headers.get("msg-id", "")
        if not _MSG_ID.fullmatch(name):
            return Reply(400)
        told, coupon, at_ms = _TOLD.get(traded.action), traded.certificate, traded.at_ms
        ours = coupon.account_id in (None, "", self._account_id)
        if told is None or not ours or now_ms() - at_ms > OLDEST_MS:
            return Reply(200, _TAKEN)
        digest = hashlib.sha256(pushed.body).digest()
        return Reply(200, _TAKEN, Notice(name, digest, told, coupon.certificate_id, coupon.code or "", at_ms))

    def _spi(self, pushed: Pushed, now_ms: Callable[[], int]) -> Reply:
        """Calls about codes that the merchant issues: proven, and told that nobody issues any here."""
        pairs = parse_qsl(pushed.query, keep_blank_values=True, strict_parsing=True, max_num_fields=50)
        query = dict(pairs)
        if len(query) != len(pairs):
            return Reply(400)
        body = pushed.body if pushed.method == "POST" else None
        given = pushed.headers.get("x-life-sign") or query.get("sign", "")
        if not _same(spi_sign(self._secret, query, body), given):
            return Reply(401)
        stamp = query.get("timestamp", "")
        if not re.fullmatch(r"[0-9]{1,15}", stamp) or abs(now_ms() - int(stamp)) > SPI_SLACK_MS:
            return Reply(401)
        return Reply(200, _NOT_HERE)


def spi_sign(secret: bytes, query: dict[str, str], body: bytes | None) -> str:
    """The signature of an SPI call; `body` None for a GET."""
    signed = [secret, *(f"{name}={query[name]}".encode() for name in sorted(query) if name != "sign")]
    if body is not None:
        signed.append(b"http_body=" + body)
    return hashlib.sha256(b"&".join(signed)).hexdigest()


def _same(expected: str, given: str) -> bool:
    """In a time that tells nothing; header text may hold anything."""
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode("utf-8", "surrogateescape"))
