"""The binding to one platform is tried without redeeming anything, and the first thing that fails is told."""

import json

import pytest

from tests.terminal.desk import Desk

PLATFORMS = ("douyin", "miniprogram")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_binding_that_works(desk: Desk, platform: str) -> None:
    said = desk.told("doctor", "--platform", platform)
    assert said["ok"]
    assert [check["name"] for check in said["checks"]] == ["reached", "coupons", "book"]
    assert desk.booked() == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_wrong_secret_is_the_first_thing_told(desk: Desk, platform: str) -> None:
    secrets = desk.data / "secrets.json"
    kept = json.loads(secrets.read_text())
    kept[f"{platform}.client_secret"] = b"mistyped".hex()
    secrets.write_text(json.dumps(kept))
    said = desk.told("doctor", "--platform", platform, code=1)
    (check,) = said["checks"]
    assert (check["name"], check["ok"]) == ("reached", False)
    assert check["next"]
    assert "mistyped" not in json.dumps(said)


@pytest.mark.parametrize("endpoint", ["prepare", "history"])
def test_what_is_not_granted_is_told_by_what_it_is_for(desk: Desk, endpoint: str) -> None:
    desk.post("faults", {"platform": "douyin", "endpoint": endpoint, "kind": "http_500"})
    said = desk.told("doctor", "--platform", "douyin", code=1)
    assert said["checks"][-1]["name"] == {"prepare": "coupons", "history": "book"}[endpoint]
    assert not said["checks"][-1]["ok"]
    assert all(check["ok"] for check in said["checks"][:-1])


def test_a_platform_that_is_not_bound(desk: Desk) -> None:
    assert desk.told("doctor", "--platform", "eleme", code=1)["reason"] == "not_connected"
