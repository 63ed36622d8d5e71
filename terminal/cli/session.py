"""One command's session with the store: opened from --data, closed whatever happens, people signed in."""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from sync.clock import SystemClock
from sync.domain.reasons import Code, Reason, because
from sync.domain.staff import Deed, Role, Staff
from sync.errors import KnownError, NotAllowed
from terminal.cli import output
from terminal.paths import default_data

# The window's command shares the options here, and paints before it imports what opens a ledger.
if TYPE_CHECKING:
    from sync.services.store import Store
    from terminal.settings import Settings

PIN, MANAGER_PIN, RECEIVER_PIN = "HEXIAO_PIN", "HEXIAO_MANAGER_PIN", "HEXIAO_RECEIVER_PIN"
Params = ParamSpec("Params")
Answer = TypeVar("Answer")


def data_option(command: Callable[Params, Answer]) -> Callable[Params, Answer]:
    """`--data DIR`."""
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option("--data", type=kind, default=default_data, help="The terminal's folder.")(command)


def json_option(command: Callable[Params, Answer]) -> Callable[Params, Answer]:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")(command)


def staff_option(command: Callable[Params, Answer]) -> Callable[Params, Answer]:
    """`--staff ID`."""
    return click.option("--staff", help=f"Who does it; the PIN comes from {PIN} or a prompt.")(command)


def guarded(command: Callable[Params, Answer]) -> Callable[Params, Answer]:
    """Turn a KnownError into its sentence and exit code 1."""

    @wraps(command)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> Answer:
        try:
            return command(*args, **kwargs)
        except KnownError as error:
            output.failed(error.reason, as_json=bool(kwargs.get("as_json")))
            sys.exit(1)
        except UnicodeEncodeError as error:
            raise click.UsageError("an argument holds bytes that are no text") from error
        except OSError as error:
            output.failed(_of_the_machine(error), as_json=bool(kwargs.get("as_json")))
            sys.exit(1)

    return run


def _of_the_machine(error: OSError) -> Reason:
    if isinstance(error, BrokenPipeError):
        raise error
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return because(Code.DISK_FULL)
    return because(Code.LEDGER_READ_ONLY, path=str(error.filename or ""))


class Session:
    """An open store and the settings it was opened with."""

    def __init__(self, store: "Store", settings: "Settings", data: Path) -> None:
        self.store = store
        self.settings = settings
        self.data = data

    @property
    def language(self) -> str:
        """The language of the answers."""
        return "en" if output.LANGUAGE in os.environ and output.language() == "en" else self.settings.store.language

    @property
    def zone(self) -> str:
        """The store's time zone."""
        return self.settings.store.zone

    def staff(self, staff_id: str | None, deed: Deed) -> Staff:
        """Who acts: somebody named, with the PIN; else whom the settings name for this command line (in a demo the
        first cashier), for whom being signed in to this machine is enough."""
        if staff_id is not None:
            return self.store.people.authorise(staff_id, self._pin(staff_id, PIN), deed)
        name = self.settings.store.counter_staff
        found = self.store.people.find(name) if name else None
        if found is None and self.settings.demo:
            found = self.store.people.first(Role.CASHIER)
        if found is None:
            raise NotAllowed(because(Code.STAFF_UNKNOWN, staff="--staff"))
        if not found.may(deed):
            raise NotAllowed(because(Code.NOT_PERMITTED, staff=found.name))
        return found

    def manager(self, staff_id: str | None, deed: Deed = Deed.OPEN_OUTAGE) -> Staff | None:
        """The manager named on the command line, with the PIN."""
        if staff_id is None:
            return None
        return self.store.people.authorise(staff_id, self._pin(staff_id, MANAGER_PIN), deed)

    def receiver(self, staff_id: str | None) -> Staff | None:
        """Who takes the till over, with the PIN."""
        if staff_id is None:
            return None
        return self.store.people.authorise(staff_id, self._pin(staff_id, RECEIVER_PIN), Deed.REDEEM)

    def _pin(self, staff_id: str, variable: str) -> str | None:
        if self.store.people.find(staff_id).pin_hash is None:
            return None
        if variable in os.environ:
            return os.environ[variable]
        try:
            answer: str = click.prompt(f"PIN ({staff_id})", hide_input=True, err=True)
        except click.Abort as error:
            raise NotAllowed(because(Code.PIN_WRONG, staff=staff_id)) from error
        return answer


@contextmanager
def session(data: Path) -> Iterator[Session]:
    """Open the store in `data`, and close it so that everything is durable."""
    from terminal import bootstrap
    from terminal import settings as settings_file

    settings = settings_file.read(data / settings_file.FILE_NAME)
    store = bootstrap.open_store(data, SystemClock())
    try:
        yield Session(store, settings, data)
    finally:
        store.close()


def ms_of(value: Any) -> int | None:
    """A time for JSON: int ms or null."""
    return None if value is None else int(value)
