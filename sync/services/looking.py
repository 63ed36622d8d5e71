"""Looking a scanned text up: what it is, what its signature and its platform say, what of it is unfinished."""

from dataclasses import dataclass, replace

from sync.clock import Clock
from sync.domain import dynamic_code
from sync.domain.codes import Credential, CredentialKind, Recognised
from sync.domain.dynamic_code import TIMED, Reading, Verdict
from sync.domain.evidence import Known, left_of
from sync.domain.reasons import Code, Reason, because
from sync.domain.recognisers import recognise
from sync.domain.redemption import Redemption
from sync.domain.voucher import Coupon
from sync.errors import PlatformError, Refused
from sync.ledger import lists, redemptions, vouchers
from sync.ledger.ledger import Ledger
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import REF, Alias, aliases_of
from sync.platforms.port import LookedUp
from sync.services.asking import Asking
from sync.services.choices import usual
from sync.services.profile import Profile
from sync.services.settled import Settled
from sync.services.timekeeping import Timekeeper
from sync.services.trust_lists import TrustLists
from sync.services.unfinished import unfinished_of

NONCE_LIFE_MS = 120_000
_NOBODY = frozenset({Code.NOT_FOUND, Code.NOTHING_USABLE, Code.PHONE_NUMBER})
# Nothing the platform could say would change these.
_NOT_WORTH_ASKING = frozenset({Verdict.MALFORMED, Verdict.FORGED, Verdict.OTHER_STORE})


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a scanned text before anything is decided. `request_id` is made here, at the scan, and never
    changes. `refusal`: the platform's no about the coupon; `unaskable`: why the platform could not be asked;
    `unfinished`: the outbox entry of an earlier scan of this coupon that has to be resumed; `mark`: what `looked_up`
    can know of (settled.py)."""

    recognised: Recognised
    request_id: str
    looked_up: LookedUp | None = None
    refusal: Reason | None = None
    unaskable: Reason | None = None
    reading: Reading | None = None
    nonce_spent: bool = False
    unfinished: str | None = None
    mark: int = 0

    @property
    def is_customer(self) -> bool:
        """The text names a customer, and none of the coupons."""
        return self.recognised.credential.kind is CredentialKind.PHONE

    @property
    def answered(self) -> bool:
        """The platform said something about it."""
        return self.looked_up is not None or self.refusal is not None

    @property
    def is_unknown(self) -> bool:
        """The platform has no such coupon, or nothing of a customer with this telephone number."""
        return self.refusal is not None and self.refusal.code in (Code.NOT_FOUND, Code.PHONE_UNKNOWN)

    @property
    def booked_units(self) -> int | None:
        """How many units the platform has booked already, where the text is a permit with our nonce."""
        fields = self.reading.fields if self.reading and self.reading.verdict is Verdict.GENUINE else None
        return fields.units if fields is not None and fields.bound else None


class Looking:
    """Looks texts up. Changes nothing, here or at the platform."""

    def __init__(
        self,
        ledger: Ledger,
        asking: Asking,
        trust: TrustLists,
        keeper: Timekeeper,
        profile: Profile,
        clock: Clock,
        settled: Settled,
    ) -> None:
        self._ledger = ledger
        self._asking = asking
        self._trust = trust
        self._keeper = keeper
        self._profile = profile
        self._clock = clock
        self._settled = settled
        self._connected = frozenset(asking.platforms)

    def look_up(self, text: str, platform: str | None = None, *, even_unfinished: bool = False) -> Found | Reason:
        """What `text` stands for, or why it is no coupon of this store. Never raises on any text. A coupon whose
        earlier scan has to be resumed is not asked about, unless it is only to be described (`even_unfinished`).

        Where several platforms may have issued it and none was picked (`platform`): it is the one under which the
        ledger knows it, else the one picked last, if that can be asked and has it. Otherwise the answer is
        WHICH_PLATFORM with `choices`, `shape`, `usual` (the one picked last, to be proposed; "" for none) and `asked`
        (the one that was asked already and has no such coupon; "" for none). A telephone number that can't be asked
        about is PHONE_NEEDS_LINE."""
        recognised = recognise(text, self._connected, platform)
        if isinstance(recognised, Recognised):
            found = self._look(recognised, even_unfinished=even_unfinished)
            return _line_needed(found) if found.is_customer and not found.answered else found
        if recognised.code is Code.WHICH_PLATFORM:
            return self._choose(text, recognised, even_unfinished=even_unfinished)
        return recognised

    def _choose(self, text: str, question: Reason, *, even_unfinished: bool) -> Found | Reason:
        names, shape = str(question.facts["choices"]).split(","), str(question.facts["shape"])
        read = {name: recognise(text, self._connected, name) for name in names}
        fits = {name: found for name, found in read.items() if isinstance(found, Recognised)}
        known, proposed = self._ledger.read(
            lambda tx: ([name for name, fit in fits.items() if _is_known(tx, fit)], usual(tx, shape))
        )
        proposed = known[0] if len(known) == 1 else proposed
        if proposed not in fits:
            return _which(names, shape)
        found = self._look(fits[proposed], even_unfinished=even_unfinished)
        if len(known) == 1:
            return found
        if found.is_unknown:
            return _which([name for name in names if name != proposed], shape, asked=proposed)
        if found.is_customer and all(self._asking.lines.offline(name) for name in names):
            return _line_needed(found)
        # Who can't be asked can't say that it is not theirs: a person has to.
        return found if found.answered else _which(names, shape, usual=proposed)

    def _look(self, recognised: Recognised, *, even_unfinished: bool) -> Found:
        worth_asking = self._asking.lines.worth_asking(recognised.platform)
        if not worth_asking and recognised.credential.kind is CredentialKind.CODE:
            # Nothing to spare the platform: the claim itself finds whatever is unfinished.
            return Found(recognised, self._clock.new_id())
        found = self._ledger.read(lambda tx: self._locally(tx, recognised))
        reading = found.reading
        settled = reading is not None and (reading.verdict in _NOT_WORTH_ASKING or found.booked_units is not None)
        if (found.unfinished and not even_unfinished) or settled or not worth_asking:
            return found
        return self._asked(found)

    def described(self, found: Found) -> tuple[Coupon, ...]:
        """The coupons that a look-up found; "used" is told better where it was used here. Where the platform was not
        asked or did not answer, the coupon as the cache knows it, less what was redeemed here since; empty when nothing
        is known."""
        platform = found.recognised.platform
        if found.looked_up is None and found.refusal is None:
            return self._ledger.read(lambda tx: _remembered(tx, found))
        coupons = found.looked_up.coupons if found.looked_up else ()
        return self._ledger.read(lambda tx: tuple(self._told_better(tx, platform, coupon) for coupon in coupons))

    def _told_better(self, tx: Transaction, platform: str, coupon: Coupon) -> Coupon:
        if coupon.state is None or coupon.state.code is not Code.USED_ELSEWHERE:
            return coupon
        for voucher in vouchers.find(tx, platform, aliases_of(coupon)):
            for row in redemptions.live_of(tx, platform, voucher):
                return replace(coupon, state=_used_here(row))
        return coupon

    def _asked(self, found: Found) -> Found:
        credential, mark = found.recognised.credential, self._settled.mark()
        answer = self._asking.ask(
            found.recognised.platform,
            self._profile.counter_budget_ms,
            lambda platform, deadline_ms: platform.look_up(credential, deadline_ms),
        )
        looked_up, refusal, unaskable = None, None, None
        if isinstance(answer, LookedUp):
            looked_up = answer
        elif isinstance(answer, Refused) and not answer.reason.about_us:
            refusal = answer.reason
        elif isinstance(answer, PlatformError):
            unaskable = answer.reason
        if found.is_customer and _has_nothing(looked_up, refusal):
            looked_up, refusal = None, because(Code.PHONE_UNKNOWN, platform=found.recognised.platform)
        return replace(found, looked_up=looked_up, refusal=refusal, unaskable=unaskable, mark=mark)

    def _locally(self, tx: Transaction, recognised: Recognised) -> Found:
        request_id = self._clock.new_id()
        credential = recognised.credential
        if credential.kind is not CredentialKind.DYNAMIC:
            unfinished = self._unfinished(tx, recognised.platform, alias_of(credential, None))
            return Found(recognised, request_id, unfinished=unfinished)
        now = self._keeper.now(tx)
        reading = dynamic_code.read(credential.text, self._trust.keys(), now.seconds, self._profile.own_store)
        nonce_spent = False
        untimed = reading.verdict in TIMED and not now.trusted
        if reading.fields is not None and reading.fields.bound and (reading.verdict is Verdict.OTHER_NONCE or untimed):
            shown = lists.nonce(tx, reading.fields.nonce or "")
            if shown is not None:
                # Ours: the one thing the first reading could not know, and the last thing it checks.
                reading, request_id = Reading(Verdict.GENUINE, reading.fields), shown.request_id
                late = now.trusted and now.ms - shown.shown_at_ms > NONCE_LIFE_MS
                nonce_spent = shown.basket_id is not None or late
        unfinished = self._unfinished(tx, recognised.platform, alias_of(credential, reading))
        return Found(recognised, request_id, reading=reading, nonce_spent=nonce_spent, unfinished=unfinished)

    def _unfinished(self, tx: Transaction, platform: str, alias: Alias | None) -> str | None:
        for voucher in vouchers.find(tx, platform, (alias,) if alias else ()):
            rows = redemptions.live_of(tx, platform, voucher)
            found = unfinished_of(tx, rows, lambda: self._keeper.now(tx))
            if found is not None:
                return found
        return None


def alias_of(credential: Credential, reading: Reading | None) -> Alias | None:
    """The name under which the ledger may know the shown text; None for a dynamic code that did not verify, and for a
    telephone number: that names a customer and none of the coupons."""
    if credential.kind is CredentialKind.PHONE:
        return None
    if credential.kind is not CredentialKind.DYNAMIC:
        return Alias(credential.kind, credential.text)
    return Alias(REF, reading.fields.voucher) if reading is not None and reading.fields is not None else None


def _is_known(tx: Transaction, recognised: Recognised) -> bool:
    """Whether the text is a coupon of this platform by what stands in the ledger: one that was described by it, or one
    that is in use here. A name alone may stem from a pick that the platform refused."""
    alias, platform = alias_of(recognised.credential, None), recognised.platform
    found = vouchers.find(tx, platform, (alias,) if alias else ())
    return any(
        vouchers.known(tx, voucher, opened=False) is not None or redemptions.live_of(tx, platform, voucher)
        for voucher in found
    )


def _line_needed(found: Found) -> Reason:
    line = found.unaskable.code if found.unaskable else Code.UNREACHABLE
    return because(Code.PHONE_NEEDS_LINE, platform=found.recognised.platform, line=line.value)


def _has_nothing(looked_up: LookedUp | None, refusal: Reason | None) -> bool:
    """What a platform says of a telephone number comes to: nobody, or nothing that could be used."""
    if refusal is not None:
        return refusal.code in _NOBODY
    return looked_up is not None and not looked_up.coupons


def _which(names: list[str], shape: str, usual: str = "", asked: str = "") -> Reason:
    return because(Code.WHICH_PLATFORM, choices=",".join(names), shape=shape, usual=usual, asked=asked)


def _remembered(tx: Transaction, found: Found) -> tuple[Coupon, ...]:
    alias, platform = alias_of(found.recognised.credential, found.reading), found.recognised.platform
    for voucher in vouchers.find(tx, platform, (alias,) if alias else ()):
        known = vouchers.known(tx, voucher)
        if known is not None:
            return (_less_ours(known, redemptions.live_of(tx, platform, voucher)),)
    return ()


def _less_ours(known: Known, live: list[Redemption]) -> Coupon:
    coupon, left = known.coupon, max(left_of(known, redemptions.past_uses(live)), 0)
    unusable = coupon.state is not None and coupon.state.code is not Code.USED_ELSEWHERE
    if left or not live or unusable:
        return replace(coupon, units_left=left)
    return replace(coupon, units_left=0, state=_used_here(live[0]))


def _used_here(row: Redemption) -> Reason:
    return because(Code.USED_HERE, at_ms=row.accepted_at_ms, terminal=row.terminal)
