"""The catalogue: each area says the same things in both languages, with the same facts, and without shouting."""

import re
import string
from importlib.resources import files
from typing import Any

import pytest

from terminal.i18n import Words, catalogue

NAMES = sorted(path.name for path in files("resources").joinpath("i18n").iterdir() if path.name.endswith(".toml"))
AREAS = sorted({name.removesuffix(".toml").rpartition(".")[0] for name in NAMES})
# Words that mean exactly one thing (screens.md, Words) have no second one.
BANNED = re.compile(r"[!！]|兑换|冲正|作废核销")


def flat(found: Any, path: str = "") -> dict[str, str]:
    """All texts by their full name."""
    if not isinstance(found, dict):
        return {path: str(found)}
    return {name: text for key, part in found.items() for name, text in flat(part, f"{path}.{key}").items()}


def texts(area: str, language: str) -> dict[str, str]:
    return flat(dict(catalogue(f"{area}.{language}" if area else language)))


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_area_has_both_languages() -> None:
    assert {f"{area}.{language}.toml".lstrip(".") for area in AREAS for language in ("zh", "en")} == set(NAMES)
    assert {"", "redeem", "window", "people"} <= set(AREAS)


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_say_the_same_with_the_same_facts(area: str) -> None:
    chinese, english = texts(area, "zh"), texts(area, "en")
    assert set(chinese) == set(english)
    differing = {name for name, text in chinese.items() if facts(text) != facts(english[name])}
    assert not differing


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_shouted_or_left_out(area: str, language: str) -> None:
    wrong = {name: text for name, text in texts(area, language).items() if BANNED.search(text)}
    assert not wrong


def test_words_fill_in_facts_and_show_the_key_where_a_text_is_missing() -> None:
    assert Words("redeem", "zh")("offer", "line", name="米饭", quantity=2) == "米饭 × 2"
    assert Words("redeem", "zh")("offer", "no_such_text") == "no_such_text"
