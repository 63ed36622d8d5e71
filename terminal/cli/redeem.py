"""`hexiao redeem`, `lookup`, `reverse` and `permit`: one coupon, by the very path that the window uses."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import click

from sync.domain.evidence import Witnesses
from sync.domain.money import yuan
from sync.domain.reasons import Code, Reason, because
from sync.domain.staff import Deed
from sync.services.looking import Found
from sync.services.request import Request
from sync.services.reversing import Reversal
from sync.services.verdict import Outcome, Verdict
from terminal.cli import output
from terminal.cli.picks import Pick, picks_of, wants_of
from terminal.cli.session import Session, data_option, guarded, json_option, session, staff_option
from terminal.evidence import NoPicture, keep_photo
from terminal.presenters.lookup import choices_json, choices_line, lookup_json, lookup_rows
from terminal.presenters.verdict import NOTHING, verdict_json, verdict_lines
from terminal.wording import word

_PULL_AFTER_MS = 60_000
_LONGEST_ORDER_NO = 64
# A pick after which the platform knows of no such coupon was a wrong one.
_DISOWNED = (Code.NOT_FOUND, Code.PHONE_UNKNOWN)


def _last4(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[0-9]{4}", value):
        raise click.BadParameter("four digits are needed")
    return value


def _order_no(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (value.isprintable() and len(value) <= _LONGEST_ORDER_NO):
        raise click.BadParameter(f"up to {_LONGEST_ORDER_NO} letters and digits are needed")
    return value


@click.command()
@click.argument("text", required=False)
@click.option(
    "--image", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Read the code from a picture."
)
@click.option("--platform", help="Where it was bought, when the text alone does not tell.")
@click.option("--count", type=click.IntRange(1, 100), default=1, show_default=True, help="How many uses.")
@click.option(
    "--pick",
    "picks",
    multiple=True,
    metavar="PLACE[:USES]",
    callback=picks_of,
    help="Of several coupons the one at this place in `hexiao lookup`; may be given again.",
)
@click.option("--amount-fen", type=click.IntRange(1), help="What one use is worth, to record it offline.")
@click.option(
    "--photo", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Photo of the coupon's page."
)
@click.option("--order-no", callback=_order_no, help="Order number, as evidence.")
@click.option("--phone-last4", callback=_last4, help="The phone's last four digits, as evidence.")
@staff_option
@click.option(
    "--manager", help="A manager who opens the outage's limits; the PIN comes from HEXIAO_MANAGER_PIN or a prompt."
)
@data_option
@json_option
@guarded
def redeem(
    text: str | None,
    image: Path | None,
    platform: str | None,
    count: int,
    picks: tuple[Pick, ...],
    amount_fen: int | None,
    photo: Path | None,
    order_no: str | None,
    phone_last4: str | None,
    staff: str | None,
    manager: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Redeem one coupon (or several uses of it). Exit 0 when it was redeemed or recorded, 1 when not."""
    output.shape(NOTHING)
    if (text is None) == (image is None):
        raise click.UsageError("give the coupon's TEXT, or --image FILE")
    if picks and count != 1:
        raise click.UsageError("with --pick the number of uses stands behind each place: --pick 3:2")
    with session(data) as opened:
        person = opened.staff(staff, Deed.REDEEM)
        boss = opened.manager(manager)
        kept = _kept(data, photo) if photo else None
        request = Request(person, count, Witnesses(amount_fen, kept, order_no or None, phone_last4), boss)
        if opened.store.shifts.current() is None:
            opened.store.shifts.open(person)
        shown = text if text is not None else _read(image)
        verdict = _redeemed(opened, shown, platform, request, picks)
        reason = verdict.first.reason
        if as_json:
            output.document(verdict_json(verdict, opened.language, opened.zone) | choices_json(reason))
        else:
            for line in (*verdict_lines(verdict, opened.language, opened.zone), *choices_line(reason)):
                output.say(line)
        sys.stdout.flush()
        opened.store.redeeming.announced(verdict)
        if platform is not None and not (reason and reason.code in _DISOWNED):
            opened.store.choices.picked(shown, platform, person)
        _pull_if_old(opened)
        accepted = all(unit.outcome in (Outcome.REDEEMED, Outcome.RECORDED) for unit in verdict.units)
    sys.exit(0 if accepted else 1)


