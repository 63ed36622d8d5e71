"""The sandbox as a whole: put together, started, described, stopped."""

import signal
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from sync.clock import Clock, SystemClock
from sync.sandbox.control import control_routes
from sync.sandbox.credentials import (
    Credentials,
    dianping_credentials,
    dining_credentials,
    douyin_credentials,
    meituan_credentials,
    miniprogram_credentials,
    wechat_shop_credentials,
)
from sync.sandbox.delivery import Delivery
from sync.sandbox.dianping.dialect import Dianping
from sync.sandbox.douyin.dialect import Douyin
from sync.sandbox.exchange import Exchange
from sync.sandbox.faults import Faults
from sync.sandbox.meituan.dialect import Meituan
from sync.sandbox.miniprogram.dialect import Miniprogram
from sync.sandbox.miniprogram.keys import root_key, signer
from sync.sandbox.profile import profile_text, write_profile
from sync.sandbox.router import Router
from sync.sandbox.scenarios import load_scenario, stock_up
from sync.sandbox.server import LOOPBACK, HttpServer
from sync.sandbox.storage import Storage
from sync.sandbox.truth import Truth
from sync.sandbox.wechat_shop.dialect import WechatShop
from sync.sandbox.wire import Request

_PORT = "port"

# One line a platform; Douyin comes last, as it answers to any single segment that nobody else knows.
DIALECTS = (
    Miniprogram(),
    WechatShop(),
    Meituan(),
    Dianping(),
    Douyin(),
)


class Sandbox:
    """The false platforms on 127.0.0.1. `with Sandbox() as sandbox:` runs them for the length of the block.

    port: 0 takes any free one; with a state file, first the one it had last. state_path: keep the truth there,
    so that it survives a restart or a kill. Raises ScenarioError, StateError, OSError (port taken), ValueError
    (any other host).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        scenario: str = "quiet",
        state_path: Path | None = None,
        clock: Clock | None = None,
        host: str = LOOPBACK,
    ) -> None:
        self._port = port
        self._host = host
        self._scenario = load_scenario(scenario)
        self._state_path = state_path
        self._clock = clock or SystemClock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._truth: Truth | None = None
        self._server: HttpServer | None = None
        self._description: dict[str, Any] = {}

    def start(self) -> "Sandbox":
        """Begin to answer; the profile is written by then."""
        truth = Truth(self._clock, Storage(self._state_path))
        try:
            self._begin(truth)
        except BaseException:
            truth.close()
            raise
        return self

    def _begin(self, truth: Truth) -> None:
        faults, router = Faults(), Router()
        router.add(None, control_routes(faults))
        for dialect in DIALECTS:
            router.add(dialect, dialect.routes)
        for fault in self._scenario.faults:
            faults.add(fault)
        with truth:
            fresh = truth.fresh
            credentials = _credentials(truth)
            signer(truth)
            if fresh:
                stock_up(truth, self._scenario)
            last_port = int(truth.setting(_PORT, "0"))
        exchange = Exchange(truth, faults, router)

        def respond(request: Request, close: bool) -> Delivery:
            return exchange.answer(request, close=close)

        server = _bound(self._port, last_port, respond, self._host)
        with truth:
            truth.set(_PORT, str(server.port))
        url = f"http://{LOOPBACK}:{server.port}"
        profile = self._profile_path()
        write_profile(profile, profile_text(url, credentials))
        self._description = {
            "url": url,
            "control": f"{url}/control",
            "profile": str(profile),
        }
        self._truth, self._server = truth, server
        server.start()

    def stop(self) -> None:
        """Stop answering; with a state file the next start goes on from here."""
        if self._server is not None:
            self._server.stop()
            self._server = None
        if self._truth is not None:
            self._truth.close()
            self._truth = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> "Sandbox":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where every platform is served, without a final slash."""
        return str(self._description["url"])

    @property
    def control(self) -> str:
        """Where the control calls are served."""
        return str(self._description["control"])

    @property
    def profile(self) -> Path:
        """The TOML file for `hexiao init --profile`."""
        return Path(self._description["profile"])

    def describe(self) -> dict[str, Any]:
        """Url, control, profile, and the credentials of each platform: what `hexiao sandbox` prints.

        Tokens that a client has renewed since are told as they are now.
        """
        if self._truth is not None:
            with self._truth as truth:
                self._description |= _credentials(truth).described()
        return dict(self._description)

    def _profile_path(self) -> Path:
        if self._state_path is not None:
            return self._state_path.absolute().with_name(self._state_path.name + ".profile.toml")
        self._folder = tempfile.TemporaryDirectory(prefix="hexiao-sandbox-", ignore_cleanup_errors=True)
        return Path(self._folder.name) / "profile.toml"


def _credentials(truth: Truth) -> Credentials:
    return Credentials(
        douyin=douyin_credentials(truth),
        meituan=meituan_credentials(truth),
        meituan_dining=dining_credentials(truth),
        dianping=dianping_credentials(truth),
        miniprogram=miniprogram_credentials(truth, root_key(truth)),
        wechat_shop=wechat_shop_credentials(truth),
    )


def _bound(port: int, last_port: int, respond: Callable[[Request, bool], Delivery], host: str) -> HttpServer:
    """A server on the port asked for; on the last one, or any, when none was."""
    if port == 0 and last_port:
        try:
            return HttpServer(last_port, respond, host)
        except OSError:
            return HttpServer(0, respond, host)
    return HttpServer(port, respond, host)


def serve(port: int, scenario: str, state_path: Path | None, announce: Callable[[dict[str, Any]], None]) -> None:
    """Run until SIGTERM or SIGINT; `announce` gets the description once the sandbox answers.

    Call it on the main thread. Raises what `Sandbox` raises.
    """
    asked_to_stop = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        asked_to_stop.set()

    former = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with Sandbox(port=port, scenario=scenario, state_path=state_path) as sandbox:
            announce(sandbox.describe())
            # Windows delivers Ctrl-C only between waits.
            while not asked_to_stop.wait(0.5):
                pass
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
