"""Every answer other than a plain yes, as a code with its facts; `terminal/wording.py` makes sentences of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

Fact = str | int


class Code(StrEnum):
    """What stands in the way. The value is stable: scripts, the ledger and the wording rely on it."""

    # The text itself
    NOTHING_READ = "nothing_read"
    NOT_A_COUPON = "not_a_coupon"
    FOREIGN_LINK = "foreign_link"
    PAYMENT_CODE = "payment_code"
    PHONE_NUMBER = "phone_number"
    WHICH_PLATFORM = "which_platform"
    NOT_CONNECTED = "not_connected"
    QR_NEEDS_LINE = "qr_needs_line"
    PHONE_NEEDS_LINE = "phone_needs_line"
    PHONE_UNKNOWN = "phone_unknown"
    # A dynamic code's verdict (dynamic-code.md)
    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    FORGED = "forged"
    OTHER_STORE = "other_store"
    NOT_YET = "not_yet"
    ENDED = "ended"
    STALE = "stale"
    FUTURE = "future"
    OTHER_NONCE = "other_nonce"
    NONCE_SPENT = "nonce_spent"
    LONG_LIVED = "long_lived"
    REPLAYED = "replayed"
    SCANNED_BEFORE = "scanned_before"
    CLOCK_UNTRUSTED = "clock_untrusted"
    # Our own ledger
    USED_HERE = "used_here"
    BLACKLISTED = "blacklisted"
    REVOKED = "revoked"
    LISTS_TOO_OLD = "lists_too_old"
    UNITS_TOO_MANY = "units_too_many"
    # What the platform says of the coupon
    USED_ELSEWHERE = "used_elsewhere"
    REFUNDED = "refunded"
    REFUND_ASKED = "refund_asked"
    EXPIRED = "expired"
    FROZEN = "frozen"
    NOT_VALID_YET = "not_valid_yet"
    NOT_TODAY = "not_today"
    NOT_FOUND = "not_found"
    QR_DEAD = "qr_dead"
    PLATFORM_REFUSED = "platform_refused"
    NOTHING_USABLE = "nothing_usable"
    # What stands between us and the platform
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    USES_UNCLEAR = "uses_unclear"
    CREDENTIALS_WRONG = "credentials_wrong"
    AUTHORISATION_ENDED = "authorisation_ended"
    CLOCK_OFF = "clock_off"
    NO_PERMISSION = "no_permission"
    QUOTA_USED_UP = "quota_used_up"
    CONTRACT_BROKEN = "contract_broken"
    # Trust while the platform can't be asked (product.md A5)
    EVIDENCE_NEEDED = "evidence_needed"
    AMOUNT_NEEDED = "amount_needed"
    OVER_VOUCHER_LIMIT = "over_voucher_limit"
    OVER_ACCOUNT_LIMIT = "over_account_limit"
    OVER_OUTAGE_COUNT = "over_outage_count"
    OVER_OUTAGE_AMOUNT = "over_outage_amount"
    OUTAGE_TOO_LONG = "outage_too_long"
    MANAGER_NEEDED = "manager_needed"
    # Reversal
    WINDOW_PASSED = "window_passed"
    ALREADY_REVERSED = "already_reversed"
    SETTLED = "settled"
    NOT_REVERSIBLE = "not_reversible"
    NOT_LATEST = "not_latest"
    # People and shifts
    STAFF_UNKNOWN = "staff_unknown"
    PIN_WRONG = "pin_wrong"
    PIN_WAIT = "pin_wait"
    NOT_PERMITTED = "not_permitted"
    SHIFT_NOT_OPEN = "shift_not_open"
    SHIFT_ALREADY_OPEN = "shift_already_open"
    SHIFT_NOT_COUNTED = "shift_not_counted"
    OFF_TOO_MUCH = "off_too_much"
    RECEIVER_IS_CLOSER = "receiver_is_closer"
    NO_SUCH_RECORD = "no_such_record"
    ALREADY_RESOLVED = "already_resolved"
    ENDING_UNFIT = "ending_unfit"
    # The machine
    LEDGER_IN_USE = "ledger_in_use"
    LEDGER_BROKEN = "ledger_broken"
    LEDGER_TOO_NEW = "ledger_too_new"
    LEDGER_MISSING = "ledger_missing"
    LEDGER_EXISTS = "ledger_exists"
    LEDGER_READ_ONLY = "ledger_read_only"
    DISK_FULL = "disk_full"
    SETTINGS_MISSING = "settings_missing"
    SETTINGS_BROKEN = "settings_broken"
    SECRETS_UNAVAILABLE = "secrets_unavailable"
    SECRETS_LOCKED = "secrets_locked"


# Answers that say nothing about the coupon: the counter goes on as it does without a line.
ABOUT_US = frozenset(
    {
        Code.UNREACHABLE,
        Code.NO_ANSWER,
        Code.BUSY,
        Code.USES_UNCLEAR,
        Code.CREDENTIALS_WRONG,
        Code.AUTHORISATION_ENDED,
        Code.CLOCK_OFF,
        Code.NO_PERMISSION,
        Code.QUOTA_USED_UP,
        Code.CONTRACT_BROKEN,
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One code and the facts its sentence needs (ids, int fen, int ms UTC, names; never a secret or a full code)."""

    code: Code
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def about_us(self) -> bool:
        """True when this says nothing about the coupon itself."""
        return self.code in ABOUT_US


def because(code: Code, **facts: Fact) -> Reason:
    """A Reason with its facts."""
    return Reason(code, MappingProxyType(facts))


def to_json(reason: Reason) -> str:
    """A Reason as the ledger keeps it."""
    return json.dumps({"code": reason.code.value, "facts": dict(reason.facts)}, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Reason:
    """A Reason out of the ledger."""
    found = json.loads(text)
    return Reason(Code(found["code"]), MappingProxyType(found["facts"]))
