"""Writing a claim: the redemptions, the calls they owe, and everything that has to stand beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sync.clock import Clock
from sync.domain.checks.recorded import manager_given
from sync.domain.codes import CredentialKind
from sync.domain.evidence import Evidence, Witnesses
from sync.domain.moment import Moment
from sync.domain.outbox import CallKind, OutboxState
from sync.domain.reasons import Code, because
from sync.domain.redemption import Redemption, State
from sync.domain.shift import Shift, ShiftState
from sync.domain.staff import Staff
from sync.domain.trust import Tier
from sync.domain.voucher import Coupon
from sync.errors import NotAllowed
from sync.ledger import lists, outages, redemptions, vouchers
from sync.ledger.tables import OUTBOX, REDEMPTIONS, SHIFTS, OutboxEntry
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import Alias
from sync.platforms.port import RedeemCall, Use
from sync.services import calls, settling
from sync.services.courier import Parcel
from sync.services.gathering import Candidate
from sync.services.looking import Found
from sync.services.profile import Profile
from sync.services.request import Request
from sync.services.verdict import BOOKED, UnitVerdict, of_row

Booked = tuple[tuple[Parcel, ...], tuple[UnitVerdict, ...], bool]


@dataclass(frozen=True, slots=True)
class Piece:
    """A candidate that was accepted, and what the acceptance rests on."""

    candidate: Candidate
    evidence: Evidence
    tier: Tier
    trusted: bool

    @property
    def coupon(self) -> Coupon | None:
        """The best description of the coupon there is."""
        return self.candidate.coupon or self.evidence.coupon

    @property
    def booked(self) -> bool:
        """The platform has booked it under our request id (a permit with our nonce)."""
        return self.evidence.booked


@dataclass(frozen=True, slots=True)
class _Basket:
    """What all rows of one call have in common; calls of one scan differ in `entry_id` and `request_id` alone."""

    id: str
    entry_id: str
    request_id: str
    found: Found
    request: Request
    shift: int
    outage: int | None
    now: Moment

    @property
    def platform(self) -> str:
        return self.found.recognised.platform


class Booking:
    """Turns accepted pieces into rows and owed calls, one for each order."""

    def __init__(self, profile: Profile, clock: Clock) -> None:
        self._profile = profile
        self._clock = clock

    def book(
        self,
        tx: Transaction,
        found: Found,
        request: Request,
        pieces: list[Piece],
        entry_ids: Sequence[str],
        now: Moment,
    ) -> Booked | None:
        """Write everything; None when there is nothing to book. `entry_ids`: names for the calls, at least as many as
        there are orders (`most_calls`). Raises NotAllowed without an open shift."""
        if not pieces:
            return None
        shift = _shift_to_book(tx)
        outage = self._outage(tx, found.recognised.platform, request.manager, pieces, now)
        basket = _Basket(self._clock.new_id(), entry_ids[0], found.request_id, found, request, shift, outage, now)
        parcels: list[Parcel] = []
        for place, order in enumerate(_by_order(found, pieces)):
            # The look-up's own request id is the first call's; each further one is a request of its own.
            request_id = self._clock.new_id() if place else found.request_id
            parcels.append(self._call(tx, replace(basket, entry_id=entry_ids[place], request_id=request_id), order))
        accepted = tuple(of_row(row) for parcel in parcels for row in parcel.rows)
        return tuple(parcels), accepted, pieces[0].tier is Tier.ONLINE

    def _call(self, tx: Transaction, basket: _Basket, pieces: list[Piece]) -> Parcel:
        found = basket.found
        rows: list[Redemption] = []
        uses: list[Use] = []
        for piece in pieces:
            for row in self._rows(tx, basket, piece):
                tx.add(REDEMPTIONS, row)
                if row.outage is not None:
                    outages.spend(tx, row.outage, row)
                rows.append(row)
                uses.append(_use(row, piece.coupon, found))
        call = RedeemCall(
            basket.request_id,
            found.recognised.credential,
            tuple(uses),
            pieces[0].tier.value,
            basket.now.ms,
            found.looked_up.prepared if found.looked_up else None,
        )
        entry = _entry(tx, basket, call, sending=pieces[0].tier is Tier.ONLINE)
        tx.add(OUTBOX, entry)
        return Parcel(entry, tuple(rows), call, maybe_done=False)

    def _outage(
        self, tx: Transaction, platform: str, manager: Staff | None, pieces: list[Piece], now: Moment
    ) -> int | None:
        trusted = [piece for piece in pieces if piece.trusted]
        if not trusted:
            return None
        outage = trusted[0].evidence.outage
        number = outage.id if outage else outages.begin(tx, platform, now.ms)
        if manager is not None and (outage is None or outage.opened_by is None) and self._needs_manager(trusted):
            outages.open_by_manager(tx, number, manager.id, now.ms)
        return number

    def _needs_manager(self, pieces: list[Piece]) -> bool:
        return any(
            manager_given(replace(piece.evidence, manager=None), self._profile.limits, piece.tier) is not None
            for piece in pieces
        )

    def _rows(self, tx: Transaction, basket: _Basket, piece: Piece) -> list[Redemption]:
        voucher = _voucher(tx, basket, piece)
        credential, coupon, fields = basket.found.recognised.credential, piece.coupon, piece.evidence.signed
        # A customer's telephone number is no name of a coupon: where its code is not known, nothing is.
        shown = "" if basket.found.is_customer else credential.text
        code, tail = (coupon.code, coupon.code[-4:]) if coupon and coupon.code else (shown, shown and credential.tail)
        manager = basket.request.manager
        first = tx.next_id(REDEMPTIONS)
        live = (row for row in piece.candidate.live if row.voucher == voucher)
        code_sealed, day = tx.sealer.seal(code, "redemption"), self._profile.day_of(basket.now)
        return [
            Redemption(
                id=self._clock.new_id(),
                number=f"{self._profile.terminal}-{first + place:06d}",
                basket_id=basket.id,
                request_id=basket.request_id,
                outbox_id=basket.entry_id,
                voucher=voucher,
                platform=basket.platform,
                unit=unit,
                state=State.SENT if piece.tier is Tier.ONLINE else State.CLAIMED,
                tier=piece.tier.value,
                promised=piece.tier is not Tier.ONLINE,
                amount_fen=piece.evidence.unit_fen or 0,
                title=coupon.title if coupon else "",
                code_tail=tail,
                code_sealed=code_sealed,
                kind=BOOKED if piece.booked else credential.kind.value,
                staff=basket.request.staff.id,
                manager=manager.id if manager else None,
                shift=basket.shift,
                outage=basket.outage if piece.trusted else None,
                account=(coupon.account if coupon else None) or (fields.account if fields else None),
                terminal=self._profile.terminal,
                accepted_at_ms=basket.now.ms,
                clock=basket.now.source.value,
                business_day=day,
                witnesses=_noted(basket.request.witnesses) if piece.tier is Tier.RECORDED else None,
            )
            for place, unit in enumerate(redemptions.free_units(live, piece.candidate.units))
        ]


def open_shift(tx: Transaction) -> Shift:
    """The shift that a redemption goes to. Raises NotAllowed(SHIFT_NOT_OPEN)."""
    shift = tx.one(SHIFTS, "state <> 'closed'", ())
    if shift is None:
        raise NotAllowed(because(Code.SHIFT_NOT_OPEN))
    return shift


def _shift_to_book(tx: Transaction) -> int:
    shift = open_shift(tx)
    if shift.state is ShiftState.COUNTED:
        # What comes after the count makes the count void: it has to be taken again.
        tx.change(SHIFTS, shift.id, state=ShiftState.OPEN, counted_by=None, counted_at_ms=None)
    return shift.id


def _voucher(tx: Transaction, basket: _Basket, piece: Piece) -> int:
    """Our id of the voucher, with all its names bound to it and the mark of a dynamic code kept."""
    platform, credential = basket.platform, basket.found.recognised.credential
    asked = piece.candidate
    voucher = asked.voucher if asked.voucher is not None else vouchers.new(tx, platform)
    clashes = {*asked.others, *vouchers.bind(tx, platform, voucher, asked.unbound, noted=True)} - {voucher}
    settling.open_clashes(tx, platform, voucher, clashes, piece.evidence.unit_fen or 0, basket.now.ms)
    if credential.kind is CredentialKind.SHORT_LINK:
        vouchers.rebind(tx, platform, voucher, Alias(CredentialKind.SHORT_LINK, credential.text))
    fields = basket.found.reading.fields if basket.found.reading else None
    if fields is not None:
        vouchers.set_mark(tx, voucher, fields.mark_s)
        if fields.bound and fields.nonce is not None:
            lists.spend_nonce(tx, fields.nonce, basket.id)
    return voucher


def most_calls(found: Found, request: Request) -> int:
    """How many calls a scan can come to: one, but for a customer whose coupons belong to several orders."""
    return max(1, len({want.ref for want in request.wants})) if found.is_customer else 1


def _by_order(found: Found, pieces: list[Piece]) -> list[list[Piece]]:
    """One call holds units of one order; coupons of a customer of which no order is known are taken one by one."""
    if not found.is_customer:
        return [pieces]
    orders: dict[str, list[Piece]] = {}
    for piece in pieces:
        coupon = piece.coupon
        order = coupon.order or (found.looked_up.order_ref if found.looked_up else None) if coupon else None
        orders.setdefault(f"order {order}" if order else f"coupon {coupon.ref if coupon else ''}", []).append(piece)
    return list(orders.values())


def _entry(tx: Transaction, basket: _Basket, call: RedeemCall, *, sending: bool) -> OutboxEntry:
    return OutboxEntry(
        id=basket.entry_id,
        platform=basket.platform,
        kind=CallKind.REDEEM,
        request_id=call.request_id,
        state=OutboxState.SENDING if sending else OutboxState.DUE,
        attempts=0,
        next_attempt_at_ms=basket.now.ms,
        last_error=None,
        call_sealed=calls.seal_call(tx.sealer, call),
        prepared_sealed=calls.seal_prepared(tx.sealer, call.prepared) if call.prepared else None,
        created_at_ms=basket.now.ms,
    )


def _noted(witnesses: Witnesses) -> str:
    return json.dumps(
        {
            "photo": witnesses.photo,
            "order_no": witnesses.order_no,
            "phone_last4": witnesses.phone_last4,
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def _use(row: Redemption, coupon: Coupon | None, found: Found) -> Use:
    credential, reading = found.recognised.credential, found.reading
    fields = reading.fields if reading else None
    ref = coupon.ref if coupon else fields.voucher if fields else None
    handle = coupon.handle if coupon else ref
    code = coupon.code if coupon else credential.text if credential.kind is CredentialKind.CODE else None
    return Use(row.id, ref, handle, code, row.amount_fen)
