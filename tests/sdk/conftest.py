"""One sandbox for the clients of others."""

from collections.abc import Iterator

import pytest

from sync.sandbox.sandbox import Sandbox
from tests.sdk.counter import Counter


@pytest.fixture(scope="module")
def counter() -> Iterator[Counter]:
    with Sandbox() as running:
        yield Counter(running)
