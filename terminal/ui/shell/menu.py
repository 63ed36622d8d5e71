"""The person's menu: another language or theme is written to the settings, and the window follows."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from sync.errors import KnownError
from terminal import settings as settings_file
from terminal.settings import Settings
from terminal.ui.operation import Operations
from terminal.ui.theme.tokens import Palette


class Menu(QObject):
    """`apply` hears of settings that were written, `failed` of an error; the rest of the menu are functions of the
    till, by their names in it."""

    def __init__(
        self,
        data: Path,
        operations: Operations,
        apply: Callable[[Settings], object],
        failed: Callable[[KnownError], object],
        others: dict[str, Callable[[], object]],
    ) -> None:
        super().__init__()
        self._path = data / settings_file.FILE_NAME
        self._operations, self._apply, self._failed, self._others = operations, apply, failed, others

    def choose(self, name: str, settings: Settings, palette: Palette) -> None:
        """An entry by its name; the settings and the palette as they are now."""
        match name:
            case "language":
                self._keep("store", language="en" if settings.store.language == "zh" else "zh")
            case "theme":
                self._keep("window", theme="light" if palette.name == "dark" else "dark")
            case _ if name in self._others:
                self._others[name]()

    def _keep(self, section: str, **changes: object) -> None:
        self._operations.start(
            self,
            lambda: settings_file.amend(self._path, lambda found: settings_file.with_section(found, section, changes)),
            self._apply,
            self._failed,
        )
