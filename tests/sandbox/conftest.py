"""Fixtures: a sandbox whose clock stands still, and clients of each platform."""

from collections.abc import Iterator

import pytest

from sync.clock import FalseClock
from sync.sandbox.sandbox import Sandbox
from tests.sandbox.client import Client, Douyin, Miniprogram
from tests.sandbox.dianping_client import Dianping
from tests.sandbox.meituan_client import Meituan
from tests.sandbox.wechat_client import Wechat


@pytest.fixture
def clock() -> FalseClock:
    return FalseClock()


@pytest.fixture
def sandbox(clock: FalseClock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    one = Client(sandbox)
    with one.session:
        yield one


@pytest.fixture
def douyin(sandbox: Sandbox) -> Iterator[Douyin]:
    one = Douyin(sandbox)
    with one.session:
        yield one


@pytest.fixture
def wechat(sandbox: Sandbox) -> Iterator[Wechat]:
    one = Wechat(sandbox)
    with one.session:
        yield one


@pytest.fixture
def mini(sandbox: Sandbox) -> Iterator[Miniprogram]:
    one = Miniprogram(sandbox)
    with one.session:
        yield one


@pytest.fixture
def meituan(sandbox: Sandbox) -> Iterator[Meituan]:
    one = Meituan(sandbox)
    with one.session:
        yield one


@pytest.fixture
def dining(sandbox: Sandbox) -> Iterator[Meituan]:
    one = Meituan(sandbox, line="meituan_dining")
    with one.session:
        yield one


@pytest.fixture
def dianping(sandbox: Sandbox) -> Iterator[Dianping]:
    one = Dianping(sandbox)
    with one.session:
        yield one
