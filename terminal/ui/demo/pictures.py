"""Pictures of the window at work: a small shop of its own, taken through a morning, an outage and a hand-over."""

import tempfile
from contextlib import closing
from pathlib import Path

from PySide6.QtWidgets import QApplication

from sync.clock import Clock
from sync.domain.codes import DOUYIN, MEITUAN, MINIPROGRAM
from sync.domain.evidence import Witnesses
from sync.sandbox.sandbox import Sandbox
from sync.services.shifts import Count
from terminal import settings as settings_file
from terminal.bootstrap import initialise
from terminal.demo.control import Control, Sold
from terminal.presenters.counter import Basket, Choose, Offer, Told
from terminal.settings import BudgetSection, LimitsSection, Settings
from terminal.ui.demo.hand import Hand, Missed
from terminal.ui.shell.pages import PAGES

CASHIER, MANAGER = "c1", "m1"
FLOAT_FEN = 50_000
# One coupon on a cashier's word, and the next one asks for the manager.
_ON_WORD_FEN = 20_000
_PHONE_LAST4 = "0427"


class Album:
    """The pictures of one pass; `missed` are those that could not be taken."""

    def __init__(self, hand: Hand, control: Control, folder: Path, pins: dict[str, str], settings: Settings) -> None:
        self.missed: list[str] = []
        self._hand, self._control, self._folder = hand, control, folder
        self._pins, self._settings = pins, settings
        self._look = "zh-light"
        self._used: Sold | None = None
        self._taken_back: Sold | None = None

    def take_all(self) -> None:
        """Each scene by itself: one that fails leaves the others."""
        for scene in (
            self._sign_in,
            self._open_the_shift,
            self._redeem,
            self._refuse,
            self._which_platform,
            self._several,
            self._trust,
            self._write_down,
            self._owe,
            self._differ,
            self._look_back,
            self._count,
            self._close,
            self._in_english,
        ):
            try:
                scene()
            except Missed:
                self.missed.append(scene.__name__.strip("_"))

    def _keep(self, name: str) -> None:
        self._hand.keep(self._folder / f"{name}-{self._look}.png")

    def _sign_in(self) -> None:
        self._keep("01-sign-in")
        self._hand.sign_in(CASHIER, self._pins[CASHIER])

    def _open_the_shift(self) -> None:
        hand = self._hand
        if "shift" in hand.till.pages:
            self._keep("02-shift-to-open")
        hand.store.shifts.open(hand.store.people.find(CASHIER), FLOAT_FEN)
        if hand.store.pulling is not None:
            hand.store.pulling.pull()
        hand.till.shift_changed()
        hand.go("redeem")
        self._keep("03-idle")

    def _redeem(self) -> None:
        hand, self._used = self._hand, self._sold(MINIPROGRAM)
        hand.scan(self._control.dynamic(self._used), Offer)
        self._keep("04-offer")
        hand.confirm()
        self._keep("05-redeemed")
        for platform in (DOUYIN, MINIPROGRAM):
            hand.scan(self._sold(platform).code, Offer)
            hand.confirm()

    def _refuse(self) -> None:
        if self._used is None:
            raise Missed
        self._hand.scan(self._used.code, Told)
        self._keep("06-refused")

    def _which_platform(self) -> None:
        self._hand.scan(self._sold(MEITUAN).code, Choose)
        self._keep("16-which-platform")
        self._hand.rest()

    def _several(self) -> None:
        order = self._control.sell(DOUYIN, 3)
        self._hand.scan(order[0].qr_text, Basket)
        self._hand.want(2)
        self._keep("17-several")
        self._hand.rest()

    def _trust(self) -> None:
        hand, self._taken_back = self._hand, self._sold(MINIPROGRAM)
        texts = [self._control.dynamic(one) for one in (self._sold(MINIPROGRAM), self._taken_back)]
        self._control.cut_the_line()
        hand.scan(texts[0], Offer)
        self._keep("07-offer-offline")
        hand.confirm()
        self._keep("08-recorded")
        hand.ask_phone()
        self._keep("18-permit")
        hand.scan(texts[1], Offer)
        hand.confirm()
        # Before it can be sent, its owner has the money back.
        self._control.set_lot(self._taken_back, "refunded")

    def _write_down(self) -> None:
        hand = self._hand
        first, second = self._sold(DOUYIN), self._sold(DOUYIN)
        hand.scan(first.code, Offer)
        self._keep("09-evidence")
        hand.confirm(_noted(first))
        hand.scan(second.code, Offer)
        hand.offer(_noted(second))
        self._keep("10-manager")
        hand.rest()

    def _owe(self) -> None:
        self._page("owed", "11-owed")

    def _differ(self) -> None:
        hand = self._hand
        self._control.mend_the_line()
        hand.store.delivering.drain(everything=True)
        hand.until(lambda: not hand.store.delivering.owed())
        hand.sign_in(MANAGER, self._pins[MANAGER])
        self._page("differences", "12-differences")

    def _look_back(self) -> None:
        hand = self._hand
        hand.sign_in(CASHIER, self._pins[CASHIER])
        self._page("history", "13-history")

    def _count(self) -> None:
        hand = self._hand
        cashier = hand.store.people.find(CASHIER)
        expected = hand.store.shifts.report().expected_slips
        hand.store.shifts.count(cashier, Count(FLOAT_FEN, dict(expected)))
        hand.go("shift")
        self._keep("14-shift-counted")

    def _close(self) -> None:
        hand = self._hand
        cashier, manager = hand.store.people.find(CASHIER), hand.store.people.find(MANAGER)
        closed = hand.store.shifts.close(cashier, manager)
        hand.till.go("shift", closed.shift.id)
        self._keep("15-shift-closed")

    def _in_english(self) -> None:
        hand, self._look = self._hand, "en-dark"
        store = self._settings.store.model_copy(update={"language": "en"})
        window = self._settings.window.model_copy(update={"theme": "dark"})
        hand.look(self._settings.model_copy(update={"store": store, "window": window}))
        self._page("history", "13-history")
        hand.store.shifts.open(hand.store.people.find(CASHIER), FLOAT_FEN)
        hand.go("redeem")
        hand.scan(self._sold(DOUYIN).code, Offer)
        self._keep("04-offer")
        hand.confirm()
        self._keep("05-redeemed")

    def _page(self, page: str, name: str) -> None:
        if page in {entry.name for entry in PAGES}:
            self._hand.go(page)
            self._keep(name)

    def _sold(self, platform: str) -> Sold:
        return self._control.sell(platform)[0]


