"""Who redeems in the platform's eyes, and whose a use is that it tells of."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

# Enough of a request id to tell it from all others, and short enough for the longest terminal's name in 32 characters.
MARK_LENGTH: Final = 12
# Two clocks of honest machines are closer than this.
CLOCKS_APART_MS: Final = 120_000
_MARK: Final = re.compile(rf"-[0-9a-f]{{{MARK_LENGTH}}}(?![0-9a-f])")


class Whose(Enum):
    """Whose a use at the platform is. PERHAPS: the platform tells only the terminal, or nobody; UNKNOWN: somebody of
    whom this terminal knows nothing; THEIRS: certainly of another call."""

    OURS = "ours"
    PERHAPS = "perhaps"
    UNKNOWN = "unknown"
    THEIRS = "theirs"

    @property
    def may_be_ours(self) -> bool:
        """Whether what the platform tells fits this call."""
        return self in {Whose.OURS, Whose.PERHAPS}


@dataclass(frozen=True, slots=True)
class Till:
    """This terminal. Its accounts take part in no check of the platform; they come back in what it tells of a use."""

    terminal: str

    def marked(self, request_id: str) -> str:
        """The terminal's name with the mark of one call: whatever tells it back names that call."""
        return f"{self.terminal}-{request_id[:MARK_LENGTH]}"

    def whose(self, account: str | None, request_id: str) -> Whose:
        """Whose a use is that this account made."""
        told = (account or "").strip()
        if self.marked(request_id) in told:
            return Whose.OURS
        if _MARK.search(told) is not None:
            return Whose.THEIRS
        return Whose.PERHAPS if told in {"", self.terminal} else Whose.UNKNOWN


def is_since(at_ms: int | None, accepted_at_ms: int) -> bool:
    """Whether a use can be of what was accepted then."""
    return at_ms is not None and at_ms >= accepted_at_ms - CLOCKS_APART_MS
