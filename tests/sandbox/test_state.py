"""What survives: a restart, a kill, a second sandbox at the same file; and what a scenario brings."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import requests

from sync.clock import FalseClock
from sync.sandbox.sandbox import Sandbox
from sync.sandbox.scenarios import ScenarioError, scenario_names
from sync.sandbox.storage import StateError
from tests.sandbox.client import Douyin, Miniprogram

ROOT = Path(__file__).parents[2]
SERVE = """
import json, pathlib, sys
from sync.sandbox.sandbox import serve
serve(0, "quiet", pathlib.Path(sys.argv[1]), lambda told: print(json.dumps(told), flush=True))
"""


def _clients(sandbox: Sandbox) -> tuple[Douyin, Miniprogram]:
    return Douyin(sandbox), Miniprogram(sandbox)


def test_everything_survives_a_restart(tmp_path: Path, clock: FalseClock) -> None:
    path = tmp_path / "state.db"
    with Sandbox(state_path=path, clock=clock) as sandbox:
        before = sandbox.describe()
        douyin, mini = _clients(sandbox)
        with douyin.session, mini.session:
            douyin.shift_s(90)
            (one,) = douyin.coupons("douyin")
            (own,) = mini.coupons("miniprogram")
            prepared = douyin.prepare(code=one["code"])
            sealed = prepared["certificates"][0]["encrypted_code"]
            douyin.verify(prepared["verify_token"], [sealed])
            redeemed = mini.redeem("r-1", [{"code": own["code"], "units": 1}])
            shown, keys = mini.dynamic(own["code"]), mini.call("GET", "/dq/v1/keys")
            cursor, book = mini.get("/dq/v1/vouchers")["cursor"], mini.book()
    with Sandbox(state_path=path, clock=clock) as sandbox:
        assert sandbox.describe() == before, "the same port, credentials and profile"
        new_douyin, new_mini = _clients(sandbox)
        new_douyin.token, new_mini.token = douyin.token, mini.token
        with new_douyin.session, new_mini.session:
            assert new_mini.book() == book
            assert new_douyin.verify(prepared["verify_token"], [sealed])["verify_results"][0]["result"] == 1208
            assert new_mini.redeem("r-1", [{"code": own["code"], "units": 1}]) == redeemed
            assert new_mini.dynamic(own["code"]) == shown
            assert new_mini.call("GET", "/dq/v1/keys") == keys
            assert new_mini.get("/dq/v1/vouchers", cursor=cursor)["vouchers"] == []
            (more,) = new_mini.coupons("miniprogram")
            fresh = new_mini.get("/dq/v1/vouchers", cursor=cursor)["vouchers"]
            assert [one["code"] for one in fresh] == [more["code"]]


def _started(path: Path) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def _ended(process: subprocess.Popen[str], number: signal.Signals) -> int:
    process.send_signal(number)
    with process:
        return process.wait(timeout=20)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    process, told = _started(path)
    code = requests.post(f"{told['control']}/coupons", json={}, timeout=10).json()["coupons"][0]["code"]
    requests.post(f"{told['control']}/coupons/{code}", json={"set": "used_elsewhere"}, timeout=10)
    book = requests.get(f"{told['control']}/book", timeout=10).json()
    assert _ended(process, signal.SIGKILL) == -signal.SIGKILL
    process, again = _started(path)
    assert requests.get(f"{again['control']}/book", timeout=10).json() == book
    assert len(book["redemptions"]) == 1
    assert _ended(process, signal.SIGTERM) == 0
    assert again["douyin"] == told["douyin"]


def test_one_state_file_serves_one_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with Sandbox(state_path=path), pytest.raises(StateError, match="close the other sandbox"):
        Sandbox(state_path=path).start()


def test_a_file_that_is_no_state_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"this is a shopping list, not a database" * 30)
    with pytest.raises(StateError, match="not a database"):
        Sandbox(state_path=path).start()


def test_a_state_of_a_later_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StateError, match="layout 99"):
        Sandbox(state_path=path).start()


def test_a_taken_port_is_an_error(sandbox: Sandbox) -> None:
    port = int(sandbox.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        Sandbox(port=port).start()


def test_the_profile(sandbox: Sandbox) -> None:
    profile = tomllib.loads(sandbox.profile.read_text(encoding="utf-8"))
    told = sandbox.describe()
    assert profile["demo"] is True
    for platform in ("douyin", "miniprogram"):
        assert profile[platform] == told[platform]
    assert profile["hosts"]["open.douyin.com"] == profile["hosts"]["v.douyin.com"] == told["url"]
    assert set(profile["hosts"].values()) == {told["url"]}
    assert set(profile["hosts"]) >= {
        "mini.example.com",
        "api-open-cater.meituan.com",
        "openapi.dianping.com",
        "api.weixin.qq.com",
    }
    assert profile["miniprogram"]["base_url"] == "https://mini.example.com"
    assert [one["role"] for one in profile["staff"]] == ["cashier", "cashier", "manager", "technician"]
    assert set(profile["store"]) == {"name", "terminal", "zone", "cutoff_hour", "language"}
    if os.name == "posix":
        assert sandbox.profile.stat().st_mode & 0o777 == 0o600


def test_a_shop_at_every_platform(sandbox: Sandbox) -> None:
    told = sandbox.describe()
    meituan = {"developer_id", "sign_key", "business_id", "app_auth_token", "refresh_token"}
    assert set(told["meituan"]) == meituan
    assert set(told["meituan_dining"]) == meituan - {"refresh_token"}
    assert (told["meituan"]["business_id"], told["meituan_dining"]["business_id"]) == ("58", "1")
    assert set(told["dianping"]) == {"app_key", "app_secret", "open_shop_uuid", "session", "refresh_token"}
    assert set(told["wechat_shop"]) == {"app_id", "app_secret", "store_name", "out_store_id", "sku_ids"}
    assert sandbox.describe() == told


def test_the_profile_goes_with_the_sandbox() -> None:
    with Sandbox() as sandbox:
        profile = sandbox.profile
        assert profile.exists()
    assert not profile.exists()


def test_two_sandboxes_are_two_shops() -> None:
    with Sandbox() as one, Sandbox() as other:
        assert one.describe()["douyin"] != other.describe()["douyin"]


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_starts(name: str, clock: FalseClock) -> None:
    with Sandbox(scenario=name, clock=clock) as sandbox:
        book = requests.get(f"{sandbox.control}/book", timeout=10).json()
        faults = requests.get(f"{sandbox.control}/faults", timeout=10).json()["faults"]
    assert (book["coupons"] == []) == (faults == []) == (name == "quiet")


def test_the_scenarios_there_must_be() -> None:
    assert {"quiet", "outage", "flaky", "busy-platform"} <= set(scenario_names())
    with pytest.raises(ScenarioError, match="there are: "):
        Sandbox(scenario="../secrets")


def test_a_restart_makes_no_second_stock(tmp_path: Path) -> None:
    counts = []
    for _ in range(2):
        with Sandbox(scenario="outage", state_path=tmp_path / "state.db") as sandbox:
            counts.append(len(requests.get(f"{sandbox.control}/book", timeout=10).json()["coupons"]))
    assert counts == [21, 21]
