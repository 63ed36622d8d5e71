"""`hexiao explain`: the vectors of the dynamic code, line by line, and what any other text is."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from terminal.cli.app import hexiao

PLACES = (Path("tests/domain/dq1-vectors.json"), Path("../shared/spec/dq1-vectors.json"))
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def vectors_file() -> Path:
    for place in PLACES:
        if (ROOT / place).exists():
            return ROOT / place
    pytest.skip("dq1-vectors.json is neither beside the tests of the domain nor beside the checkout")


def explain(*arguments: str, stdin: bytes | None = None, tmp: Path) -> list[Any]:
    result = CliRunner().invoke(hexiao, ["explain", *arguments, "--data", str(tmp / "none")], input=stdin)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("wrapped", [True, False])
def test_every_vector_line_by_line(vectors_file: Path, tmp_path: Path, wrapped: bool) -> None:
    read = json.loads(vectors_file.read_text(encoding="utf-8"))
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": read["keys"]} if wrapped else read["keys"]), encoding="utf-8")
    asked = [{name: vector[name] for name in ("text", "now", "store", "nonce")} for vector in read["vectors"]]
    lines = "".join(json.dumps(line) + "\n" for line in asked).encode()
    answers = explain("--jsonl", "--keys", str(keys), stdin=lines, tmp=tmp_path)
    assert len(answers) == len(read["vectors"]) > 50
    for vector, answer in zip(read["vectors"], answers, strict=True):
        assert answer["verdict"] == vector["verdict"], vector["note"]
        assert set(answer) >= {"platform", "kind", "verdict", "fields"}
        for name, value in (vector.get("fields") or {}).items():
            assert answer["fields"][name] == value, (vector["note"], name)


def test_one_text_with_its_options(vectors_file: Path, tmp_path: Path) -> None:
    read = json.loads(vectors_file.read_text(encoding="utf-8"))
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(read["keys"]), encoding="utf-8")
    vector = next(found for found in read["vectors"] if found["verdict"] == "genuine" and not found["nonce"])
    options = ("--keys", str(keys), "--store", vector["store"], "--now", str(vector["now"]), "--json")
    (answer,) = explain(vector["text"], *options, tmp=tmp_path)
    assert (answer["platform"], answer["kind"], answer["verdict"]) == ("miniprogram", "dynamic", "genuine")
    assert answer["fields"]["voucher"] == vector["fields"]["voucher"]


def test_nothing_is_stripped_and_every_line_is_answered(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("{}", encoding="utf-8")
    odd = [
        b'{"text": "https://v.douyin.com/eHHc1ft/"}',
        b'{"text": " 104686126200130"}',
        b'{"text": "8800000000000005"}',
        b'{"text": ""}',
        b'{"text": 7}',
        b'{"text": null, "now": null}',
        b'{"no": "text"}',
        b"[]",
        b"not json",
        b"\xff\xfe",
        b"",
        b'{"text": "1", "now": 1e99}',
    ]
    answers = explain("--jsonl", "--keys", str(keys), stdin=b"\n".join(odd) + b"\n", tmp=tmp_path)
    assert len(answers) == len(odd)
    assert {answer["verdict"] for answer in answers} == {"malformed"}
    told = [(answer["platform"], answer["kind"]) for answer in answers[:4]]
    assert told == [("douyin", "short_link"), ("douyin", "code"), ("miniprogram", "code"), (None, None)]


@pytest.mark.parametrize(
    ("text", "platform", "platforms", "kind", "reason"),
    [
        ("104686126200130", "douyin", ["douyin"], "code", None),
        ("104686126200", None, ["douyin", "meituan"], "code", "which_platform"),
        ("13800138000", None, ["miniprogram", "meituan", "dianping"], "phone", "which_platform"),
        ("0332808512", "dianping", ["dianping"], "code", None),
        ("6901234567892", None, [], None, "not_a_coupon"),
        ("134650973158243567", None, [], None, "payment_code"),
    ],
)
def test_all_that_may_have_issued_a_text(
    tmp_path: Path, text: str, platform: str | None, platforms: list[str], kind: str | None, reason: str | None
) -> None:
    (answer,) = explain(text, "--json", tmp=tmp_path)
    told = (answer["platform"], answer["platforms"], answer["kind"], answer["reason"])
    assert told == (platform, platforms, kind, reason)


def test_a_file_that_holds_no_keys_is_wrong_usage(tmp_path: Path) -> None:
    for body in ("", "[]", '{"1": 5}', '{"x": ["00"]}', '{"1": ["zz"]}'):
        keys = tmp_path / "keys.json"
        keys.write_text(body, encoding="utf-8")
        result = CliRunner().invoke(hexiao, ["explain", "1", "--keys", str(keys)])
        assert result.exit_code == 2, body
        assert "Traceback" not in result.output
