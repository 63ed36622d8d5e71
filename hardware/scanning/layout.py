"""Signs that a scanner's text was damaged on its way through the keyboard: layout, caps lock, input method.

Ask only about text that came through the keyboard. A camera or a serial line reads Chinese as it was printed; a
scanner that poses as a keyboard has no keys for it, so that there it is an input method's work.
"""

import re
import string
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from hardware.scanning.keyboards import meant


class Damage(StrEnum):
    """What stood between the scanner and the text."""

    FULL_WIDTH = "full_width"
    INPUT_METHOD = "input_method"
    LAYOUT = "layout"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Difference:
    """From character `place` of the expected text, `expected` arrived as `got`; either may be empty."""

    place: int
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a known text arrived: `damage` is None where nothing differs, or what differs has none of the known causes
    (characters lost on the way, say)."""

    differences: tuple[Difference, ...]
    damage: Damage | None


PROBE_TEXT = (
    f"https://example.com/{string.digits}/{string.ascii_uppercase}-{string.ascii_lowercase}_~.;,:"
    "?a=1&b=2#+%@!$'()*[]{}<>|^"
)
"""Every character a code may need: scanned at set-up and compared with what arrives."""

_LINK = re.compile(r"https?://[a-z0-9.-]+\.[a-z]{2,}(?:[/?#:]\S*)?", re.IGNORECASE | re.ASCII)
_DIGITS = re.compile(r"[0-9]{6,}", re.ASCII)
_WELL_KNOWN = re.compile(r"(?:WIFI|MECARD|BEGIN:VCARD|BEGIN:VEVENT|SMSTO|MATMSG):?", re.IGNORECASE)
_FULL_WIDTH = re.compile("[\uff01-\uff5e\uffe5\u3001\u3002\u300a\u300b\u3010\u3011]")
_FULL_WIDTH_WORDS = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_IDEOGRAPH = re.compile("[\u3400-\u9fff\U00020000-\U0003134f]")
_PINYIN = re.compile(r"[a-z]'[a-z]")
_PINYIN_IN_DIGITS = re.compile(r"\d[a-z]*'[a-z']*\d")
# Backslashes are a mistake that printers of codes make, and no keyboard's.
_LINK_WITH_OTHER_MARKS = re.compile(r"https?(?!://)([^\sA-Za-z0-9\\]{3})[a-z0-9]\S*", re.IGNORECASE | re.ASCII)
_SHOUTED_LINK = re.compile(r"HTTPS?://[A-Z0-9.-]+(?::\d+)?/\S*[a-z]", re.ASCII)


def damage_of(text: str) -> Damage | None:
    """What damaged a text that came through the keyboard; None when it looks as it was printed."""
    text = text.strip()
    if not text or _DIGITS.fullmatch(text):
        return None
    if _SHOUTED_LINK.match(text):
        return Damage.CASE
    if _genuine(text):
        return None
    if _FULL_WIDTH_WORDS.search(text):
        return Damage.FULL_WIDTH
    if _IDEOGRAPH.search(text) or _leftover_pinyin(text):
        return Damage.INPUT_METHOD
    if _FULL_WIDTH.search(text):
        return Damage.FULL_WIDTH
    if _LINK_WITH_OTHER_MARKS.fullmatch(text) or any(map(_certain, meant(text))):
        return Damage.LAYOUT
    return None


def compare(expected: str, got: str) -> Comparison:
    """What became of a known text. White space at the ends of what arrived does not count."""
    got = got.strip()
    if got == expected:
        return Comparison((), None)
    return Comparison(_differences(expected, got), _cause(expected, got))


def _differences(expected: str, got: str) -> tuple[Difference, ...]:
    if len(expected) == len(got):
        pairs = zip(expected, got, strict=True)
        return tuple(Difference(place, a, b) for place, (a, b) in enumerate(pairs) if a != b)
    matcher = SequenceMatcher(None, expected, got, autojunk=False)
    return tuple(
        Difference(start, expected[start:stop], got[from_:to])
        for tag, start, stop, from_, to in matcher.get_opcodes()
        if tag != "equal"
    )


def _cause(expected: str, got: str) -> Damage | None:
    if got.lower() == expected.lower():
        return Damage.CASE
    if _IDEOGRAPH.search(got):
        return Damage.INPUT_METHOD
    if unicodedata.normalize("NFKC", got) == expected or _FULL_WIDTH.search(got):
        return Damage.FULL_WIDTH
    if expected in meant(got) or (len(got) == len(expected) and _one_to_one(expected, got)):
        return Damage.LAYOUT
    return damage_of(got)


def _one_to_one(expected: str, got: str) -> bool:
    """A layout gives the same key the same character every time."""
    return len(set(zip(expected, got, strict=True))) == len(set(expected))


def _genuine(text: str) -> bool:
    return bool(_LINK.fullmatch(text) or _WELL_KNOWN.match(text))


def _certain(text: str) -> bool:
    return bool(_DIGITS.fullmatch(text) or _LINK.fullmatch(text) or text.startswith("WIFI:"))


def _leftover_pinyin(text: str) -> bool:
    """An input method parts the syllables of what it is composing by apostrophes."""
    bare = text.replace("'", "")
    if bare == text or " " in text:
        return False
    if bare.isalnum():
        return bool(_PINYIN_IN_DIGITS.search(text))
    return bool(_PINYIN.search(text)) and bare.lower().startswith("http")
