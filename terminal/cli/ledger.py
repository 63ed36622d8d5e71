"""`hexiao ledger`: verify the journal, export it, copy the ledger and put a copy back."""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import click
from filelock import FileLock, Timeout

from sync.clock import SystemClock
from sync.domain.reasons import Code, because
from sync.errors import KnownError, LedgerError, SecretsError, SettingsError
from sync.ledger import ledger as ledger_file
from sync.ledger.ledger import FILE_NAME
from sync.ledger.sealing import Sealer
from sync.ledger.verify import Bad, Verified, verify
from sync.ledger.writer import connect, ledger_error
from sync.secrets.store import LEDGER_KEY, TERMINAL_KEY
from sync.services.witnessing import public_key_of
from terminal import settings as settings_file
from terminal.bootstrap import secret_store
from terminal.cli import output
from terminal.cli.session import data_option, guarded, json_option


@click.group()
def ledger() -> None:
    """The ledger file and its journal."""


@ledger.command("verify")
@data_option
@json_option
@guarded
def verify_(data: Path, as_json: bool) -> None:
    """Walk the journal and name the first entry that was changed, removed or reordered. Reads only."""
    path = data / FILE_NAME
    if not path.exists():
        raise LedgerError(because(Code.LEDGER_MISSING, path=str(data)))
    found = _walked(path, data, as_json)
    bad = {"seq": found.first_bad.seq, "what": found.first_bad.what} if found.first_bad else None
    if as_json:
        output.document({"ok": found.ok, "entries": found.entries, "head": found.head, "first_bad": bad})
    elif found.first_bad is None:
        output.say(f"✓ {found.entries} entries · head {found.head[:16]}")
    else:
        output.say(f"✕ entry {found.first_bad.seq}: {found.first_bad.what}")
    sys.exit(0 if found.ok else 1)


def _walked(path: Path, data: Path, as_json: bool) -> Verified:
    terminal, sealer, public_key = _known(data)
    try:
        with (
            closing(connect(path, read_only=True)) as connection,
            output.progress("journal", silent=as_json) as advance,
        ):
            return verify(connection, terminal, sealer, advance, public_key)
    except sqlite3.Error as error:
        problem = ledger_error(error)
        if problem.reason.code is not Code.LEDGER_BROKEN:
            raise problem from error
        return Verified(0, "", Bad(None, f"the file can't be read: {error}"))


def _known(data: Path) -> tuple[str, Sealer | None, bytes | None]:
    """The terminal's name and, where they can be had, its keys; the chain is walked without them as well."""
    try:
        settings = settings_file.read(data / settings_file.FILE_NAME)
        secrets = secret_store(settings, data, SystemClock())
        key, own = secrets.get(LEDGER_KEY), secrets.get(TERMINAL_KEY)
    except (SettingsError, SecretsError):
        return "", None, None
    public_key = public_key_of(own) if own else None
    return settings.store.terminal, Sealer(key, SystemClock()) if key else None, public_key


@ledger.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
@json_option
@guarded
def export(file: Path, data: Path, as_json: bool) -> None:
    """Write the journal, one JSON entry a line, so that anybody can check the chain."""
    path = data / FILE_NAME
    if not path.exists():
        raise LedgerError(because(Code.LEDGER_MISSING, path=str(data)))
    columns = ("seq", "at_ms", "kind", "payload", "salt", "payload_hash", "prev", "hash")
    count = 0
    try:
        with closing(connect(path, read_only=True)) as connection, file.open("w", encoding="utf-8") as out:
            for row in connection.execute(f"SELECT {', '.join(columns)} FROM journal ORDER BY seq"):
                plain = [value.hex() if isinstance(value, bytes) else value for value in row]
                out.write(json.dumps(dict(zip(columns, plain, strict=True))) + "\n")
                count += 1
    except sqlite3.Error as error:
        raise ledger_error(error) from error
    except OSError as error:
        raise KnownError(because(Code.LEDGER_READ_ONLY, path=str(file)), str(error.strerror)) from error
    output.document({"entries": count}) if as_json else output.say(f"{count} entries")


@ledger.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
@json_option
@guarded
def backup(file: Path, data: Path, as_json: bool) -> None:
    """Copy the ledger, also while it is in use. An existing file is not overwritten."""
    ledger_file.check_file(data / FILE_NAME)
    if file.exists():
        raise LedgerError(because(Code.LEDGER_EXISTS, path=str(file)))
    ledger_file.backup(data / FILE_NAME, file)
    output.document({"file": str(file), "bytes": file.stat().st_size}) if as_json else output.say(str(file))


@ledger.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
@json_option
@guarded
def restore(file: Path, data: Path, as_json: bool) -> None:
    """Put a copy in the ledger's place, after walking its journal; the ledger it replaces is kept beside it."""
    found = _walked(file, data, as_json)
    if not found.ok:
        raise LedgerError(because(Code.LEDGER_BROKEN), found.first_bad.what if found.first_bad else "")
    path = data / FILE_NAME
    try:
        with FileLock(path.with_suffix(".lock"), timeout=5):
            aside = _set_aside(path)
            ledger_file.backup(file, path)
    except Timeout as error:
        raise LedgerError(because(Code.LEDGER_IN_USE)) from error
    body = {"entries": found.entries, "replaced": str(aside) if aside else None}
    output.document(body) if as_json else output.say(f"{found.entries} entries")


def _set_aside(path: Path) -> Path | None:
    """Move the ledger and what SQLite keeps beside it out of the way; nothing is deleted."""
    if not path.exists():
        return None
    number = 1
    while path.with_name(f"{path.name}.replaced-{number}").exists():
        number += 1
    for suffix in ("-wal", "-shm", ""):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(path.with_name(f"{path.name}.replaced-{number}{suffix}"))
    return path.with_name(f"{path.name}.replaced-{number}")
