"""Runs the command in forked children of a process that has imported everything: a kill then meets work, not imports.

Reads a JSON line for each wish: {"begin": [argument, …], "out": path} is answered with the child's id, {"await": id}
with its exit code, negative for the signal that ended it.
"""

import json
import os
import sys

from terminal.cli import ledger, outbox, redeem, shift
from terminal.cli.app import run

PRELOADED = (ledger, outbox, redeem, shift)


def child(arguments: list[str], out: str) -> None:
    """Become the command."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    os.dup2(os.open(out + ".err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 lives as long as the process
    sys.argv = ["hexiao", *arguments]
    code = 1
    try:
        code = run()
        sys.stdout.flush()
    finally:
        os._exit(code)


def main() -> None:
    """Serve until standard input ends."""
    for line in sys.stdin:
        wish = json.loads(line)
        if "begin" in wish:
            sys.stdout.flush()
            answer = os.fork()
            if answer == 0:
                child(wish["begin"], wish["out"])
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(wish["await"], 0)[1])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
