"""Made-up platforms that sell what they are told to, and a till bound to several of them: quick, and alike in all."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sync.clock import FalseClock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.moment import TimeSync
from sync.domain.reasons import Code, because
from sync.domain.redemption import Redemption
from sync.domain.staff import Role, Staff
from sync.domain.voucher import Coupon
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.ledger import lists
from sync.ledger.ledger import FILE_NAME, Ledger, create
from sync.ledger.sealing import Sealer
from sync.ledger.tables import REDEMPTIONS, REFUSALS, Refusal
from sync.ledger.verify import verify
from sync.ledger.writer import connect
from sync.platforms.port import (
    Checkpoint,
    Denied,
    HistoryPage,
    KnownUse,
    LookedUp,
    RedeemCall,
    Redeemed,
    ReverseCall,
    Reversed,
    ReverseResult,
    UseResult,
)
from sync.services.looking import Found
from sync.services.profile import Profile
from sync.services.request import Request, Want
from sync.services.store import Store
from sync.services.timekeeping import Timekeeper
from sync.services.verdict import Verdict


def coupon(ref: str, code: str | None = None, *, order: str | None = None, units: int = 1, **more: object) -> Coupon:
    """A coupon worth ¥99 a use."""
    kind = "voucher" if units == 1 else "times_card"
    made = Coupon(ref, ref, code, f"套餐 {ref[-2:]}", 9900, kind, units, units, None, None, order=order)
    return replace(made, **more)  # type: ignore[arg-type]


@dataclass
class Booth:
    """One platform. `orders`: coupons by order; `customers`: orders by telephone number; `lost`: so many further
    answers get lost after the deed was done."""

    name: str
    orders: dict[str, tuple[Coupon, ...]] = field(default_factory=dict)
    customers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    silent: bool = False
    lost: int = 0
    asked: list[str] = field(default_factory=list)
    calls: list[RedeemCall] = field(default_factory=list)
    done: dict[str, tuple[UseResult, ...]] = field(default_factory=dict)

    reversal_window_ms: int | None = None
    book_delay_ms: int = 0

    def sell(self, order: str, *coupons: Coupon, phone: str = "") -> None:
        """An order, and whose it is."""
        self.orders[order] = coupons
        if phone:
            self.customers[phone] = (*self.customers.get(phone, ()), order)

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        self._hear()
        self.asked.append(credential.text)
        if credential.kind is CredentialKind.PHONE:
            orders = self.customers.get(credential.text, ())
            owned = [replace(one, selected=False) for order in orders for one in self.orders[order]]
            return LookedUp(None, tuple(one for one in owned if one.units_left))
        for order, coupons in self.orders.items():
            if any(one.code == credential.text for one in coupons):
                told = (replace(one, selected=one.code == credential.text) for one in coupons)
                return LookedUp(order, tuple(told))
        raise Refused(because(Code.NOT_FOUND))

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        self._hear()
        self.calls.append(call)
        if call.request_id not in self.done:
            self.done[call.request_id] = tuple(
                self._use(use.redemption_id, use.ref or use.code, use.amount_fen) for use in call.uses
            )
        if self.lost:
            self.lost -= 1
            raise OutcomeUnknown(because(Code.NO_ANSWER))
        return self.done[call.request_id]

    settle = redeem

    def _use(self, redemption_id: str, name: str | None, amount_fen: int) -> UseResult:
        for order, coupons in self.orders.items():
            for place, one in enumerate(coupons):
                if name in (one.ref, one.code) and one.units_left:
                    left = replace(one, units_left=one.units_left - 1)
                    self.orders[order] = (*coupons[:place], left, *coupons[place + 1 :])
                    refs = {"record": f"{one.ref[-4:]}-{left.units_left}-{redemption_id[:4]}"}
                    return Redeemed(redemption_id, 0, amount_fen, refs)
        return Denied(redemption_id, because(Code.USED_ELSEWHERE))

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        self._hear()
        return tuple(Reversed(redemption_id, 0) for redemption_id in call.refs)

    def history(
        self,
        from_ms: int,
        to_ms: int,
        cursor: str | None,
        deadline_ms: int,
        known: Sequence[KnownUse] = (),
    ) -> HistoryPage:
        return HistoryPage((), None)

    def probe(self, deadline_ms: int) -> None:
        self._hear()

    def _hear(self) -> None:
        if self.silent:
            raise NeverSent(because(Code.UNREACHABLE, platform=self.name))


class Till:
    """A store bound to booths, its shift open."""

    def __init__(self, folder: Path, *booths: Booth) -> None:
        self.folder, self.booths, self.clock = folder, booths, FalseClock()
        create(folder / FILE_NAME)
        self.store = self._opened()
        self.cashier: Staff = self.store.people.add("c1", "王芳", Role.CASHIER, None)
        self.store.shifts.open(self.cashier)

    def _opened(self) -> Store:
        ledger = Ledger(self.folder / FILE_NAME, Sealer(b"k" * 32, self.clock), self.clock)
        now_ms = self.clock.wall_ms()
        sync = TimeSync(self.clock.boot_id(), self.clock.monotonic_ms(), now_ms, now_ms)
        ledger.write(lambda tx: lists.keep_time_sync(tx, sync))
        platforms = {booth.name: booth for booth in self.booths}
        keeper, profile = Timekeeper(ledger, self.clock), Profile("T1", "Asia/Shanghai", 4, "00c0ffee")
        return Store(ledger, self.clock, profile, platforms, keeper, None, bytes(32))

    def reopen(self) -> None:
        """Close the store and open it again, as after a restart of the program."""
        self.store.close()
        self.store = self._opened()

    def look_up(self, text: str, platform: str | None = None) -> Found:
        """What must be found."""
        found = self.store.looking.look_up(text, platform)
        assert isinstance(found, Found), found
        return found

    def request(self, *wants: tuple[str, int], units: int = 1) -> Request:
        """What the cashier asks for."""
        return Request(self.cashier, units, wants=tuple(Want(*want) for want in wants))

    def redeem(self, found: Found, *wants: tuple[str, int], told: bool = True) -> Verdict:
        """A yes to exactly these coupons; the verdict is shown, if it is `told`."""
        verdict = self.store.redeeming.confirm(found, self.request(*wants))
        if told:
            self.store.redeeming.announced(verdict)
        self.store.redeeming.flush()
        return verdict

    def offline(self, *booths: Booth) -> None:
        """These platforms can't be reached, and that is known."""
        for booth in booths:
            booth.silent = True
            self.store.lines.failed(booth.name)
            self.store.lines.failed(booth.name)

    def rows(self) -> list[Redemption]:
        """The ledger's redemptions."""
        return self.store.ledger.read(lambda tx: tx.all(REDEMPTIONS, "1 ORDER BY seq"))

    def refusals(self) -> list[Refusal]:
        """What was refused at the counter."""
        return self.store.ledger.read(lambda tx: tx.all(REFUSALS, "1 ORDER BY id"))

    def journal_ok(self) -> bool:
        """The chain holds, and the tables say what it says."""
        connection = connect(self.folder / FILE_NAME, read_only=True)
        try:
            found = verify(connection, self.store.profile.terminal, self.store.ledger.sealer)
        finally:
            connection.close()
        assert found.first_bad is None, found.first_bad
        return found.entries > 0
