"""A sandbox as its technician has it: shops, coupons, and what was booked of them."""

from dataclasses import dataclass
from typing import Any

import requests

from sync.sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class Counter:
    """What a client is tried at."""

    sandbox: Sandbox

    def shop(self, platform: str) -> dict[str, str]:
        """What binds a shop to a platform."""
        return dict(self.sandbox.describe()[platform])

    def coupons(self, platform: str, count: int = 1, **wish: Any) -> list[dict[str, Any]]:
        """Coupons of one order."""
        body = {"platform": platform, "count": count, "order": "same", "price_fen": 9900, **wish}
        answer = requests.post(f"{self.sandbox.control}/coupons", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["coupons"])

    def uses(self, *coupons: dict[str, Any]) -> list[dict[str, Any]]:
        """What the platform has booked of them, with what was taken back."""
        book = requests.get(f"{self.sandbox.control}/book", timeout=60).json()
        codes = {coupon["code"] for coupon in coupons}
        return [use for use in book["redemptions"] if use["code"] in codes]
