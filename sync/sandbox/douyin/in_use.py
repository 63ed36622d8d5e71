"""Which orders of third-party codes are being verified right now: two calls of one order must not run at once."""

import contextlib
from collections.abc import Iterator

from sync.sandbox.truth import Truth
from sync.sandbox.wire import BadInput, Request


def in_use_name(order_id: str) -> str:
    """What an order is called among the things in use."""
    return f"douyin.order/{order_id}"


@contextlib.contextmanager
def orders_in_use(truth: Truth, request: Request) -> Iterator[None]:
    """From the call's arrival to its answer, the orders it names are its own, unless another call has them."""
    names = [in_use_name(order_id) for order_id in _orders_named(request)]
    with truth:
        mine = [name for name in names if name not in truth.in_use]
        truth.in_use |= dict.fromkeys(mine, request)
    try:
        yield
    finally:
        with truth:
            for name in mine:
                del truth.in_use[name]


def _orders_named(request: Request) -> list[str]:
    """The orders of a verify, or of each verify in a batch; whatever else came names none."""
    try:
        body = request.json()
    except BadInput:
        return []
    batch = body.get("certificate_batch_verify_list")
    verifies = [body, *batch] if isinstance(batch, list) else [body]
    told = [one.get("order_id") for one in verifies if isinstance(one, dict)]
    return list(dict.fromkeys(order_id for order_id in told if isinstance(order_id, str) and order_id))
