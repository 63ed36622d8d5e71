"""The command `hexiao`: all its commands, and the last word when something nobody foresaw goes wrong."""

import sys
from collections.abc import Callable

import click

from terminal.cli import output


def _counter() -> tuple[click.Command, ...]:
    from terminal.cli.redeem import lookup, permit, redeem, reverse

    return redeem, lookup, reverse, permit


def _debts() -> tuple[click.Command, ...]:
    from terminal.cli.outbox import differences, outbox, pull, reconcile

    return outbox, pull, reconcile, differences


def _statement() -> tuple[click.Command, ...]:
    from terminal.cli.statement import statement

    return (statement,)


def _setup() -> tuple[click.Command, ...]:
    from terminal.cli.setup import doctor, init, sandbox, scan

    return init, doctor, sandbox, scan


def _bind() -> tuple[click.Command, ...]:
    from terminal.cli.bind import bind

    return (bind,)


def _listen() -> tuple[click.Command, ...]:
    from terminal.cli.listen import listen

    return (listen,)


def _shift() -> tuple[click.Command, ...]:
    from terminal.cli.shift import shift

    return (shift,)


def _ledger() -> tuple[click.Command, ...]:
    from terminal.cli.ledger import ledger

    return (ledger,)


def _explain() -> tuple[click.Command, ...]:
    from terminal.cli.explain import explain

    return (explain,)


def _window() -> tuple[click.Command, ...]:
    from terminal.cli.window import run

    return (run,)


def _demo() -> tuple[click.Command, ...]:
    from terminal.cli.rehearsal import demo

    return (demo,)


# A command loads what it needs and no more: a scan at the counter must not wait for the demo to be imported.
COMMANDS: dict[str, Callable[[], tuple[click.Command, ...]]] = {
    "run": _window,
    "demo": _demo,
    "sandbox": _setup,
    "init": _setup,
    "bind": _bind,
    "redeem": _counter,
    "lookup": _counter,
    "reverse": _counter,
    "permit": _counter,
    "outbox": _debts,
    "pull": _debts,
    "reconcile": _debts,
    "statement": _statement,
    "differences": _debts,
    "listen": _listen,
    "shift": _shift,
    "scan": _setup,
    "explain": _explain,
    "ledger": _ledger,
    "doctor": _setup,
}


class Commands(click.Group):
    """The group whose commands are loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click calls it by name
        """Their names, in the order of the day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """One command by name."""
        load = COMMANDS.get(cmd_name)
        return next((found for found in load() if found.name == cmd_name), None) if load else None


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.pass_context
def hexiao(context: click.Context) -> None:
    """The store terminal that keeps redeeming when the network drops. Without a command: its window."""
    if context.invoked_subcommand is None:
        [window] = _window()
        context.invoke(window)


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
