"""Request ids: what a call answered under an id is told again, and the id is good for nothing else."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from sync.sandbox.receipts import Refusal
from sync.sandbox.rows import Remembered
from sync.sandbox.truth import Truth


def once(truth: Truth, call: str, request_id: str, contents: Mapping[str, Any], act: Callable[[], Any]) -> Any:
    """What `act` answers, or what it answered to this id before; only successes are remembered.

    Refusal when the id came with other contents.
    """
    digest = hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()
    before = truth.remembered.get(f"{call}/{request_id}")
    if before is None:
        data = act()
        truth.remembered.put(Remembered(call, request_id, digest, json.dumps(data), truth.now_ms()))
        return data
    if before.digest != digest:
        raise Refusal("request_reused")
    return json.loads(before.body)
