"""`hexiao listen`: take what platforms send by themselves, on a terminal without a window."""

import signal
import sys
import threading
from pathlib import Path

import click

from sync.clock import SystemClock
from terminal.cli import output
from terminal.cli.session import data_option, guarded, json_option, session


@click.command()
@data_option
@json_option
@guarded
def listen(data: Path, as_json: bool) -> None:
    """Listen until Ctrl-C, deliver what is owed meanwhile, and look into what is told. A window that is open does both
    by itself, where `[listener]` is enabled."""
    from sync.engine.loop import Loop
    from terminal import logs
    from terminal.listening import listening

    stopped = threading.Event()
    former = {number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with session(data) as opened, logs.kept_in(data):
            loop = Loop(opened.store, SystemClock(), lambda error: logs.note(f"listen: {type(error).__name__}"))
            section = opened.settings.listener
            try:
                listener = listening(opened.store, section, loop, lambda e: logs.note(f"listener: {type(e).__name__}"))
            except OSError as error:
                output.note(f"✕ [listener] {section.host}:{section.port}: {error.strerror}")
                sys.exit(1)
            try:
                loop.start()
                _announce(listener.address, opened.store.noticing.platforms, as_json=as_json)
                # Windows delivers Ctrl-C only between waits.
                while not stopped.wait(0.5):
                    pass
            finally:
                listener.stop()
                loop.stop()
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _announce(address: tuple[str, int], platforms: tuple[str, ...], *, as_json: bool) -> None:
    host, port = address
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    if as_json:
        output.document({"url": url, "platforms": list(platforms)})
    else:
        output.say(f"{url}  {' · '.join(platforms)}")
    sys.stdout.flush()
