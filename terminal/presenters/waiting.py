"""Who waits at the counter, as it may be seen: how many, and of each code no more than its end."""

from collections.abc import Sequence

from terminal.i18n import Words

_SHOWN, _TAIL, _LONGEST_CODE = 3, 4, 24


def tail_of(text: str) -> str:
    """`…9012` of a code or a telephone number; nothing of a link or a dynamic code, which has no end of its own."""
    digits = "".join(text.split())
    return f"…{digits[-_TAIL:]}" if digits.isdecimal() and _TAIL < len(digits) <= _LONGEST_CODE else ""


def waiting_line(words: Words, texts: Sequence[str]) -> str:
    """One line; empty where nobody waits."""
    if not texts:
        return ""
    tails = [tail for tail in map(tail_of, texts) if tail]
    said = words("waiting", "count", count=len(texts))
    return words("waiting", "named", said=said, tails="  ".join(tails[:_SHOWN])) if tails else said
