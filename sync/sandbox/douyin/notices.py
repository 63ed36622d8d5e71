"""What Douyin tells a merchant unasked: a coupon was verified, taken back or refunded; codes shall be issued."""

from typing import Any

from sync.sandbox.credentials import douyin_credentials
from sync.sandbox.douyin.shapes import amount, sku
from sync.sandbox.douyin.signing import spi_sign, webhook_sign
from sync.sandbox.fields import Fields
from sync.sandbox.push import Notification
from sync.sandbox.rows import Coupon
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Json, dump

CERTIFICATE_EVENT, CHALLENGE_EVENT = "life_trade_certificate_notify", "verify_webhook"
ACTIONS = ("verify", "verify_cancel", "refund_success")
WEBHOOK_TIMEOUT_S, SPI_TIMEOUT_S = 5.0, 8.0


def certificate_content(truth: Truth, coupon: Coupon, action: str) -> Json:
    """The content of a notice about one coupon."""
    certificate = {
        "certificate_id": coupon.serial,
        "order_id": coupon.order_id,
        "account_id": douyin_credentials(truth).account_id,
        "code": coupon.code,
    }
    return {"action": action, "msg_time": truth.now_s(), "certificate": certificate}


def webhook(truth: Truth, event: str, content: Json, msg_id: str, *, forged: bool) -> Notification:
    """The content goes as a JSON text inside the JSON, but as an object where the address is only being tried."""
    trying = event == CHALLENGE_EVENT
    own = douyin_credentials(truth)
    body = dump(
        {
            "event": event,
            "client_key": "" if trying else own.client_key,
            "from_user_id": "",
            "content": content if trying else dump(content).decode(),
            "log_id": f"{truth.now_s()}{truth.hex(10).upper()}",
        }
    )
    secret = truth.hex(16) if forged else own.client_secret
    headers = {
        "Content-Type": "application/json",
        "Msg-Id": msg_id,
        "X-Douyin-Signature": webhook_sign(secret, body),
    }
    return Notification("POST", {}, headers, body)


def issue_body(truth: Truth, wish: Fields) -> dict[str, Any]:
    """What an order of third-party codes asks the merchant to issue."""
    count, price_fen = wish.whole("count", 1, 100, 1), wish.whole("price_fen", 0, 10_000_000, 12_800)
    pattern = Coupon("douyin", "", "", "voucher", 0, 1, price_fen, 0, 0, "", "", "", "", "", third_sku_id="third-1")
    sold = sku(truth, pattern)
    return {
        "order_id": truth.digits(19),
        "count": count,
        "sku": {
            "sku_name": sold["title"],
            "sku_id": sold["sku_id"],
            "third_sku_id": sold["third_sku_id"],
            "groupon_type": sold["groupon_type"],
        },
        "open_id": f"_000{truth.hex(12)}",
        "start_time": truth.now_s(),
        "expire_time": truth.now_s() + 30 * 86_400,
        "amount": amount(price_fen * count),
    }


def spi(truth: Truth, method: str, content: Json | None, query: dict[str, str], *, forged: bool) -> Notification:
    """An SPI call. The `sign` in the query follows an older rule that nobody should rely on [its value is a guess]."""
    own = douyin_credentials(truth)
    told = {"client_key": own.client_key, "timestamp": str(truth.now_ms()), **query}
    body = dump(content) if content is not None and method == "POST" else None
    signed = spi_sign(truth.hex(16) if forged else own.client_secret, told, body)
    headers = {"Content-Type": "application/json", "x-life-clientkey": own.client_key, "x-life-sign": signed}
    return Notification(method, {**told, "sign": signed}, headers, body or b"")
