"""The question which platform a text is from: with one key, the usual one proposed."""

from sync.domain.codes import clean
from sync.domain.reasons import Reason
from terminal.i18n import Words, text
from terminal.presenters.counter import Choose

_SHOWN = 4


def platforms_of(question: Reason) -> tuple[str, ...]:
    """The platforms that a text may be from."""
    return tuple(name for name in str(question.facts["choices"]).split(",") if name)


def choose(words: Words, shown: str, question: Reason) -> Choose:
    """The question as the cashier sees it; of the text no more than its end."""
    language = words.language
    platforms = platforms_of(question)
    asked, usual = str(question.facts.get("asked", "")), str(question.facts.get("usual", ""))
    digits = clean(shown)
    code = words("choose", "code", count=len(digits), tail=digits[-_SHOWN:])
    said = words("choose", "unknown", platform=text(language, "platforms", asked)) if asked else ""
    place = platforms.index(usual) if usual in platforms else 0
    return Choose(code, tuple(text(language, "platforms", name) for name in platforms), platforms, place, said)
