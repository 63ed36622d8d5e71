"""What a cashier asks for with one scan."""

from dataclasses import dataclass, field

from sync.domain.evidence import Witnesses
from sync.domain.staff import Staff


@dataclass(frozen=True, slots=True)
class Request:
    """How many units, who asks, what was noted. `manager`: one whose PIN was just checked."""

    staff: Staff
    units: int = 1
    witnesses: Witnesses = field(default_factory=Witnesses)
    manager: Staff | None = None
