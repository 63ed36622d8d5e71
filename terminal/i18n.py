"""The one catalogue of texts: Chinese first, English equal; a file for each area of the program."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from terminal.paths import resource

LANGUAGES = ("zh", "en")


@cache
def catalogue(language: str) -> Mapping[str, Any]:
    """All texts of a language (`zh`) or of one area in it (`demo.zh`), as the file under resources/i18n has them."""
    return tomllib.loads(resource("i18n", f"{language}.toml").read_text(encoding="utf-8"))


def text(language: str, section: str, key: str) -> str:
    """One text; the key itself where the catalogue has none, so that nothing is ever blank."""
    return str(catalogue(language).get(section, {}).get(key, key))


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one area in one language: `words("idle", "title", count=3)`."""

    area: str
    language: str

    def __call__(self, section: str, key: str, **facts: object) -> str:
        return text(f"{self.area}.{self.language}", section, key).format(**facts)
