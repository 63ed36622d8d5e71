"""What can go wrong outside the rules, and who is to blame.

KnownError(reason)            somebody can do something about it; the reason says who and what
├── PlatformError             asking a platform did not end in a yes
│   ├── NeverSent             certain: nothing reached the platform
│   ├── OutcomeUnknown        it may have been done: ask what the platform knows, then repeat with the same id
│   └── Refused               the platform answered, and the answer is no (or "busy")
│       └── HeldBack          not sent: an earlier answer asked for more time than there is now
├── LedgerError               the file: in use, broken, too new, missing, disk full
├── SettingsError             the settings file: missing or broken
├── SecretsError              the secret store: unavailable or refused
└── NotAllowed                a rule of the store says no to a person (PIN, role, shift)
"""

from sync.domain.reasons import Reason


class KnownError(Exception):
    """An error with a reason that can be worded for the person who meets it."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.code}: {detail}" if detail else str(reason.code))
        self.reason = reason
        self.detail = detail


class PlatformError(KnownError):
    """Asking a platform did not end in a yes."""


class NeverSent(PlatformError):
    """Certain: nothing reached the platform (refused connection, name not found, no time left to send)."""


class OutcomeUnknown(PlatformError):
    """Sent, and no valid answer came: it may have been done."""


class Refused(PlatformError):
    """The platform answered no; `reason.about_us` tells whether that concerns the coupon or us."""


class HeldBack(Refused):
    """Not sent, because the platform has asked to be left alone for longer than this call could wait. The line is well,
    and no try was made."""


class LedgerError(KnownError):
    """The ledger file can't be used."""


class SettingsError(KnownError):
    """The settings can't be used."""


class SecretsError(KnownError):
    """The secret store can't be used."""


class NotAllowed(KnownError):
    """A rule of the store says no to a person."""
