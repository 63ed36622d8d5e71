"""`hexiao outbox`, `pull`, `reconcile` and `differences`: what is owed, what is new, what does not agree."""

import sys
from pathlib import Path
from typing import Any

import click

from sync.domain.difference import Ending
from sync.domain.matching import Bucket
from sync.domain.money import yuan
from sync.domain.reasons import Code, because
from sync.domain.staff import Deed
from sync.errors import NotAllowed
from terminal.cli import output
from terminal.cli.session import data_option, guarded, json_option, session, staff_option
from terminal.presenters.debts import comparison_json, difference_json, outbox_json
from terminal.wording import moment_of, word


@click.group()
def outbox() -> None:
    """What is owed to the platforms."""


@outbox.command("list")
@data_option
@json_option
@guarded
def list_(data: Path, as_json: bool) -> None:
    """Show what waits and what is held."""
    with session(data) as opened:
        body = outbox_json(opened.store.delivering.owed())
        if as_json:
            output.document(body)
            return
        for title in ("due", "held"):
            output.table(
                title,
                ("id", "platform", "kind", "fen", "tries", "last", "next"),
                [_row(e, opened.zone) for e in body[title]],
            )


def _row(entry: dict[str, Any], zone: str) -> tuple[str, ...]:
    next_at = moment_of(entry["next_attempt_at"], zone)
    return (
        entry["id"][:12],
        entry["platform"],
        entry["kind"],
        str(entry["amount_fen"]),
        str(entry["attempts"]),
        entry["last_error"] or "",
        next_at,
    )


@outbox.command()
@data_option
@json_option
@guarded
def deliver(data: Path, as_json: bool) -> None:
    """Send everything that is due now, whatever its next attempt; then pull what is new."""
    with session(data) as opened:
        store = opened.store
        with output.progress("outbox", silent=as_json) as advance:
            drained = store.delivering.drain(everything=True, progress=advance)
        pulled = store.pulling.pull() if store.pulling is not None else None
        store.witnessing.leave()
        owed = outbox_json(store.delivering.owed())
        if as_json:
            output.document(
                {
                    "sent": drained.sent,
                    "left": drained.left,
                    "due": len(owed["due"]),
                    "held": len(owed["held"]),
                    "differences": len(store.differences.open()),
                    "pulled": pulled is None or pulled.stopped is None,
                }
            )
        else:
            output.say(f"sent {drained.sent} · due {len(owed['due'])} · held {len(owed['held'])}")
    sys.exit(1 if drained.left or owed["due"] or owed["held"] else 0)


@outbox.command()
@click.argument("entry", required=False)
@click.option("--all", "everything", is_flag=True, help="Every held entry.")
@staff_option
@data_option
@json_option
@guarded
def retry(entry: str | None, everything: bool, staff: str | None, data: Path, as_json: bool) -> None:
    """Let a held entry (or all of them) be tried again."""
    if (entry is None) != everything:
        raise click.UsageError("give an ENTRY, or --all")
    if entry is not None:
        _move(entry, staff, data, as_json, hold=False)
        return
    with session(data) as opened:
        count = opened.store.delivering.retry_all(opened.staff(staff, Deed.HOLD))
        output.document({"due": count}) if as_json else output.say(f"due {count}")


@outbox.command()
@click.argument("entry")
@staff_option
@data_option
@json_option
@guarded
def hold(entry: str, staff: str | None, data: Path, as_json: bool) -> None:
    """Hold an entry until a person lets it go."""
    _move(entry, staff, data, as_json, hold=True)


def _move(entry: str, staff: str | None, data: Path, as_json: bool, *, hold: bool) -> None:
    with session(data) as opened:
        # Whether an entry that is held may be let go is told by the store.
        person = opened.staff(staff, Deed.HOLD if hold else Deed.REDEEM)
        moved = opened.store.delivering.hold(entry, person) if hold else opened.store.delivering.retry(entry, person)
        if moved is None:
            raise NotAllowed(because(Code.NO_SUCH_RECORD, name=entry[:40]))
        if as_json:
            output.document({"id": moved, "state": "held" if hold else "due"})
        else:
            output.say(f"{moved[:12]} {'held' if hold else 'due'}")


