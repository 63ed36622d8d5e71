"""Who redeems in the platform's eyes, and whose a use is that it tells of."""

from dataclasses import dataclass
from enum import Enum

# Enough of a request id to tell it from all others, and short enough for the longest terminal's name in 32 characters.
MARK_LENGTH = 12


class Whose(Enum):
    """Whose a use at the platform is."""

    OURS = "ours"
    PERHAPS = "perhaps"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Till:
    """This terminal. Its accounts take part in no check of the platform; they come back in what it tells of a use."""

    terminal: str

    def marked(self, request_id: str) -> str:
        """The terminal's name with the mark of one call: whatever tells it back names that call."""
        return f"{self.terminal}-{request_id[:MARK_LENGTH]}"

    def whose(self, account: str | None, request_id: str) -> Whose:
        """Whose a use is that this account made: of this call, perhaps of it (the platform tells only the terminal, or
        nobody), or certainly of another."""
        told = (account or "").strip()
        if self.marked(request_id) in told:
            return Whose.OURS
        return Whose.PERHAPS if told in {"", self.terminal} else Whose.THEIRS
