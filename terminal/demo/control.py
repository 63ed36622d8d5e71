"""The demo's hand on the platforms' side: selling coupons, changing their lot, cutting the line, reading their book."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from sync.domain.codes import WECHAT_SHOP
from sync.sandbox.faults import ENDPOINTS
from terminal.demo.books import Use

TIMEOUT_S = 30
# The customer's phone has a line of its own: what it asks goes on working when the shop's line is down.
_PHONE_ENDPOINTS = frozenset({"permit"})


@dataclass(frozen=True, slots=True)
class Sold:
    """A coupon in a customer's hands. `price_fen` is what was paid for all its units."""

    platform: str
    code: str = field(repr=False)
    qr_text: str = field(repr=False)
    order_id: str
    price_fen: int


@dataclass(frozen=True, slots=True)
class Book:
    """What the platforms believe. `states`: (platform, code) → usable, used, refunded, frozen or expired; `heads`:
    (seq, hash) of journal heads that were left with them."""

    uses: tuple[Use, ...]
    states: Mapping[tuple[str, str], str]
    second_attempts: int
    heads: frozenset[tuple[int, str]]


class Control:
    """The control calls of a running sandbox. Raises requests' errors: a sandbox in this process always answers."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def sell(self, platform: str, count: int = 1, **wish: Any) -> list[Sold]:
        """Coupons of one order."""
        body = {"platform": platform, "count": count, "order": "same", **wish}
        made = self._call("POST", "coupons", json=body)["coupons"]
        names = ("platform", "code", "qr_text", "order_id", "price_fen")
        return [Sold(**{name: one[name] for name in names}) for one in made]

    def dynamic(self, coupon: Sold) -> str:
        """What the customer's phone shows for it now, made by the phone alone."""
        return str(self._call("GET", f"coupons/{coupon.code}/dynamic", params={"mode": "chain"})["text"])

    def set_lot(self, coupon: Sold, lot: str) -> None:
        """Refunded, frozen, expired …"""
        self._call("POST", f"coupons/{coupon.code}", json={"set": lot})

    def lose_answers(self, endpoint: str) -> None:
        """From now on that call is carried out, and its answer never arrives."""
        self._call("POST", "faults", json={"platform": "*", "endpoint": endpoint, "kind": "drop_after"})

    def cut_the_line(self) -> None:
        """Nothing of what the terminal sends arrives any more, on any platform."""
        for endpoint in ENDPOINTS:
            if endpoint != "*" and endpoint not in _PHONE_ENDPOINTS:
                self._call("POST", "faults", json={"platform": "*", "endpoint": endpoint, "kind": "drop_before"})

    def mend_the_line(self) -> None:
        """All is as it was."""
        self._call("DELETE", "faults")

    def book(self) -> Book:
        """Everything the platforms have written down."""
        body = self._call("GET", "book")
        places: Counter[str] = Counter()
        uses = []
        for one in body["redemptions"]:
            places[one["request_id"]] += 1
            record = _record(one, places[one["request_id"]])
            uses.append(Use(record, one["platform"], one["code"], one["unit"], one["amount_fen"], one["reversed"]))
        states = {(one["platform"], one["code"]): one["state"] for one in body["coupons"]}
        heads = frozenset((head["seq"], head["head"]) for head in body["journal_heads"])
        return Book(tuple(uses), states, body["second_attempts"], heads)

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()

    def _call(self, method: str, path: str, **more: Any) -> Any:
        answer = self._session.request(method, f"{self._url}/{path}", timeout=TIMEOUT_S, **more)
        answer.raise_for_status()
        return answer.json()


def _record(use: Mapping[str, Any], place: int) -> str:
    """What a use is called between till and platform. WeChat Shop numbers none: a use goes by the number of the request
    and its place in it."""
    return f"{use['request_id']}/{place}" if use["platform"] == WECHAT_SHOP else str(use["redemption_id"])
