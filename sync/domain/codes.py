"""Which platform and kind a text is (product.md A2, platform-contracts.md 1.3): told from the text alone."""

from dataclasses import dataclass
from enum import StrEnum


class CredentialKind(StrEnum):
    """What the customer shows."""

    SHORT_LINK = "short_link"
    DYNAMIC = "dynamic"
    CODE = "code"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Credential:
    """The text shown, and what it is."""

    kind: CredentialKind
    text: str
