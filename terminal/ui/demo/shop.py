"""The demo as a shop to play in: false platforms inside, a fresh ledger, the till and its customers side by side."""

from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QPoint

from sync.clock import Clock
from sync.sandbox.sandbox import Sandbox
from terminal import logs
from terminal import settings as settings_file
from terminal.bootstrap import initialise
from terminal.demo import folder
from terminal.demo.control import Control
from terminal.ui import app
from terminal.ui.app import Start
from terminal.ui.demo.bridge import CustomersDesk
from terminal.ui.demo.screen import MOST_ACROSS, width_of


def open_shop(out: Path, language: str, clock: Clock) -> Path:
    """Stay until either window is closed; the terminal's folder. Raises FolderTaken, KnownError (the terminal could
    not be set up), OSError."""
    data = out / folder.TERMINAL
    with folder.stage(out), Sandbox(clock=clock) as sandbox:
        people = set_up(data, sandbox, language, clock)
        with logs.kept_in(data), closing(Control(sandbox.control)) as control:
            desks: list[CustomersDesk] = []

            def beside(start: Start) -> None:
                desks.append(CustomersDesk(start, control, people, language, _across(start)))
                _arrange(start, desks[0])

            try:
                app.run(data, clock, with_start=beside)
            finally:
                for desk in desks:
                    desk.stop()
    return data


def set_up(data: Path, sandbox: Sandbox, language: str, clock: Clock) -> list[tuple[str, str]]:
    """A terminal bound to the sandbox, in that language; who may sign in, with the PINs."""
    initialise(data, sandbox.profile, clock).close()
    path = data / settings_file.FILE_NAME
    settings = settings_file.read(path)
    store = settings.store.model_copy(update={"language": language})
    settings_file.write(settings.model_copy(update={"store": store}), path)
    return [(one.name, one.pin or "") for one in settings_file.read(sandbox.profile).staff]


def _across(start: Start) -> int:
    """How many phones fit beside the till."""
    spare = start.window.screen().availableGeometry().width() - start.window.minimumWidth()
    return max((number for number in range(1, MOST_ACROSS + 1) if width_of(number) <= spare), default=1)


def _arrange(start: Start, desk: CustomersDesk) -> None:
    """The till on the left, the phones on the right, as far as the screen goes."""
    room, till, phones = start.window.screen().availableGeometry(), start.window, desk.window
    phones.resize(phones.width(), min(phones.height(), room.height()))
    till.resize(min(till.width(), room.width() - phones.width()), phones.height())
    till.move(room.topLeft())
    phones.move(room.topLeft() + QPoint(min(till.width(), room.width() - phones.width()), 0))
    phones.show()
    start.come_forward()
