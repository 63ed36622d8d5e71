"""One window for one ledger: the second start finds the first window and has it come to the front."""

import getpass
import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WAIT_MS = 1_500
_ANSWER = b"here\n"
_LONGEST_B = 64


def name_of(data: Path) -> str:
    """The name under which the window over `data` can be called: the same however the folder is written, another for
    every user."""
    told = f"{getpass.getuser()}\0{data.resolve()}".encode(errors="surrogateescape")
    return f"hexiao-{hashlib.sha256(told).hexdigest()[:24]}"


def call(data: Path) -> bool:
    """Ask the window over `data` to come to the front; whether one answered. Waits for a window that hangs, for at
    most 3 s; needs no event loop and may be called on any thread."""
    socket = QLocalSocket()
    socket.connectToServer(name_of(data))
    if not socket.waitForConnected(WAIT_MS):
        return False
    heard = b""
    while not heard.endswith(_ANSWER) and len(heard) < _LONGEST_B and socket.waitForReadyRead(WAIT_MS):
        heard += bytes(socket.readAll().data())
    socket.abort()
    return heard.endswith(_ANSWER)


class Instance(QObject):
    """The window that holds the ledger of `data`. `called` is emitted when a second start asks for it."""

    called = Signal()

    def __init__(self, data: Path) -> None:
        super().__init__()
        self._name = name_of(data)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def listen(self) -> bool:
        """From now on answer others; whether that was possible. Only for whoever holds the ledger's lock: a socket of
        this name that is still there belonged to a window that died."""
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def close(self) -> None:
        """No longer to be called."""
        self._server.close()

    def _greet(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            # The caller hangs up once it has read that.
            caller.disconnected.connect(caller.deleteLater)
            caller.write(_ANSWER)
            caller.flush()
            self.called.emit()
