"""The demo's own texts: the same keys in both languages, and one for everything that the code names."""

from string import Formatter
from typing import Any

import pytest

from sync.domain.difference import Cause
from sync.domain.redemption import State
from sync.services.reversing import Reversal
from terminal.demo.books import Kind
from terminal.i18n import LANGUAGES, catalogue


def flat(found: Any, path: str = "") -> dict[str, str]:
    if isinstance(found, str):
        return {path: found}
    return {key: text for name in found for key, text in flat(found[name], f"{path}/{name}").items()}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    zh, en = (flat(catalogue(f"demo.{language}")) for language in ("zh", "en"))
    assert zh.keys() == en.keys()
    assert [key for key in zh if fields(zh[key]) != fields(en[key])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_a_word(language: str) -> None:
    found = catalogue(f"demo.{language}")
    for section, names in (("problems", Kind), ("states", State), ("reversals", Reversal), ("causes", Cause)):
        assert set(found[section]) == {name.value for name in names}, section
