"""`hexiao explain`: which platform and kind a text is, and for a dynamic code the verdict and its fields."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import click

from sync.clock import SystemClock
from sync.domain.codes import RECOGNISED, Recognised, clean
from sync.domain.dynamic_code import Keys, Reading, Verdict, keys_from_hex, read
from sync.domain.reasons import Code, Reason
from sync.domain.recognisers import fitting, recognise
from terminal.cli import output
from terminal.cli.session import data_option, guarded, json_option, session


@click.command()
@click.argument("text", required=False)
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON: kid → [hex public key].",
)
@click.option("--store", default="00000000", help="Our store id, 8 hex digits.")
@click.option("--now", type=int, help="The platform's time, Unix seconds.")
@click.option("--nonce", default="", help="The nonce this till showed, 16 hex digits.")
@click.option("--jsonl", is_flag=True, help='One {"text","now","store","nonce"} a line in, one answer a line out.')
@data_option
@json_option
@guarded
def explain(
    text: str | None,
    keys_file: Path | None,
    store: str,
    now: int | None,
    nonce: str,
    jsonl: bool,
    data: Path,
    as_json: bool,
) -> None:
    """Say what a text is, without asking anybody. With --data and no --keys the terminal's own keys are used."""
    if (text is None) != jsonl:
        raise click.UsageError("give a TEXT, or --jsonl with lines on standard input")
    if not re.fullmatch(r"[0-9a-fA-F]{8}", store) or not re.fullmatch(r"([0-9a-fA-F]{16})?", nonce):
        raise click.UsageError("--store takes 8 hex digits, --nonce 16")
    store, nonce = store.lower(), nonce.lower()
    keys = _keys(keys_file, data)
    now_s = now if now is not None else SystemClock().wall_ms() // 1000
    if jsonl:
        _lines(keys, store, now_s, nonce)
        return
    assert text is not None
    answer = _answer(text, read(text, keys, now_s, store, nonce))
    if as_json:
        output.document(answer)
    else:
        fields = answer["fields"] or {}
        rows = [(name, str(answer[name] or "—")) for name in ("platform", "kind", "verdict")]
        output.table("", ("", ""), rows + [(name, str(value)) for name, value in fields.items()])


def _keys(keys_file: Path | None, data: Path) -> Keys:
    if keys_file is None:
        if not (data / "settings.toml").exists():
            return {}
        with session(data) as opened:
            return opened.store.trust.keys()
    try:
        found = json.loads(keys_file.read_text(encoding="utf-8"))
        return keys_from_hex(found.get("keys", found))
    except (ValueError, AttributeError, TypeError) as error:
        raise click.UsageError(f"{keys_file.name} is not a JSON object kid → [hex public key]") from error


def _lines(keys: Keys, store: str, now_s: int, nonce: str) -> None:
    for line in sys.stdin.buffer:
        try:
            asked = json.loads(line.decode("utf-8", "surrogateescape"))
            text = asked["text"]
            reading = read(
                text,
                keys,
                int(asked.get("now", now_s)),
                asked.get("store", store).lower(),
                asked.get("nonce", nonce).lower(),
            )
            answer = _answer(text, reading)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            answer = {"platform": None, "kind": None, "verdict": Verdict.MALFORMED.value, "fields": None}
        click.echo(json.dumps(answer))


def _answer(text: str, reading: Reading) -> dict[str, Any]:
    """The verdict is on the very text, nothing stripped; platform and kind are those of the cleaned one."""
    found = recognise(text, RECOGNISED)
    open_question = isinstance(found, Reason) and found.code is Code.WHICH_PLATFORM
    fits = fitting(clean(text)) if open_question or isinstance(found, Recognised) else ()
    return {
        "platform": found.platform if isinstance(found, Recognised) else None,
        "platforms": [one.platform for one in fits],
        "kind": fits[0].credential.kind.value if fits else None,
        "verdict": reading.verdict.value,
        "fields": _fields(reading),
        "reason": found.code.value if isinstance(found, Reason) else None,
    }


def _fields(reading: Reading) -> dict[str, Any] | None:
    fields = reading.fields
    if fields is None:
        return None
    shown: dict[str, Any] = {
        "kid": fields.kid,
        "voucher": fields.voucher,
        "store": fields.store,
        "account": fields.account,
        "offer": fields.offer,
        "max_fen": fields.max_fen,
        "units": fields.units,
    }
    if reading.verdict is Verdict.GENUINE:
        shown |= {"step": fields.step} if fields.is_chain else {"bound_to_terminal": fields.bound}
    return shown
