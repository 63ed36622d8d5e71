"""`hexiao statement`: what a platform says it pays for a day, beside what was redeemed here."""

import sys
from pathlib import Path

import click

from terminal.cli import output
from terminal.cli.session import data_option, guarded, json_option, session
from terminal.presenters.statement import statement_columns, statement_json, statement_lines, statement_rows


@click.command()
@click.option("--platform", required=True, help="The platform whose statement it is.")
@click.option("--day", required=True, help="A day of the platform's calendar, YYYY-MM-DD.")
@data_option
@json_option
@guarded
def statement(platform: str, day: str, data: Path, as_json: bool) -> None:
    """Compare a platform's statement of a day with the ledger. Exit 1 while something in it needs a person."""
    with session(data) as opened:
        statements = opened.store.statements
        if platform not in statements.platforms:
            raise click.UsageError(f"--platform: a statement is told by {', '.join(statements.platforms) or 'none'}")
        try:
            with output.progress("statement", silent=as_json) as advance:
                found = statements.compare(platform, day, advance)
        except ValueError as error:
            raise click.UsageError("--day takes a date as YYYY-MM-DD") from error
        if as_json:
            output.document(statement_json(found))
        else:
            for line in statement_lines(found, opened.language, opened.zone):
                output.say(line)
            rows = statement_rows(found, opened.language, opened.zone)
            if rows:
                output.table("", statement_columns(opened.language), rows)
    sys.exit(0 if found.well else 1)
