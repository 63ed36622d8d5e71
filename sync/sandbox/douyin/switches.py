"""The control calls of Douyin alone: refusals, batches that are answered in parts, notices that it sends."""

from dataclasses import asdict

from sync.sandbox.douyin import batch, notices
from sync.sandbox.fields import Fields
from sync.sandbox.push import Notification, Target, send, target_of
from sync.sandbox.refusals import arm, disarm, listing
from sync.sandbox.router import Route
from sync.sandbox.truth import Truth, coupon_key
from sync.sandbox.wire import Answer, BadInput, Json, Request, json_answer

_PLATFORM = "douyin"
_MOST_TIMES = 20


def _refuse(truth: Truth, request: Request) -> Answer:
    """{"code", "sub"?, "description"?, "endpoint"?, "count"?, "acted"?}."""
    wish = Fields(request.json())
    words = wish.optional_text("description") or ""
    code, sub_code = wish.whole("code", 1, 10**12), wish.whole("sub", 0, 10**12, 0)
    arm(truth, _PLATFORM, wish, code=code, words=words, sub_code=sub_code)
    return json_answer(200, listing(truth, _PLATFORM))


def _clear(truth: Truth, _request: Request) -> Answer:
    return json_answer(200, {"deleted": disarm(truth, _PLATFORM)})


def _batch(truth: Truth, request: Request) -> Answer:
    """{"partial"}: so many of the next batches are answered in parts."""
    partial = Fields(request.json()).whole("partial", 0, 10**6)
    batch.answer_in_parts(truth, partial)
    return json_answer(200, {"partial": partial})


def _flag(wish: Fields, name: str) -> bool:
    value = wish.raw().get(name, False)
    if not isinstance(value, bool):
        raise BadInput(f"{name} must be true or false")
    return value


def _webhook(truth: Truth, request: Request) -> Answer:
    """{"url", "event"?, "action"?, "code"? | "content"?, "msg_id"?, "times"?, "forged"?}."""
    wish = Fields(request.json())
    target, times = target_of(wish.text("url")), wish.whole("times", 1, _MOST_TIMES, 1)
    event = wish.optional_text("event") or notices.CERTIFICATE_EVENT
    with truth:
        content = _content(truth, wish, event)
        msg_id = wish.optional_text("msg_id") or truth.clock.new_id()
        notice = notices.webhook(truth, event, content, msg_id, forged=_flag(wish, "forged"))
    return _sent(target, notice, times, notices.WEBHOOK_TIMEOUT_S)


def _content(truth: Truth, wish: Fields, event: str) -> Json:
    if wish.has("content"):
        return wish.object("content").raw()
    if event == notices.CHALLENGE_EVENT:
        return {"challenge": 12345}
    action = wish.choice("action", notices.ACTIONS, "verify")
    code = wish.text("code")
    coupon = truth.coupons.get(coupon_key(_PLATFORM, code))
    if coupon is None:
        raise BadInput(f"Douyin has sold no coupon with the code {code}")
    return notices.certificate_content(truth, coupon, action)


def _spi(truth: Truth, request: Request) -> Answer:
    """{"url", "method"?, "body"?, "query"?, "times"?, "forged"?}; without a body codes shall be issued."""
    wish = Fields(request.json())
    target, times = target_of(wish.text("url")), wish.whole("times", 1, _MOST_TIMES, 1)
    method = wish.choice("method", ("GET", "POST"), "POST")
    extra = wish.object("query").raw() if wish.has("query") else {}
    if not all(isinstance(value, str) for value in extra.values()):
        raise BadInput("query must hold texts")
    with truth:
        content = wish.object("body").raw() if wish.has("body") else notices.issue_body(truth, wish)
        notice = notices.spi(truth, method, content, extra, forged=_flag(wish, "forged"))
    return _sent(target, notice, times, notices.SPI_TIMEOUT_S)


def _sent(target: Target, notice: Notification, times: int, timeout_s: float) -> Answer:
    answers = [send(target, notice, timeout_s) for _ in range(times)]
    told = {**asdict(notice), "body": notice.body.decode()}
    return json_answer(200, {"sent": told, "answers": answers})


CONTROLS = (
    Route("POST", "/control/douyin/refuse", "control", _refuse, open=True),
    Route("DELETE", "/control/douyin/refuse", "control", _clear, open=True),
    Route("POST", "/control/douyin/batch", "control", _batch, open=True),
    Route("POST", "/control/douyin/webhook", "control", _webhook, open=True, own_turn=True),
    Route("POST", "/control/douyin/spi", "control", _spi, open=True, own_turn=True),
)
