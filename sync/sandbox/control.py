"""The control calls: how a test or a technician makes coupons, faults and time, and reads the platforms' book."""

from dataclasses import asdict

from sync.sandbox.coupons import state_of, units_left
from sync.sandbox.credentials import AUTHORISED, permit_authorisation
from sync.sandbox.douyin import switches as douyin_switches
from sync.sandbox.faults import ENDPOINTS, KINDS, PLATFORMS, Fault, Faults
from sync.sandbox.fields import Fields
from sync.sandbox.meituan import switches as meituan_switches
from sync.sandbox.miniprogram import keys
from sync.sandbox.miniprogram.envelope import NO_NONCE, NONCE, STORE
from sync.sandbox.miniprogram.issue import chain_text, permit_text
from sync.sandbox.router import Route
from sync.sandbox.rows import Coupon
from sync.sandbox.stock import LATEST_S, LOTS, SHELVES, coupon_of, make_coupons
from sync.sandbox.truth import Truth
from sync.sandbox.wechat_shop import switches as wechat_shop_switches
from sync.sandbox.wire import Answer, BadInput, Json, Request, json_answer

_LONGEST_WAIT_MS = 600_000
_FARTHEST_S = 10 * 366 * 86_400


def fault_of(wish: Fields) -> Fault:
    """A fault as asked for; BadInput when it makes no sense."""
    kind = wish.choice("kind", KINDS)
    if kind == "latency" and not wish.has("ms"):
        raise BadInput("latency needs ms, the milliseconds to wait")
    return Fault(
        platform=wish.choice("platform", PLATFORMS, "*"),
        endpoint=wish.choice("endpoint", ENDPOINTS, "*"),
        kind=kind,
        ms=wish.whole("ms", 0, _LONGEST_WAIT_MS, 0),
        count=wish.whole("count", 1, 10**9) if wish.has("count") else None,
        probability=wish.share("probability"),
        seed=wish.whole("seed", -(2**63), 2**63, 0),
    )


def _coupons(truth: Truth, request: Request) -> Answer:
    wish = Fields(request.json() if request.body else {})
    return json_answer(200, {"coupons": make_coupons(truth, wish)})


def _dynamic(truth: Truth, request: Request) -> Answer:
    coupon = coupon_of(truth, request.params["code"])
    query = Fields(request.query, textual=True)
    now_s = query.whole("now", 0, LATEST_S, truth.now_s())
    mode = query.choice("mode", ("chain", "permit"), "chain")
    store, nonce = query.optional_text("store", STORE), query.optional_text("nonce", NONCE)
    if coupon.platform != "miniprogram":
        # Where pictures are spent, the customer's app shows a fresh one.
        return json_answer(200, {"text": SHELVES[coupon.platform].qr_text(truth, coupon)})
    if mode == "chain":
        return json_answer(200, {"text": chain_text(truth, coupon, now_s)})
    units = query.whole("units", 1, 255, max(1, units_left(truth, coupon)))
    text = permit_text(truth, coupon, now_s, store or coupon.store, nonce=nonce or NO_NONCE, units=units)
    return json_answer(200, {"text": text})


def _set_lot(truth: Truth, request: Request) -> Answer:
    coupon = coupon_of(truth, request.params["code"])
    LOTS[Fields(request.json()).choice("set", LOTS)](truth, coupon)
    changed = coupon_of(truth, coupon.code)
    return json_answer(200, _coupon_line(truth, changed))


def _clock(truth: Truth, request: Request) -> Answer:
    offset_s = Fields(request.json()).whole("offset_s", -_FARTHEST_S, _FARTHEST_S)
    truth.set("offset_s", str(offset_s))
    return json_answer(200, {"offset_s": offset_s, "now": truth.now_s(), "now_ms": truth.now_ms()})


