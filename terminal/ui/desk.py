"""What every page works with: the opened store, who stands at it, and what a page may ask of the frame."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QWidget

from hardware.scanning.scan import Scan
from sync.clock import Clock
from sync.domain.staff import Deed, Staff
from sync.engine.loop import Loop
from sync.services.store import Store
from terminal.i18n import Words
from terminal.settings import Settings
from terminal.ui.operation import Operations
from terminal.ui.theme.tokens import Palette


class Page(QWidget):
    """One task of the window. The frame calls these; a page need only answer those it cares about."""

    def entered(self, subject: object = None) -> None:
        """The page is in front now: read afresh and put the focus where work begins. `subject`: what to open on."""

    def left(self) -> None:
        """Another page is in front now."""

    def scanned(self, scan: Scan) -> bool:
        """A scan while this page is in front; True when the page took it. What nobody takes goes to the counter."""
        del scan
        return False

    def changed(self) -> None:
        """The store changed in the background (delivered, pulled, a line came or went)."""

    def busy(self) -> bool:
        """Something is under way whose end must be told before the page may go."""
        return False

    def kept(self) -> object | None:
        """What must outlive the page when it is built again in another language or theme."""
        return None

    def take_up(self, kept: object) -> None:
        """What the page before this one kept."""


class Frame(Protocol):
    """What a page may ask of the window around it."""

    def go(self, page: str, subject: object = None) -> None:
        """Bring another page to the front."""

    def notice(self, said: str, kind: str = "info") -> None:
        """Say one sentence for a few seconds without taking the focus. `kind`: info, good or bad."""

    def show_sheet(self, sheet: QWidget) -> None:
        """Lay a dialog over the page; it has the focus until `close_sheet`, Esc included."""

    def close_sheet(self) -> None:
        """Take the dialog away and give the focus back."""

    def authorise(self, why: str, deed: Deed, then: Callable[[Staff], None]) -> None:
        """Ask for somebody's PIN whose role may do it; `then` hears who it was."""

    def refresh_status(self) -> None:
        """Something was booked here: the top line follows at once."""

    def shift_changed(self) -> None:
        """A shift was opened or closed: show what comes next."""

    def sign_out(self) -> None:
        """Back to the PIN."""

    def apply(self, settings: Settings) -> None:
        """New settings were written: language, theme and devices follow at once."""

    def devices(self) -> "Devices":
        """The scanners and cameras of this terminal."""


class Devices(Protocol):
    """The scanners and the camera as pages see them."""

    def states(self) -> tuple[object, ...]:
        """hardware.scanning.scan.DeviceState of each."""

    def preview(self) -> object | None:
        """The camera's newest small picture, if one is on."""

    def snapshot(self) -> bytes | None:
        """The camera's whole picture as PNG, as evidence; may take a moment."""

    def sound(self, name: str) -> None:
        """One of resources/sounds, if the settings want sound and the machine can."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Handed to each page as it is built; built again when language, theme or person change."""

    store: Store
    settings: Settings
    data: Path
    clock: Clock
    loop: Loop
    operations: Operations
    frame: Frame
    staff: Staff
    language: str
    palette: Palette
    # Nothing may lead out of the window: it is all that whoever stands here may use.
    kiosk: bool = False

    def words(self, area: str) -> Words:
        """The texts of an area in the language of the window."""
        return Words(area, self.language)

    @property
    def zone(self) -> str:
        """The store's time zone."""
        return self.store.profile.zone
