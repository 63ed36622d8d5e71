"""The control calls about refusals at Meituan and at Dianping's old gateway: any code for the next calls."""

import re

from sync.sandbox.fields import Fields
from sync.sandbox.refusals import arm, disarm, listing
from sync.sandbox.router import Route
from sync.sandbox.truth import Truth
from sync.sandbox.wire import Answer, Request, json_answer

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
_MOST = 10**9


def _refuse_meituan(truth: Truth, request: Request) -> Answer:
    """{"code" (of the envelope) or "result" (of dining), "msg"?, "endpoint"?, "count"?, "acted"?}."""
    wish = Fields(request.json())
    words = wish.optional_text("msg") or ""
    if wish.has("result"):
        arm(truth, "meituan", wish, code=wish.whole("result", 1, _MOST), words=words)
    else:
        # Meituan's codes are texts: one goes before the words, and the number says that it does.
        arm(truth, "meituan", wish, code=0, words=f"{wish.text('code', _CODE)} {words}")
    return json_answer(200, listing(truth, "meituan"))


def _refuse_dianping(truth: Truth, request: Request) -> Answer:
    """{"code", "msg"?, "endpoint"?, "count"?, "acted"?}."""
    wish = Fields(request.json())
    arm(truth, "dianping", wish, code=wish.whole("code", -1, _MOST), words=wish.optional_text("msg") or "")
    return json_answer(200, listing(truth, "dianping"))


def _clear_meituan(truth: Truth, _request: Request) -> Answer:
    return json_answer(200, {"deleted": disarm(truth, "meituan")})


def _clear_dianping(truth: Truth, _request: Request) -> Answer:
    return json_answer(200, {"deleted": disarm(truth, "dianping")})


CONTROLS = (
    Route("POST", "/control/meituan/refuse", "control", _refuse_meituan, open=True),
    Route("DELETE", "/control/meituan/refuse", "control", _clear_meituan, open=True),
    Route("POST", "/control/dianping/refuse", "control", _refuse_dianping, open=True),
    Route("DELETE", "/control/dianping/refuse", "control", _clear_dianping, open=True),
)
