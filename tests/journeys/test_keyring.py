"""A terminal whose secrets lie in a real Secret Service: set up, used, and refused in words where there is none."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from sync.sandbox.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
# The keyring is unlocked with the words on its input; what follows runs in the same session.
SCRIPT = '''printf "pass" | "$DAEMON" --unlock --components=secrets >/dev/null && exec sh -c "$STEPS"'''


@pytest.fixture
def profile(tmp_path: Path, sandbox: Sandbox) -> Path:
    path = tmp_path / "profile.toml"
    text = sandbox.profile.read_text(encoding="utf-8")
    path.write_text(text + '\n[secrets]\nbackend = "keyring"\n', encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def sandbox() -> Any:
    with Sandbox() as running:
        yield running


def environment(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    names = ("HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME")
    return {
        **{name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"},
        **dict.fromkeys(names, str(home)),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
    }


def hexiao(*arguments: str) -> str:
    return " ".join(f"'{word}'" for word in (sys.executable, "-m", "terminal", *arguments))


def test_a_store_whose_secrets_lie_in_the_systems_keyring(tmp_path: Path, sandbox: Sandbox, profile: Path) -> None:
    session, daemon = shutil.which("dbus-run-session"), shutil.which("gnome-keyring-daemon")
    if session is None or daemon is None:
        pytest.skip("gnome-keyring or dbus-run-session is not installed")
    data = tmp_path / "terminal"
    wish = {"platform": "douyin", "price_fen": 9900}
    made = requests.post(f"{sandbox.control}/coupons", json=wish, timeout=60).json()["coupons"][0]
    steps = (
        hexiao("init", "--profile", str(profile), "--data", str(data), "--json"),
        hexiao("doctor", "--platform", "douyin", "--data", str(data), "--json"),
        hexiao("redeem", made["code"], "--staff", "c1", "--data", str(data), "--json"),
    )
    done = subprocess.run(
        [session, "--", "sh", "-c", SCRIPT],
        env=environment(tmp_path) | {"DAEMON": daemon, "STEPS": " && ".join(steps), "HEXIAO_PIN": "1111"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    *_, redeemed = documents(done.stdout)
    assert redeemed["outcome"] == "redeemed"
    assert not list(data.glob("secrets*"))
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    for credentials in sandbox.describe().values():
        if isinstance(credentials, dict) and "client_secret" in credentials:
            assert credentials["client_secret"].encode() not in kept
    # The same folder where no keyring answers: refused in words, and nothing of it is spoilt.
    alone = subprocess.run(
        [sys.executable, "-m", "terminal", "lookup", made["code"], "--data", str(data), "--json"],
        env=environment(tmp_path) | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert alone.returncode == 1
    assert json.loads(alone.stdout)["reason"] == "secrets_unavailable"


def documents(text: str) -> list[dict[str, Any]]:
    """JSON documents, one after the other."""
    decoder, found, rest = json.JSONDecoder(), [], text.lstrip()
    while rest:
        document, end = decoder.raw_decode(rest)
        found.append(document)
        rest = rest[end:].lstrip()
    return found