def _redeemed(opened: Session, shown: str, platform: str | None, request: Request, picks: tuple[Pick, ...]) -> Verdict:
    """One scan; with picks exactly those coupons, which nobody but the platform can tell apart."""
    redeeming = opened.store.redeeming
    if not picks:
        return redeeming.redeem(shown, request, platform)
    found = opened.store.looking.look_up(shown, platform, even_unfinished=True)
    if isinstance(found, Reason):
        return redeeming.decline(shown, found, request)
    if found.looked_up is None:
        reason = found.refusal or found.unaskable or because(Code.UNREACHABLE, platform=found.recognised.platform)
        return redeeming.decline(shown, reason, request)
    # An earlier scan is taken on coupon by coupon, so that it keeps no other from being redeemed now.
    return redeeming.confirm(replace(found, unfinished=None), replace(request, wants=wants_of(picks, found)))


def _read(image: Path | None) -> str:
    """The first code in a picture; nothing readable is an empty scan, which is refused like any other."""
    # Only here: a scan by text must not wait for the decoders to be imported.
    from hardware.decoding.scan import scan_file

    assert image is not None
    result = scan_file(image)
    if result.error is not None:
        raise click.UsageError(str(result.error))
    return result.symbols[0].text if result.symbols else ""


def _kept(data: Path, photo: Path) -> str:
    try:
        return keep_photo(data, photo)
    except NoPicture as error:
        raise click.UsageError(str(error)) from error


def _pull_if_old(opened: Session) -> None:
    """Keep what offline decisions need fresh, after the answer is out."""
    pulling = opened.store.pulling
    if pulling is not None and pulling.age_ms() > _PULL_AFTER_MS and not opened.store.lines.troubled("miniprogram"):
        pulling.pull()


@click.command()
@click.argument("text")
@click.option("--platform", help="Where it was bought, when the text alone does not tell.")
@data_option
@json_option
@guarded
def lookup(text: str, platform: str | None, data: Path, as_json: bool) -> None:
    """Show what a coupon is, or what a telephone number's owner can use here; changes nothing."""
    with session(data) as opened:
        found = opened.store.looking.look_up(text, platform, even_unfinished=True)
        reason = found if isinstance(found, Reason) else found.refusal or found.unaskable
        if isinstance(found, Found) and found.looked_up is not None:
            coupons = opened.store.looking.described(found)
            if as_json:
                output.document(lookup_json(found, coupons, opened.language, opened.zone))
            else:
                output.table("", ("",) * 7, lookup_rows(coupons, opened.language, opened.zone))
            return
        output.shape(choices_json(reason))
        output.failed(reason or because(Code.UNREACHABLE), as_json=as_json, zone=opened.zone, spoken=opened.language)
        if not as_json:
            for line in choices_line(reason):
                output.note(line)
    sys.exit(1)


@click.command()
@click.argument("redemption")
@staff_option
@data_option
@json_option
@guarded
def reverse(redemption: str, staff: str | None, data: Path, as_json: bool) -> None:
    """Take a redemption back (its id, or the number on the slip); queued while the line is down."""
    with session(data) as opened:
        verdict = opened.store.reversing.reverse(redemption, opened.staff(staff, Deed.REVERSE))
        sentence = word(verdict.reason, opened.language, opened.zone).line if verdict.reason else None
        row = verdict.redemption
        if as_json:
            output.document(
                {
                    "outcome": verdict.outcome.value,
                    "reason": verdict.reason.code.value if verdict.reason else None,
                    "message": sentence,
                    "redemption_id": row.id,
                    "number": row.number,
                    "amount_fen": row.amount_fen,
                }
            )
        else:
            output.say(
                f"{row.number} {yuan(row.amount_fen)} {verdict.outcome.value}" + (f" · {sentence}" if sentence else "")
            )
    sys.exit(1 if verdict.outcome is Reversal.REFUSED else 0)


@click.command()
@data_option
@json_option
@guarded
def permit(data: Path, as_json: bool) -> None:
    """Make a request for a permit: its text is shown to the customer's phone as a QR, good for 120 seconds."""
    with session(data) as opened:
        made = opened.store.permits.request()
        if as_json:
            output.document(
                {
                    "text": made.text,
                    "nonce": made.nonce,
                    "request_id": made.request_id,
                    "store": made.store,
                    "terminal": made.terminal,
                }
            )
        else:
            output.say(made.text)
