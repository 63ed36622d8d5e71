"""Whether a window can be shown here at all, found out before Qt is asked, which would end the program instead."""

import ctypes
import os
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

CHOICE, X11, WAYLAND, RUNTIME = "QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"
_WAIT_S = 2
# Shared libraries that Qt's packages expect of the system, and the Debian packages that hold them.
QT = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_XCB = "cursor0 icccm4 image0 keysyms1 randr0 render0 render-util0 shape0 shm0 sync1 util1 xfixes0 xkb1"
WINDOW = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libbrotlidec.so.1": "libbrotli1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    **{f"libxcb-{name[:-1]}.so.{name[-1]}": f"libxcb-{name}" for name in _XCB.split()},
}
_ON_WAYLAND = {"libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0"}


class Lack(StrEnum):
    """What stands in the way of a window."""

    NO_SCREEN = "no_screen"
    UNREACHABLE = "unreachable"
    LIBRARIES = "libraries"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`screen`: the one that does not answer; `packages`: the Debian packages whose libraries are missing."""

    lack: Lack
    screen: str = ""
    packages: tuple[str, ...] = ()


def obstacle(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Obstacle | None:
    """What would keep Qt from showing a window here; None when it can. Asks the screen, and waits for it at most as
    long as its own library does."""
    if not system.startswith("linux"):
        return None
    choice = environment.get(CHOICE, "").split(":")[0].split(";")[0]
    if choice and choice != "xcb" and not choice.startswith("wayland"):
        return _lacking(QT)
    screens = {}
    if environment.get(X11) and not choice.startswith("wayland"):
        screens[environment[X11]] = (_x11_answers(environment[X11]), WINDOW)
    if environment.get(WAYLAND) and choice != "xcb":
        screens[environment[WAYLAND]] = (_wayland_answers(environment), _ON_WAYLAND)
    if not screens:
        return Obstacle(Lack.NO_SCREEN)
    answering = [libraries for answers, libraries in screens.values() if answers]
    if not answering:
        return Obstacle(Lack.UNREACHABLE, " ".join(screens))
    lacking = [_lacking({**QT, **libraries}) for libraries in answering]
    return None if None in lacking else lacking[0]


def drawing_obstacle() -> Obstacle | None:
    """What would keep Qt from painting pictures without a screen."""
    return _lacking(QT) if sys.platform.startswith("linux") else None


def _lacking(libraries: Mapping[str, str]) -> Obstacle | None:
    packages = tuple(sorted({package for name, package in libraries.items() if not _loads(name)}))
    return Obstacle(Lack.LIBRARIES, packages=packages) if packages else None


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _x11_answers(screen: str) -> bool:
    """By the library that Qt itself would use, with the user's own rights."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        # Without it nobody can ask; what is missing is told in the next breath.
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect):
        function.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(screen.encode(), None)
    try:
        return int(xcb.xcb_connection_has_error(connection)) == 0
    finally:
        xcb.xcb_disconnect(connection)


def _wayland_answers(environment: Mapping[str, str]) -> bool:
    import socket

    path = Path(environment.get(RUNTIME, "")) / environment[WAYLAND]
    with suppress(OSError), closing(socket.socket(socket.AF_UNIX)) as line:
        line.settimeout(_WAIT_S)
        line.connect(str(path))
        return True
    return False
