"""Makes what schemathesis draws mean something to one sandbox: its store, its vouchers, a signature that verifies.

Only what is well-formed is replaced, so that a value drawn to be refused stays as it was drawn.
"""

import itertools
import json
import os
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.domain.codes import luhn_ok

KNOWN = "HEXIAO_OPENAPI_KNOWN"
LATEST_MS = 10**14
CARD_OFFER = "0a110009"
_KNOWN: dict[str, Any] = json.loads(os.environ[KNOWN])
_KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
_CODE = re.compile(r"88[0-9]{14}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]*", re.ASCII)
Body = dict[str, Any]


def _pick(name: str, drawn: object) -> Any:
    """One of what is known, always the same for the same draw."""
    choices = _KNOWN[name]
    return choices[zlib.crc32(repr(drawn).encode()) % len(choices)]


def _hex(length: int) -> Callable[[str], bool]:
    return lambda text: len(text) == length and _HEX.fullmatch(text) is not None


_NAMED: dict[str, tuple[Callable[[str], bool], str]] = {
    "store": (_hex(8), "stores"),
    "voucher": (_hex(18), "vouchers"),
    "code": (lambda text: _CODE.fullmatch(text) is not None, "codes"),
    "offer": (_hex(8), "offers"),
    "redeem_request_id": (lambda text: re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text, re.ASCII) is not None, "requests"),
    "client_id": (bool, "client_ids"),
    "client_secret": (bool, "client_secrets"),
    "dynamic": (lambda text: text.isascii() and text.isdigit() and len(text) in (268, 321), "dynamics"),
}


_COUNT = itertools.count(1)
_LISTS = {"vouchers": "c", "history": "h", "statements": "s"}


def _fill(value: Any) -> None:
    """Put known names in place of drawn ones, at any depth."""
    if isinstance(value, list):
        for one in value:
            _fill(one)
    if not isinstance(value, dict):
        return
    for name, drawn in value.items():
        if name in _NAMED and isinstance(drawn, str) and _NAMED[name][0](drawn):
            value[name] = _pick(_NAMED[name][1], drawn)
        else:
            _fill(drawn)


def _page(query: Body, path: str) -> None:
    """A cursor is opaque, and that of another list is none of this one."""
    cursor, name = query.get("cursor"), path.rsplit("/", 1)[-1]
    if isinstance(cursor, str) and cursor and name in _LISTS:
        query["cursor"] = f"{_LISTS[name]}{zlib.crc32(cursor.encode('utf-8', 'replace')) % 5}"


def _whole(value: object, most: int = LATEST_MS) -> int | None:
    """A drawn whole number within its bounds; JSON and queries write one in several ways."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not float(value).is_integer():
        return None
    return int(value) if 0 <= value <= most else None


def _order(body: Body, first: str, second: str) -> None:
    """The schema can't say which of two moments comes first."""
    one, other = _whole(body.get(first)), _whole(body.get(second))
    if one is not None and other is not None:
        low, high = sorted((one, other))
        body[first], body[second] = (low, high) if low < high else (low // 2, low // 2 + 1)


def _look_up(body: Body) -> None:
    text = body.get("text")
    if isinstance(text, str) and text and body.get("by") in ("code", "phone"):
        body["text"] = _pick("codes" if body["by"] == "code" else "phones", text)
    elif isinstance(text, str) and body.get("by") == "dynamic" and _NAMED["dynamic"][0](text):
        body["text"] = _pick("dynamics", text)


def _reverse(body: Body) -> None:
    ids = body.get("redemption_ids")
    if isinstance(ids, list):
        body["redemption_ids"] = [_pick("redemptions", one) if isinstance(one, str) and one else one for one in ids]


def _import(body: Body) -> None:
    """Codes stay as drawn, with the check digit that the schema can't ask for; the offer fits the units."""
    for one in body.get("codes") or ():
        code = one.get("code") if isinstance(one, dict) else None
        if isinstance(code, str) and _CODE.fullmatch(code):
            one["code"] = next(code[:-1] + str(digit) for digit in range(10) if luhn_ok(f"{code[:-1]}{digit}"))
    units = _whole(body.get("units_total"))
    if units is not None and units > 1 and body.get("offer") in _KNOWN["offers"]:
        body["offer"] = CARD_OFFER
    _order(body, "valid_from_at", "valid_until_at")


def _sign(body: Body) -> None:
    """A head that this terminal could have signed."""
    terminal, head = body.get("terminal"), body.get("head")
    seq, signed_at = _whole(body.get("seq"), 2**63 - 1), _whole(body.get("signed_at"))
    if seq is None or signed_at is None or not (isinstance(terminal, str) and isinstance(head, str) and _hex(64)(head)):
        return
    signature, public_key = body.get("signature"), body.get("public_key")
    if isinstance(signature, str) and _hex(128)(signature) and isinstance(public_key, str) and _hex(64)(public_key):
        signed = b"hexiao-head\0" + terminal.encode("utf-8", "replace") + b"\0" + struct.pack(">Q", seq)
        body["public_key"] = _KEY.public_key().public_bytes_raw().hex()
        body["signature"] = _KEY.sign(signed + bytes.fromhex(head) + struct.pack(">Q", signed_at)).hex()


def _fresh(body: Body) -> None:
    """Most draws of a request id are the same few; three in four become one of their own."""
    drawn = body.get("request_id")
    if isinstance(drawn, str) and _NAMED["redeem_request_id"][0](drawn):
        number = next(_COUNT)
        body["request_id"] = drawn if number % 4 == 0 else f"drawn-{number}"


_MEANT: dict[str, Callable[[Body], None]] = {
    "/dq/v1/lookup": _look_up,
    "/dq/v1/reverse": _reverse,
    "/dq/v1/third-party-codes": _import,
    "/dq/v1/journal-heads": _sign,
}


@schemathesis.hook
def before_call(_context: schemathesis.HookContext, case: schemathesis.Case[Any], _kwargs: dict[str, Any]) -> None:
    """Schemathesis calls it before each request."""
    path = case.operation.path
    if isinstance(case.body, dict):
        codes = case.body.pop("codes", None) if path == "/dq/v1/third-party-codes" else None
        _fill(case.body)
        _fresh(case.body)
        if codes is not None:
            case.body["codes"] = codes
        if path in _MEANT:
            _MEANT[path](case.body)
    if isinstance(case.query, dict):
        _fill(case.query)
        _order(case.query, "from_at", "to_at")
        _page(case.query, path)
        after = _whole(case.query.get("after"), 2**53)
        if after is not None:
            case.query["after"] = after % (_KNOWN["head"] + 1)
    if isinstance(case.path_parameters, dict) and "request_id" in case.path_parameters:
        drawn = str(case.path_parameters["request_id"])
        if _NAMED["redeem_request_id"][0](drawn):
            case.path_parameters["request_id"] = _pick("requests", drawn)