def _keys(truth: Truth, request: Request) -> Answer:
    body = Fields(request.json())
    if body.choice("do", ("rotate", "withdraw")) == "rotate":
        return json_answer(200, {"kid": keys.rotate(truth).kid})
    taken = keys.withdraw(truth, body.whole("kid", 0, 65_535))
    if not taken:
        raise BadInput("there is no key of that kid to withdraw")
    return json_answer(200, {"withdrawn": [key.public_key for key in taken]})


def _authorisations(truth: Truth, request: Request) -> Answer:
    """The merchant has agreed on the platform's page: the code that the page hands to the developer."""
    platform = Fields(request.json()).choice("platform", AUTHORISED)
    return json_answer(200, {"code": permit_authorisation(truth, platform)})


def _coupon_line(truth: Truth, coupon: Coupon) -> Json:
    return {
        "platform": coupon.platform,
        "code": coupon.code,
        "state": state_of(truth, coupon),
        "units_left": units_left(truth, coupon),
        "order_id": coupon.order_id,
        "price_fen": coupon.price_fen,
        "reserved_until_ms": coupon.reserved_until_ms or None,
    }


def _book(truth: Truth, _request: Request) -> Answer:
    redemptions = [
        {
            "platform": use.platform,
            "code": use.code,
            "unit": use.unit,
            "request_id": use.request_id,
            "at": use.at_ms // 1000,
            "reversed": use.reversed_at_ms is not None,
            "at_ms": use.at_ms,
            "amount_fen": use.amount_fen,
            "redemption_id": use.redemption_id,
            "tier": use.tier,
            "terminal": use.terminal,
        }
        for use in truth.redemptions
    ]
    return json_answer(
        200,
        {
            "coupons": [_coupon_line(truth, coupon) for coupon in truth.coupons],
            "redemptions": redemptions,
            "second_attempts": truth.last("second_attempt"),
            "trust_records": [asdict(record) for record in truth.trust_records],
            "journal_heads": [asdict(head) for head in truth.journal_heads],
        },
    )


def _health(truth: Truth, _request: Request) -> Answer:
    return json_answer(200, {"ok": True, "now": truth.now_s(), "coupons": len(truth.coupons)})


class FaultCalls:
    """The control calls about faults; faults are not part of the truth and end with the process."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def add(self, _truth: Truth, request: Request) -> Answer:
        """Switch one on."""
        self._faults.add(fault_of(Fields(request.json())))
        return self._listing()

    def clear(self, _truth: Truth, _request: Request) -> Answer:
        """Switch all off."""
        return json_answer(200, {"deleted": self._faults.clear()})

    def list(self, _truth: Truth, _request: Request) -> Answer:
        """Which are on, and how often each struck."""
        return self._listing()

    def _listing(self) -> Answer:
        lines = [{**asdict(fault), "struck": struck} for fault, struck in self._faults.listing()]
        return json_answer(200, {"faults": lines})


def control_routes(faults: Faults) -> tuple[Route, ...]:
    """All control calls."""
    calls = FaultCalls(faults)
    return (
        Route("POST", "/control/coupons", "control", _coupons, open=True),
        Route("GET", "/control/coupons/{code}/dynamic", "control", _dynamic, open=True),
        Route("POST", "/control/coupons/{code}", "control", _set_lot, open=True),
        Route("POST", "/control/faults", "control", calls.add, open=True),
        Route("DELETE", "/control/faults", "control", calls.clear, open=True),
        Route("GET", "/control/faults", "control", calls.list, open=True),
        Route("POST", "/control/clock", "control", _clock, open=True),
        Route("POST", "/control/keys", "control", _keys, open=True),
        Route("POST", "/control/authorisations", "control", _authorisations, open=True),
        Route("GET", "/control/book", "control", _book, open=True),
        Route("GET", "/control/health", "control", _health, open=True),
        *meituan_switches.CONTROLS,
        *douyin_switches.CONTROLS,
        *wechat_shop_switches.CONTROLS,
    )
