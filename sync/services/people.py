"""Staff: who they are, their PINs (argon2), and the check before a deed that needs one."""

import threading
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.domain.staff import Deed, Role, Staff
from sync.errors import NotAllowed
from sync.ledger.ledger import Ledger
from sync.ledger.tables import STAFF
from sync.ledger.transaction import Transaction
from sync.services.timekeeping import Timekeeper

_HASHER = PasswordHasher()
_PIN = "pin"
TRIES = 5
FIRST_WAIT_MS, LONGEST_WAIT_MS = 30_000, 600_000


@dataclass(slots=True)
class _Wrong:
    """Wrong PINs in a row, and the monotonic time before which no further one is looked at."""

    count: int = 0
    until_ms: int = 0


class People:
    """The staff of this store. Safe to use from several threads."""

    def __init__(self, ledger: Ledger, keeper: Timekeeper, clock: Clock) -> None:
        self._ledger = ledger
        self._keeper = keeper
        self._clock = clock
        self._wrong: dict[str, _Wrong] = {}
        self._one_at_a_time = threading.Lock()

    def add(self, staff_id: str, name: str, role: Role, pin: str | None, by: Staff | None = None) -> Staff:
        """Take somebody on, or change name, role and PIN of somebody known. `by`: who decides it, and whom the journal
        names; None only while the terminal is set up. Raises NotAllowed(NOT_PERMITTED)."""
        if by is not None and not by.may(Deed.KEEP_STAFF):
            raise NotAllowed(because(Code.NOT_PERMITTED, staff=by.name))
        # Sealed as well: a few digits could be tried out on a bare hash, and the journal keeps it for ever.
        pin_hash = self._ledger.sealer.seal(_HASHER.hash(pin), _PIN).hex() if pin else None
        row = Staff(staff_id, name, role, pin_hash)

        def job(tx: Transaction) -> None:
            if tx.one(STAFF, "id = ?", (staff_id,)) is None:
                tx.add(STAFF, row)
            else:
                tx.change(STAFF, staff_id, name=name, role=role, pin_hash=row.pin_hash, active=True)
            tx.seal_entry("staff.kept", self._keeper.stamp(tx, by.id if by is not None else staff_id))

        self._ledger.write(job)
        if pin is not None:
            with self._one_at_a_time:
                self._wrong.pop(staff_id, None)
        return row

    def all(self) -> list[Staff]:
        """Everybody who is active, by id."""
        return self._ledger.read(lambda tx: tx.all(STAFF, "active ORDER BY id"))

    def find(self, staff_id: str) -> Staff:
        """Somebody by id. Raises NotAllowed(STAFF_UNKNOWN)."""
        found = self._ledger.read(lambda tx: tx.one(STAFF, "id = ? AND active", (staff_id,)))
        if found is None:
            raise NotAllowed(because(Code.STAFF_UNKNOWN, staff=staff_id[:40]))
        return found

    def first(self, role: Role) -> Staff | None:
        """The first active person of a role."""
        return self._ledger.read(lambda tx: tx.one(STAFF, "active AND role = ? ORDER BY id", (role,)))

    def sign_in(self, staff_id: str, pin: str | None) -> Staff:
        """Somebody whose PIN is right. After five wrong ones in a row this person waits 30 s, and twice as long after
        each further one, up to 10 min; meanwhile not even the right one is looked at. Counted in memory by the
        monotonic clock. Raises NotAllowed(STAFF_UNKNOWN, PIN_WRONG, PIN_WAIT)."""
        staff = self.find(staff_id)
        if staff.pin_hash is None:
            return staff
        # In turn: several at once would be several tries for the price of one.
        with self._one_at_a_time:
            wrong = self._wrong.setdefault(staff.id, _Wrong())
            left_ms = wrong.until_ms - self._clock.monotonic_ms()
            if left_ms > 0:
                raise NotAllowed(because(Code.PIN_WAIT, staff=staff.name, seconds=-(-left_ms // 1000)))
            try:
                _HASHER.verify(self._ledger.sealer.unseal(bytes.fromhex(staff.pin_hash), _PIN), pin or "")
            except (VerificationError, InvalidHashError) as error:
                self._missed(wrong)
                raise NotAllowed(because(Code.PIN_WRONG, staff=staff.name)) from error
            del self._wrong[staff.id]
        return staff

    def _missed(self, wrong: _Wrong) -> None:
        wrong.count += 1
        if wrong.count >= TRIES:
            doubled = min(wrong.count - TRIES, 10)
            wrong.until_ms = self._clock.monotonic_ms() + min(FIRST_WAIT_MS * 2**doubled, LONGEST_WAIT_MS)

    def authorise(self, staff_id: str, pin: str | None, deed: Deed) -> Staff:
        """Somebody whose PIN is right and whose role may do it. Raises NotAllowed(NOT_PERMITTED) as well."""
        staff = self.sign_in(staff_id, pin)
        if not staff.may(deed):
            raise NotAllowed(because(Code.NOT_PERMITTED, staff=staff.name))
        return staff
