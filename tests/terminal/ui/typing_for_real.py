"""One run of the real window under a real X server, typed into by xdotool; what came of it is said as JSON."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget

from hardware.scanning.scan import Scan, stopwatch_ms
from sync.sandbox.sandbox import Sandbox
from terminal.presenters.counter import Idle, Told
from terminal.ui.bridges.redeem import RedeemPage
from tests.terminal.ui.shop import PINS, Shop

SCANNER, PERSON = "2", "120"
CODES = tuple(f"https://v.douyin.com/{number:02}RNBho5p/" for number in range(5))
# The keys of an American keyboard, by the codes that X gives them.
KEYS = {letter: 24 + place for place, letter in enumerate("qwertyuiop[]")}
KEYS |= {letter: 38 + place for place, letter in enumerate("asdfghjkl;'")}
KEYS |= {letter: 52 + place for place, letter in enumerate("zxcvbnm,./")}
KEYS |= {letter: 10 + place for place, letter in enumerate("1234567890-=")}
WITH_SHIFT = dict(zip('!@#$%^&*()_+{}:"<>?', "1234567890-=[];',./", strict=True))
SHIFT, ENTER = 50, 36


class Typist:
    """Types beside the window, which goes on living meanwhile; or does not, where it is busy."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def do(self, *arguments: str) -> None:
        """One run of xdotool, and whatever it set off."""
        run = subprocess.Popen(["xdotool", *arguments])
        self._shop.until(lambda: run.poll() is not None)
        assert run.returncode == 0
        self._shop.until(lambda: not self._shop.till.keys_held)

    def scan(self, text: str, *, busy_ms: int = 0) -> None:
        """As a scanner on an American keyboard types."""
        run = subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, text=True)
        assert run.stdin is not None
        with run.stdin as script:
            script.write(f"type --delay {SCANNER} {text}\nkey Return\n")
        if busy_ms:
            # Some keys are held and their timer runs, the others come while nobody looks.
            self._shop.until(lambda: self._shop.till.keys_held)
        until_ms = stopwatch_ms() + busy_ms
        while stopwatch_ms() < until_ms:
            pass
        self._shop.until(lambda: run.poll() is not None)

    def press_keys(self, text: str) -> None:
        """The keys that a scanner set to the American layout presses, whatever the computer makes of them."""
        steps: list[str] = []
        for letter in text:
            plain = WITH_SHIFT.get(letter, letter.lower())
            key = ["key", str(KEYS[plain])]
            steps += ["keydown", str(SHIFT), *key, "keyup", str(SHIFT)] if plain != letter else key
        self.do(*steps, "key", str(ENTER))


def play(shop: Shop, layout: str) -> dict[str, object]:
    """Sign in by hand, scan, be busy, and scan on a foreign keyboard."""
    typist = Typist(shop)
    said: dict[str, object] = {}
    scans: list[str] = []
    shop.till.devices().scanned.connect(lambda scan: scans.append(_text(scan)))  # type: ignore[attr-defined]
    shop.start.window.activateWindow()
    people = shop.start.window.findChildren(QListWidget)[0]
    shop.until(lambda: people.count() > 0 and shop.start.window.isActiveWindow())
    pin = shop.start.window.findChildren(QLineEdit)[0]
    typist.do("type", "--delay", PERSON, PINS["c1"][:2])
    typist.scan(CODES[0])
    shop.until(lambda: bool(scans))
    said["pin"] = len(pin.text())
    typist.do("type", "--delay", PERSON, PINS["c1"][2:])
    typist.do("key", "Return")
    shop.until(lambda: bool(shop.till.front))
    page = shop.page("redeem")
    assert isinstance(page, RedeemPage)
    shop.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit) and page.isVisible())
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    typist.do("type", "--delay", PERSON, "Ab-1")
    said["typed"] = field.text()
    for code in CODES[1:4]:
        typist.scan(code)
    typist.scan(CODES[4], busy_ms=300)
    shop.until(lambda: len(scans) == len(CODES))
    said["scans"], said["left"] = list(scans), field.text()
    said |= _abroad(shop, typist, layout)
    return said


def _abroad(shop: Shop, typist: Typist, layout: str) -> dict[str, object]:
    page = shop.page("redeem")
    assert isinstance(page, RedeemPage)
    _rest(shop, page)
    subprocess.run(["setxkbmap", layout], check=True)
    seen: list[Told] = []
    page.counter.told.connect(seen.append)
    typist.press_keys("https://v.douyin.com/iRNBho5p/?id=a=1")
    shop.until(lambda: bool(seen))
    return {"setup": seen[0].setup, "verdicts": len(seen)}


def _rest(shop: Shop, page: RedeemPage) -> None:
    def resting() -> bool:
        page.counter.cancel()
        return isinstance(page.counter.view, Idle) and not page.counter.unfinished()

    shop.until(resting)


def _text(scan: Scan) -> str:
    return scan.text


def main(layout: str, out: Callable[[str], object]) -> None:
    """Open the shop, play, close."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        shop = Shop(app, Path(folder), sandbox)
        try:
            out(json.dumps(play(shop, layout)) + "\n")
        finally:
            shop.close()


def arguments() -> Sequence[str]:
    """The layout."""
    return sys.argv[1:]


if __name__ == "__main__":
    main(arguments()[0], sys.stdout.write)
