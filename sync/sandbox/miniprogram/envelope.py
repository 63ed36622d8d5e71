"""How the own platform words success and failure, and how it reads what comes."""

import re
from dataclasses import dataclass

from sync.sandbox.fields import Fields
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Json, json_answer

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
VOUCHER = re.compile(r"[0-9a-f]{18}", re.ASCII)
STORE = re.compile(r"[0-9a-f]{8}", re.ASCII)
OFFER = re.compile(r"[0-9a-f]{8}", re.ASCII)
NONCE = re.compile(r"[0-9a-f]{16}", re.ASCII)
HEX32 = re.compile(r"[0-9a-f]{64}", re.ASCII)
HEX64 = re.compile(r"[0-9a-f]{128}", re.ASCII)
ANY_STORE = "00000000"
NO_NONCE = "0" * 16
TERMINAL = re.compile(r"[^\x00-\x1f\x7f]{1,64}")
TIERS = ("online", "permit", "chain", "cached", "recorded")
LATEST_MS = 10**14


@dataclass(eq=False, slots=True)
class Failure(Exception):
    """A call that is refused as a whole, by HTTP status and code of own-platform.md."""

    status: int
    code: str
    message: str
    retry_after_s: int | None = None


def succeeded(truth: Truth, data: Json) -> Answer:
    """An answer with the platform's time."""
    return json_answer(200, {**data, "now_at": truth.now_ms()})


def failed(now_ms: int, failure: Failure) -> Answer:
    """A refusal with the platform's time."""
    headers = () if failure.retry_after_s is None else (("Retry-After", str(failure.retry_after_s)),)
    body = {"error": {"code": failure.code, "message": failure.message}, "now_at": now_ms}
    return json_answer(failure.status, body, headers)


def not_found(what: str) -> Failure:
    """404."""
    return Failure(404, "not_found", f"no such {what}")


def own_store(truth: Truth, fields: Fields) -> str:
    """The store that the call is about; 403 unless this client may act for it."""
    store = fields.text("store", STORE)
    if store != truth.setting("miniprogram.store"):
        raise Failure(403, "store_not_allowed", f"this client may not act for the store {store}")
    return store
