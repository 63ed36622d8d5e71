"""The control call of WeChat Shop alone: an errcode for the next calls, whatever they ask."""

from sync.sandbox.fields import Fields
from sync.sandbox.refusals import arm, disarm, listing
from sync.sandbox.router import Route
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Request, json_answer

_PLATFORM = "wechat_shop"


def _refuse(truth: Truth, request: Request) -> Answer:
    """{"errcode", "errmsg"?, "endpoint"?, "count"?, "acted"?}."""
    wish = Fields(request.json())
    arm(truth, _PLATFORM, wish, code=wish.whole("errcode", -1, 10**9), words=wish.optional_text("errmsg") or "")
    return json_answer(200, listing(truth, _PLATFORM))


def _clear(truth: Truth, _request: Request) -> Answer:
    return json_answer(200, {"deleted": disarm(truth, _PLATFORM)})


CONTROLS = (
    Route("POST", f"/control/{_PLATFORM}/refuse", "control", _refuse, open=True),
    Route("DELETE", f"/control/{_PLATFORM}/refuse", "control", _clear, open=True),
)
