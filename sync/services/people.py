"""Staff: who they are, their PINs (argon2), and the check before a deed that needs one."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync.domain.reasons import Code, because
from sync.domain.staff import Deed, Role, Staff
from sync.errors import NotAllowed
from sync.ledger.ledger import Ledger
from sync.ledger.tables import STAFF
from sync.ledger.transaction import Transaction
from sync.services.timekeeping import Timekeeper

_HASHER = PasswordHasher()
_PIN = "pin"


class People:
    """The staff of this store."""

    def __init__(self, ledger: Ledger, keeper: Timekeeper) -> None:
        self._ledger = ledger
        self._keeper = keeper

    def add(self, staff_id: str, name: str, role: Role, pin: str | None) -> Staff:
        """Take somebody on, or change name, role and PIN of somebody known."""
        # Sealed as well: a few digits could be tried out on a bare hash, and the journal keeps it for ever.
        pin_hash = self._ledger.sealer.seal(_HASHER.hash(pin), _PIN).hex() if pin else None
        row = Staff(staff_id, name, role, pin_hash)

        def job(tx: Transaction) -> None:
            if tx.one(STAFF, "id = ?", (staff_id,)) is None:
                tx.add(STAFF, row)
            else:
                tx.change(STAFF, staff_id, name=name, role=role, pin_hash=row.pin_hash, active=True)
            tx.seal_entry("staff.kept", self._keeper.stamp(tx, staff_id))

        self._ledger.write(job)
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
        """Somebody whose PIN is right. Raises NotAllowed(STAFF_UNKNOWN, PIN_WRONG)."""
        staff = self.find(staff_id)
        if staff.pin_hash is None:
            return staff
        try:
            _HASHER.verify(self._ledger.sealer.unseal(bytes.fromhex(staff.pin_hash), _PIN), pin or "")
        except (VerificationError, InvalidHashError) as error:
            raise NotAllowed(because(Code.PIN_WRONG, staff=staff.name)) from error
        return staff

    def authorise(self, staff_id: str, pin: str | None, deed: Deed) -> Staff:
        """Somebody whose PIN is right and whose role may do it. Raises NotAllowed(NOT_PERMITTED) as well."""
        staff = self.sign_in(staff_id, pin)
        if not staff.may(deed):
            raise NotAllowed(because(Code.NOT_PERMITTED, staff=staff.name))
        return staff
