"""`hexiao shift`: open, count blind, close, report; all of it also without a line."""

from pathlib import Path

import click

from sync.domain.money import yuan
from sync.domain.staff import Deed
from sync.services.shifts import Count, ShiftReport
from terminal.cli import output
from terminal.cli.session import (
    MANAGER_PIN,
    RECEIVER_PIN,
    data_option,
    guarded,
    json_option,
    session,
    staff_option,
)
from terminal.presenters.shift import report_json, report_rows


@click.group()
def shift() -> None:
    """The shift at this terminal."""


@shift.command("open")
@click.option("--float-fen", type=click.IntRange(0), default=0, show_default=True, help="Cash in the drawer.")
@staff_option
@data_option
@json_option
@guarded
def open_(float_fen: int, staff: str | None, data: Path, as_json: bool) -> None:
    """Open a shift."""
    with session(data) as opened:
        opened.store.shifts.open(opened.staff(staff, Deed.REDEEM), float_fen)
        _show(opened.store.shifts.report(), as_json)


@shift.command()
@click.option("--cash-fen", type=click.IntRange(0), required=True, help="Cash counted in the drawer.")
@click.option("--slips", multiple=True, metavar="PLATFORM=N", help="Slips counted, by platform.")
@staff_option
@data_option
@json_option
@guarded
def count(cash_fen: int, slips: tuple[str, ...], staff: str | None, data: Path, as_json: bool) -> None:
    """Keep a blind count: what is expected is shown only afterwards."""
    counted = dict(_slip(text) for text in slips)
    with session(data) as opened:
        strangers = sorted(set(counted) - set(opened.store.asking.platforms))
        if strangers:
            raise click.UsageError(f"--slips: {', '.join(strangers)} is no platform of this store")
        opened.store.shifts.count(opened.staff(staff, Deed.CLOSE_SHIFT), Count(cash_fen, counted))
        _show(opened.store.shifts.report(), as_json)


def _slip(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if not name or not (number.isascii() and number.isdigit()):
        raise click.BadParameter("slips are given as PLATFORM=N", param_hint="--slips")
    return name, int(number)


@shift.command()
@click.option("--received-by", help=f"Who takes over; the PIN comes from {RECEIVER_PIN} or a prompt.")
@click.option("--manager", help=f"A manager who approves a count that is off; the PIN comes from {MANAGER_PIN}.")
@staff_option
@data_option
@json_option
@guarded
def close(received_by: str | None, manager: str | None, staff: str | None, data: Path, as_json: bool) -> None:
    """Close the counted shift for good; what is still owed is carried over by name."""
    with session(data) as opened:
        closer, receiver = opened.staff(staff, Deed.CLOSE_SHIFT), opened.receiver(received_by)
        report = opened.store.shifts.close(closer, receiver, opened.manager(manager, Deed.APPROVE_CLOSE))
        opened.store.witnessing.sign()
        _show(report, as_json)


@shift.command()
@click.option("--shift", "number", type=int, help="Its number; the newest when left out.")
@data_option
@json_option
@guarded
def report(number: int | None, data: Path, as_json: bool) -> None:
    """Show a shift; what is expected stays hidden until it is counted."""
    with session(data) as opened:
        _show(opened.store.shifts.report(number), as_json)


def _show(found: ShiftReport, as_json: bool) -> None:
    if as_json:
        output.document(report_json(found))
        return
    output.say(f"shift {found.shift.id} · {found.shift.state.value} · {found.shift.business_day}")
    if found.count is None:
        return
    columns = ("platform", "redeemed", "reversed", "on trust", "owed", "denied")
    output.table("", columns, report_rows(found))
    counted, expected = yuan(found.count.cash_fen), yuan(found.shift.float_fen)
    again = f" · counted {found.earlier_counts + 1} times" if found.earlier_counts else ""
    output.say(f"cash {counted} · expected {expected} · off {yuan(found.cash_off_fen)}{again}")
    output.say(f"refused {found.refusals} · differences {len(found.differences)}")
    for what, who in (("received by", found.received_by), ("approved by", found.approved_by)):
        if who is not None:
            output.say(f"{what} {who}")
    for row in found.owed:
        output.say(f"owed {row.number} {row.platform} {yuan(row.amount_fen)}")
    for name, off in found.off.items():
        output.say(f"slips {name}: {off:+d}")
    for item in found.adjustments:
        output.say(f"adjusted {item.redemption_id[:8]} {item.what} {yuan(item.amount_fen)}")
