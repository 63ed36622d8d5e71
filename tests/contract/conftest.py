"""One sandbox for all contract tests; each test gets shops of its own in it and leaves no fault behind."""

from collections.abc import Iterator

import pytest
import requests

from sync.sandbox.sandbox import Sandbox
from tests.contract.shop import Shop


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture(params=["douyin", "miniprogram"])
def shop(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Shop]:
    yield from _open(sandbox, request.param)


@pytest.fixture
def douyin(sandbox: Sandbox) -> Iterator[Shop]:
    yield from _open(sandbox, "douyin")


@pytest.fixture
def miniprogram(sandbox: Sandbox) -> Iterator[Shop]:
    yield from _open(sandbox, "miniprogram")


def _open(sandbox: Sandbox, name: str) -> Iterator[Shop]:
    with requests.Session() as control:
        shop = Shop(sandbox, name, control)
        yield shop
        shop.clear()
        shop.later(0)
        tried_twice = shop.second_attempts() - shop.tried_before - shop.forgiven
        shop.door.close()
    assert tried_twice == 0