def take(folder: Path, clock: Clock) -> list[str]:
    """Take the pictures into `folder`, 1280 × 800; the scenes that could not be pictured. Raises KnownError (the shop
    could not be set up), OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(["hexiao"])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory(prefix="hexiao-pictures-") as place, Sandbox(clock=clock) as sandbox:
        data = Path(place) / "terminal"
        settings = _set_up(data, sandbox, clock)
        pins = {one.id: one.pin or "" for one in settings_file.read(sandbox.profile).staff}
        with closing(Control(sandbox.control)) as control, closing(Hand(app, data, clock)) as hand:
            album = Album(hand, control, folder, pins, settings)
            album.take_all()
    return album.missed


def _set_up(data: Path, sandbox: Sandbox, clock: Clock) -> Settings:
    """A terminal bound to the sandbox, silent, and quick to ask for the manager."""
    initialise(data, sandbox.profile, clock).close()
    path = data / settings_file.FILE_NAME
    settings = settings_file.read(path)
    limits = LimitsSection(recorded=BudgetSection(amount_fen=_ON_WORD_FEN))
    window = settings.window.model_copy(update={"sound": False})
    settings = settings.model_copy(update={"limits": limits, "window": window})
    settings_file.write(settings, path)
    return settings


def _noted(coupon: Sold) -> Witnesses:
    """The evidence that a cashier writes down."""
    return Witnesses(coupon.price_fen, None, coupon.order_id, _PHONE_LAST4)
