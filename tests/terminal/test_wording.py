"""Every reason is worded in both languages, with facts that somebody gives it, and without a gap."""

import ast
import re
import string
from collections import defaultdict
from pathlib import Path

import pytest

from sync.domain.reasons import Code, because
from sync.domain.trust import Tier
from sync.services.verdict import Outcome
from terminal.i18n import LANGUAGES, catalogue
from terminal.wording import word

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("sync/domain", "sync/ledger", "sync/services", "terminal")
PARTS = ("what", "why", "next")
EVERYTHING = [(language, code) for language in LANGUAGES for code in Code]


def given() -> dict[str, list[frozenset[str]]]:
    """By code: the facts that each place gives it whose reasons reach a person as they are."""
    found: dict[str, list[frozenset[str]]] = defaultdict(list)
    for path in [path for folder in FLOORS for path in (ROOT / folder).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "because" and node.args):
                continue
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.Attribute) and getattr(part.value, "id", "") == "Code":
                    facts = {keyword.arg or "**" for keyword in node.keywords}
                    found[Code[part.attr].value].append(frozenset(facts))
    return found


GIVEN = given()


def wanted(language: str, code: Code) -> set[str]:
    """The facts that the three parts name."""
    parts = catalogue(language)["reasons"][code.value]
    return {name for part in PARTS for _, name, _, _ in string.Formatter().parse(parts[part]) if name}


@pytest.mark.parametrize(("language", "code"), EVERYTHING)
def test_every_reason_has_its_three_parts(language: str, code: Code) -> None:
    parts = catalogue(language)["reasons"][code.value]
    assert sorted(parts) == sorted(PARTS)
    assert all(parts[name].strip() for name in PARTS)
    assert not any(part.endswith((".", "。")) for part in parts.values())


@pytest.mark.parametrize("code", list(Code))
def test_both_languages_tell_the_same_facts(code: Code) -> None:
    assert wanted("zh", code) == wanted("en", code)


@pytest.mark.parametrize(("language", "code"), EVERYTHING)
def test_whoever_gives_a_reason_gives_the_facts_that_its_sentence_needs(language: str, code: Code) -> None:
    needed = wanted(language, code)
    for facts in GIVEN[code.value]:
        if "**" in facts:
            continue
        named = facts | {name.removesuffix("_ms") for name in facts}
        assert needed <= named, f"{code.value} needs {sorted(needed - named)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_words_what_does_not_exist(language: str) -> None:
    assert set(catalogue(language)["reasons"]) == {code.value for code in Code}
    assert set(catalogue(language)["outcomes"]) == {outcome.value for outcome in Outcome}
    assert set(catalogue(language)["tiers"]) == {tier.value for tier in Tier}


def test_amounts_times_and_platforms_are_said_as_people_say_them() -> None:
    reason = because(Code.OVER_VOUCHER_LIMIT, amount_fen=30_001, limit_fen=30_000)
    line = word(reason, "en", "Asia/Shanghai").line
    assert "¥300.00" in line
    assert "30000" not in line
    used = because(Code.USED_HERE, at_ms=1_795_000_000_000, staff="c1", terminal="T1", redemption_id="x")
    assert re.search(r"2026-11-1[89] \d\d:\d\d", word(used, "zh", "Asia/Shanghai").line)
    assert "Dianping" in word(because(Code.NOT_CONNECTED, platform="dianping"), "en", "Asia/Shanghai").line
