"""The sandbox held against its own OpenAPI document by schemathesis: drawn, broken and chained calls of each kind."""

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from schemathesis.core.warnings import SchemathesisWarning

from sync.sandbox.miniprogram.dialect import ROUTES
from sync.sandbox.sandbox import Sandbox
from tests.sandbox import contract
from tests.sandbox.client import Miniprogram

ROOT = Path(__file__).parents[2]
PHONE = "13800138000"
EXAMPLES = 30
# Every warning there is, and each of them an error; also that of a call which hardly ever got as far as a yes.
WARNINGS = [warning.value for warning in SchemathesisWarning]
CONFIG = f"[warnings]\ndisplay = {json.dumps(WARNINGS)}\nfail-on = true\n"


def known(mini: Miniprogram) -> dict[str, Any]:
    """A shop with something of each kind in it, and what of it a drawn call may name."""
    vouchers = mini.coupons("miniprogram", count=3, phone=PHONE)
    cards = mini.coupons("miniprogram", count=2, kind="times_card", units=200, price_fen=200_000)
    for one in mini.coupons("miniprogram", count=3):
        mini.control("POST", f"/coupons/{one['code']}", {"set": "refunded"})
    done = mini.redeem("r-known", [{"code": cards[0]["code"], "units": 3}])["results"]
    shown = mini.get("/dq/v1/vouchers")["vouchers"]
    codes = [one["code"] for one in (*vouchers, *cards)]
    return {
        "stores": [mini.store],
        "codes": codes,
        "vouchers": [one["voucher"] for one in shown if one["code"] in codes],
        "offers": ["0a110001", "0a110002"],
        "requests": ["r-known"],
        "redemptions": [one["redemption_id"] for one in done],
        "phones": [PHONE],
        "dynamics": [mini.dynamic(cards[1]["code"]), mini.dynamic(cards[1]["code"], mode="permit")],
        "client_ids": [mini.own["client_id"]],
        "client_secrets": [mini.own["client_secret"]],
        "head": 3,
    }


def checked(
    document: Path, sandbox: Sandbox, mini: Miniprogram, folder: Path, *more: str
) -> subprocess.CompletedProcess[str]:
    """A run of schemathesis: examples, edge cases of each schema, drawn calls right and wrong, and chains of calls."""
    config = folder / "schemathesis.toml"
    config.write_text(CONFIG, encoding="utf-8")
    hooks = {"SCHEMATHESIS_HOOKS": "tests.sandbox.openapi_hooks", "HEXIAO_OPENAPI_KNOWN": json.dumps(known(mini))}
    command = (
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "--no-color"),
        *("run", str(document), "--url", sandbox.url, "--header", f"Authorization: Bearer {mini.token}"),
        *("--generation-deterministic", "--max-examples", str(EXAMPLES), "--checks", "all", "--continue-on-failure"),
        *more,
    )
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **hooks, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def written(document: dict[str, Any], folder: Path) -> Path:
    """The document as a file."""
    path = folder / "own-platform.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_every_call_keeps_to_the_document(sandbox: Sandbox, mini: Miniprogram, tmp_path: Path) -> None:
    run = checked(written(contract.document(), tmp_path), sandbox, mini, tmp_path)
    report = run.stdout[-12_000:] + run.stderr[-4000:]
    assert run.returncode == 0, report
    assert f"Tested: {len(ROUTES)}" in run.stdout, report
    assert "Warnings:" not in run.stdout, report
    cases = re.search(r"(\d+) generated", run.stdout)
    assert cases is not None, report
    assert int(cases.group(1)) > 1000, report


def test_a_document_that_says_otherwise_is_noticed(sandbox: Sandbox, mini: Miniprogram, tmp_path: Path) -> None:
    document = copy.deepcopy(contract.document())
    document["components"]["schemas"]["StatementPage"]["properties"]["has_more"]["type"] = "string"
    only = ("--include-path", "/dq/v1/statements", "--phases", "examples")
    run = checked(written(document, tmp_path), sandbox, mini, tmp_path, *only)
    assert run.returncode == 1
    assert "GET /dq/v1/statements" in run.stdout
    assert "has_more" in run.stdout