@click.command()
@data_option
@json_option
@guarded
def pull(data: Path, as_json: bool) -> None:
    """Pull keys, revocations and vouchers; goes on where it stopped."""
    with session(data) as opened:
        pulling = opened.store.pulling
        if pulling is None:
            raise NotAllowed(because(Code.NOT_CONNECTED, platform="miniprogram"))
        with output.progress("pull", silent=as_json) as advance:
            pulled = pulling.pull(lambda _name, count: advance(count))
        if as_json:
            stopped = pulled.stopped.code.value if pulled.stopped else None
            output.document({"keyset": pulled.keyset, "vouchers": pulled.vouchers, "stopped": stopped})
        elif pulled.stopped is not None:
            output.failed(pulled.stopped, as_json=False, zone=opened.zone, spoken=opened.language)
        else:
            output.say(f"keys {pulled.keyset} · vouchers {pulled.vouchers}")
    sys.exit(1 if pulled.stopped else 0)


@click.command()
@click.option("--day", help="Business day, YYYY-MM-DD; today when left out.")
@click.option("--platform", "only", help="One platform only.")
@data_option
@json_option
@guarded
def reconcile(day: str | None, only: str | None, data: Path, as_json: bool) -> None:
    """Compare a day with the platforms' own books. Exit 1 while something needs a person."""
    with session(data) as opened:
        store = opened.store
        if only is not None and only not in store.asking.platforms:
            raise click.UsageError(f"--platform: this store is bound to {', '.join(sorted(store.asking.platforms))}")
        today = store.ledger.read(lambda tx: store.profile.day_of(store.keeper.now(tx)))
        platforms = [only] if only else list(store.asking.platforms)
        try:
            with output.progress("history", silent=as_json) as advance:
                compared = [store.reconciliation.reconcile(name, day or today, advance) for name in platforms]
        except ValueError as error:
            raise click.UsageError("--day takes a date as YYYY-MM-DD") from error
        if as_json:
            output.document({"day": day or today, "platforms": [comparison_json(found) for found in compared]})
        else:
            columns = ("platform", "shop", *(bucket.value for bucket in Bucket), "owed", "")
            rows = [
                (
                    found.platform,
                    found.shop,
                    *(str(found.count(bucket)) for bucket in Bucket),
                    str(found.owed),
                    word(found.unreadable, opened.language, opened.zone).line if found.unreadable else "",
                )
                for found in compared
            ]
            output.table(day or today, columns, rows)
        well = all(found.well for found in compared)
    sys.exit(0 if well else 1)


@click.group()
def differences() -> None:
    """What does not agree, and who owns it."""


@differences.command("list")
@data_option
@json_option
@guarded
def list_differences(data: Path, as_json: bool) -> None:
    """Show the open differences."""
    with session(data) as opened:
        found = opened.store.differences.open()
        if as_json:
            output.document({"differences": [difference_json(item) for item in found]})
            return
        rows = [
            (
                str(d.id),
                d.platform,
                d.cause.value,
                yuan(d.amount_fen),
                d.owner,
                moment_of(d.deadline_at_ms, opened.zone),
            )
            for d in found
        ]
        output.table("", ("no", "platform", "cause", "amount", "owner", "deadline"), rows)


@differences.command()
@click.argument("number", type=int)
@click.argument("ending", type=click.Choice([ending.value for ending in Ending]))
@click.option("--note", default="", help="What was agreed, in a few words.")
@staff_option
@data_option
@json_option
@guarded
def resolve(number: int, ending: str, note: str, staff: str | None, data: Path, as_json: bool) -> None:
    """End a difference for good: contact the customer, claim, reenter, or accept_loss."""
    with session(data) as opened:
        ended = opened.store.differences.resolve(number, opened.staff(staff, Deed.RESOLVE), Ending(ending), note)
        if as_json:
            output.document(difference_json(ended))
        else:
            output.say(f"{ended.id} · {ended.resolution}")
