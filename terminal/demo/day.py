"""A shop's day under way: the store, its people, the customers, and everything the counter has said so far."""

from collections.abc import Iterable, Sequence

from sync.clock import Clock
from sync.domain.evidence import Witnesses
from sync.domain.reasons import Code, Reason
from sync.domain.redemption import Redemption
from sync.domain.staff import Deed, Staff
from sync.ledger.tables import REDEMPTIONS
from sync.services.request import Request, Want
from sync.services.reversing import Reversal
from sync.services.store import Store
from sync.services.verdict import Outcome, Verdict
from terminal.demo.books import Told
from terminal.demo.control import Control, Sold
from terminal.demo.phone import Phone
from terminal.demo.step import Step, book_says, in_full, ledger_says, said, summary, words
from terminal.i18n import text as text_of

CASHIER, MANAGER = "c1", "m1"
_NOTHING_NOTED = Witnesses()


class Day:
    """What the scenes work with. `told` is the customers' memory: every yes that was said; `kept` holds coupons that a
    later scene comes back to; `taken_back` the redemptions that were reversed or withdrawn; `refusals` how often the
    counter said no."""

    def __init__(
        self, store: Store, control: Control, phone: Phone, pins: dict[str, str], language: str, clock: Clock
    ) -> None:
        self.store = store
        self.control = control
        self.phone = phone
        self.language = language
        self.clock = clock
        self.cashier = store.people.sign_in(CASHIER, pins[CASHIER])
        self.told: list[Told] = []
        self.taken_back: set[str] = set()
        self.refusals = 0
        self.kept: dict[str, Sold] = {}
        self._pins = pins

    def manager(self) -> Staff:
        """The manager comes and types a PIN."""
        return self.store.people.authorise(MANAGER, self._pins[MANAGER], Deed.OPEN_OUTAGE)

    def sell(self, platform: str, **wish: int | str) -> Sold:
        """One coupon for one customer."""
        [coupon] = self.control.sell(platform, 1, **wish)
        return coupon

    def typed(
        self,
        name: str,
        coupon: Sold,
        wanted: str,
        noted: Witnesses = _NOTHING_NOTED,
        platform: str | None = None,
    ) -> Step:
        """The cashier types the printed code. `noted`: the evidence written down with it; `platform`: whose it is where
        that had to be asked."""
        verdict = self.store.redeeming.redeem(coupon.code, Request(self.cashier, 1, noted), platform)
        return self.step(name, (coupon,), verdict, wanted)

    def asked(self, name: str, coupon: Sold, text: str, choices: str, pick: str) -> Step:
        """The counter can't tell whose `text` is and asks; the cashier picks, and that is remembered."""
        found = self.store.looking.look_up(text)
        got = f"{found.code.value} {found.facts.get('choices', '')}" if isinstance(found, Reason) else "found"
        self.store.choices.picked(text, pick, self.cashier)
        named = " · ".join(text_of(self.language, "platforms", one) for one in choices.split(","))
        picked = text_of(self.language, "platforms", pick)
        return self.event(name, got, f"{Code.WHICH_PLATFORM.value} {choices}", (coupon,), choices=named, pick=picked)

    def picked(self, name: str, shown: Sequence[Sold], text: str, picks: Sequence[Sold], wanted: str) -> Step:
        """Of all coupons that a look-up brings the cashier takes these."""
        request = Request(self.cashier, wants=tuple(Want(coupon.code) for coupon in picks))
        found = self.store.looking.look_up(text)
        if isinstance(found, Reason):
            verdict = self.store.redeeming.decline(text, found, request)
        else:
            verdict = self.store.redeeming.confirm(found, request)
        return self.step(name, shown, verdict, wanted, meant=picks)

    def shown(self, name: str, coupon: Sold, text: str, wanted: str) -> Step:
        """The customer holds the phone with `text` to the camera."""
        read, picture = self.phone.show(name, text)
        return self.step(name, (coupon,), self.store.redeeming.redeem(read, Request(self.cashier)), wanted, picture)

    def step(
        self,
        name: str,
        coupons: Iterable[Sold],
        verdict: Verdict,
        wanted: str,
        picture: str = "",
        meant: Iterable[Sold] | None = None,
    ) -> Step:
        """The verdict is out: remember what was said, and look at both books. `meant`: those of the coupons on the
        counter that were to be redeemed, if not all."""
        shown = tuple(coupons)
        self.store.redeeming.announced(verdict)
        self.store.redeeming.flush()
        codes = frozenset(coupon.code for coupon in (shown if meant is None else meant))
        for unit in verdict.units:
            if unit.outcome in (Outcome.REDEEMED, Outcome.RECORDED) and unit.redemption_id and unit.platform:
                self.told.append(Told(unit.redemption_id, unit.platform, codes))
            self.refusals += unit.outcome is Outcome.REFUSED
        ids = tuple(unit.redemption_id for unit in verdict.units if unit.redemption_id is not None)
        zone = self.store.profile.zone
        return Step(
            name,
            shown,
            said(verdict, self.language, zone),
            summary(verdict),
            wanted,
            ids,
            ledger_says(self.rows(ids), self.language),
            book_says(self.control.book(), shown, self.language),
            in_full(verdict, self.language, zone),
            picture,
        )

    def event(self, name: str, got: str, wanted: str, coupons: tuple[Sold, ...] = (), **facts: object) -> Step:
        """A step that is no redemption; what was said stands in the catalogue under `name`, with these facts."""
        return Step(name, coupons, words(self.language, "events", name, **facts), got, wanted)

    def reverse(self, name: str, coupon: Sold, redemption_id: str, wanted: Reversal) -> Step:
        """The customer changes their mind."""
        verdict = self.store.reversing.reverse(redemption_id, self.cashier)
        if verdict.outcome is not Reversal.REFUSED:
            self.taken_back.add(redemption_id)
        return Step(
            name,
            (coupon,),
            words(self.language, "reversals", verdict.outcome.value),
            verdict.outcome.value,
            wanted.value,
            (redemption_id,),
            ledger_says(self.rows((redemption_id,)), self.language),
            book_says(self.control.book(), (coupon,), self.language),
        )

    def rows(self, ids: Iterable[str] | None = None) -> list[Redemption]:
        """Ledger rows: these, in that order, or all of them."""
        found = self.store.ledger.read(lambda tx: tx.all(REDEMPTIONS, "1 ORDER BY seq"))
        if ids is None:
            return found
        wanted = set(ids)
        return [row for row in found if row.id in wanted]

    def distinct(self) -> list[Told]:
        """Every yes once; a scan that resumed another says the same yes again."""
        return list({one.redemption_id: one for one in self.told}.values())

    def redemption_of(self, coupon: Sold) -> str:
        """The redemption that was last accepted for this coupon."""
        return next(one.redemption_id for one in reversed(self.told) if coupon.code in one.codes)
