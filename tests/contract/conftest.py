"""One sandbox for all contract tests; each test gets shops of its own in it and leaves no fault behind."""

from collections.abc import Iterator

import pytest
import requests

from sync.sandbox.sandbox import Sandbox
from tests.contract.rows import BY_NAME, ROWS
from tests.contract.shop import Shop


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(params=[row.name for row in ROWS])
def shop(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Shop]:
    """Each shop of the table in turn."""
    yield from opened(sandbox, request.param)


@pytest.fixture
def douyin(sandbox: Sandbox) -> Iterator[Shop]:
    yield from opened(sandbox, "douyin")


@pytest.fixture
def miniprogram(sandbox: Sandbox) -> Iterator[Shop]:
    yield from opened(sandbox, "miniprogram")


def opened(sandbox: Sandbox, name: str) -> Iterator[Shop]:
    """The shop of one row."""
    with requests.Session() as control:
        shop = Shop(sandbox, BY_NAME[name], control)
        yield shop
        shop.clear()
        shop.later(0)
        tried_twice = shop.second_attempts() - shop.tried_before - shop.forgiven
        shop.door.close()
    assert tried_twice == 0
