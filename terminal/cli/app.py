"""The command `hexiao`: all its commands, and the last word when something nobody foresaw goes wrong."""

import sys

import click

from terminal.cli import output
from terminal.cli.explain import explain
from terminal.cli.ledger import ledger
from terminal.cli.outbox import differences, outbox, pull, reconcile
from terminal.cli.redeem import lookup, permit, redeem, reverse
from terminal.cli.rehearsal import demo
from terminal.cli.setup import doctor, init, sandbox, scan
from terminal.cli.shift import shift


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def hexiao() -> None:
    """The store terminal that keeps redeeming when the network drops."""


for command in (
    demo,
    sandbox,
    init,
    redeem,
    lookup,
    reverse,
    permit,
    outbox,
    pull,
    reconcile,
    differences,
    shift,
    scan,
    explain,
    ledger,
    doctor,
):
    hexiao.add_command(command)


def run() -> int:
    """Run the command line; answers with the exit code: 0 ok, 1 refused or not well, 2 wrong usage."""
    output.speak_utf8()
    try:
        hexiao.main(standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return 2
    except click.ClickException as error:
        error.show()
        return 1
    except click.Abort:
        return 1
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return 0
