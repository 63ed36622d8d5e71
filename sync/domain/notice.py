"""What a platform tells by itself: a request to this terminal, and the hint in it, which is never more than a hint."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Told(StrEnum):
    """What is said to have happened to a coupon."""

    REDEEMED = "redeemed"
    REVERSED = "reversed"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Pushed:
    """A request to this terminal as it came, proven by nobody. `path`: below the platform's own; `query`: the part
    behind the question mark; header names in lower case."""

    method: str
    path: str
    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """A hint that the platform signed. `id`: the same when it is sent again; `digest`: of what was signed, the same
    when somebody else sends it again; `coupon` and `code`: as in `Redeemed`, either may be empty; `at_ms`: when it was
    sent, by the platform's clock."""

    id: str
    digest: bytes
    told: Told
    coupon: str
    code: str = field(repr=False)
    at_ms: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: an HTTP status and a JSON body; `notice`: the hint that was in the request, if any."""

    status: int
    body: bytes = b"{}"
    notice: Notice | None = None
