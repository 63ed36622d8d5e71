"""The settings in words: raised limits stand out, no secret is shown, and a wrong input is told at its field."""

from dataclasses import replace

import pytest

from sync.domain.staff import Role, Staff
from terminal.i18n import LANGUAGES, Words
from terminal.presenters import settings as views
from terminal.presenters.settings import AREA, Draft
from terminal.presenters.table import Row
from terminal.settings import Settings

WORDS = Words(AREA, "zh")
PEOPLE = (
    Staff("c1", "王芳", Role.CASHIER, "hash"),
    Staff("m1", "李店长", Role.MANAGER, "hash"),
    Staff("c2", "赵云", Role.CASHIER, None),
)
NEW = Draft("", "新人", Role.CASHIER, "1234", "1234")


def settings(**sections: object) -> Settings:
    return Settings.model_validate({"store": {"name": "Riverside"}, **sections})


def marked(rows: tuple[Row, ...], said: str) -> set[object]:
    return {row.id for row in rows if not row.heading and row.cells[3].said == said}


def test_nothing_is_marked_where_the_owner_changed_nothing() -> None:
    rows = views.limit_rows(WORDS, settings())
    assert marked(rows, "") == {row.id for row in rows if not row.heading}


def test_a_raised_limit_is_marked_and_a_lowered_one_told() -> None:
    limits = {
        "permit": {"amount_fen": 1_000_001, "hours": "none"},
        "recorded": {"count": 19, "hours": 3},
        "account_a_day": 6,
        "max_age_hours": {"chain": 25, "permit": 71},
    }
    rows = views.limit_rows(WORDS, settings(limits=limits))
    raised = {"permit amount_fen", "permit hours", "account_a_day", "age chain"}
    assert marked(rows, WORDS("limits", "raised")) == raised
    assert marked(rows, WORDS("limits", "lowered")) == {"recorded count", "recorded hours", "age permit"}
    assert next(row for row in rows if row.id == "permit hours").cells[1].said == WORDS("limits", "unlimited")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_limit_has_a_name(language: str) -> None:
    rows = views.limit_rows(Words(AREA, language), settings())
    keys = ("permit", "chain", "recorded", "isolated", "voucher_fen", "hours", "account_a_day", "age_cached")
    assert not {row.cells[0].said for row in rows} & set(keys)


def test_the_bindings_are_shown_without_their_secrets() -> None:
    bound = settings(
        douyin={"client_key": "the-key", "account_id": "1", "poi_id": "6700", "client_secret": "hidden"},
        miniprogram={
            "base_url": "https://till:hidden@shop.example.com/api",
            "client_id": "till",
            "store": "c0f2678f",
            "root_key": "ab" * 32,
            "client_secret": "hidden",
        },
    )
    said = " ".join(fact.value for fact in views.store_facts(WORDS, bound))
    assert "6700" in said
    assert "shop.example.com" in said
    for secret in ("hidden", "the-key", "ab" * 32):
        assert secret not in said


def test_a_platform_that_is_not_bound_says_so() -> None:
    assert [fact.value for fact in views.store_facts(WORDS, settings())[-2:]] == [WORDS("facts", "unbound")] * 2


def test_a_person_without_a_pin_stands_out() -> None:
    marks = [row.cells[-1].tone for row in views.people_rows(WORDS, PEOPLE)]
    assert marks == ["redeemed", "redeemed", "recorded"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"gap_ms": 3}, {"gap_ms"}),
        ({"gap_ms": 201, "prefix": "123456789", "suffix": "space"}, {"gap_ms", "prefix", "suffix"}),
        ({"gap_ms": 35, "prefix": "]C1", "suffix": "tab"}, set()),
    ],
)
def test_each_wrong_field_of_the_scanner_has_its_sentence(changes: dict[str, object], fields: set[str]) -> None:
    wrong = views.wrong_in_scanner(WORDS, changes)
    assert set(wrong) == fields
    assert not set(wrong.values()) & fields


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (NEW, set()),
        (replace(NEW, name="  "), {"name"}),
        (replace(NEW, name="x" * 41), {"name"}),
        (replace(NEW, name="a\tb"), {"name"}),
        (replace(NEW, name="王芳"), {"name"}),
        (replace(NEW, id="c1", name="王芳"), set()),
        (replace(NEW, pin="123", again="123"), {"pin"}),
        (replace(NEW, pin="1" * 13, again="1" * 13), {"pin"}),
        (replace(NEW, pin="", again=""), {"pin"}),
        (replace(NEW, pin="１２３４", again="１２３４"), {"pin"}),
        (replace(NEW, again="1235"), {"again"}),
        (replace(NEW, id="m1", name="李店长"), {"role"}),
        (replace(NEW, id="m1", name="李店长", role=Role.MANAGER), set()),
    ],
)
def test_each_wrong_field_of_a_person_has_its_sentence(draft: Draft, fields: set[str]) -> None:
    assert set(views.wrong_in_person(WORDS, draft, PEOPLE)) == fields


def test_a_manager_may_step_down_where_another_stays() -> None:
    people = (*PEOPLE, Staff("m2", "周店长", Role.MANAGER, "hash"))
    assert views.wrong_in_person(WORDS, replace(NEW, id="m1", name="李店长"), people) == {}


def test_a_new_id_is_nobodys() -> None:
    assert views.next_id(Role.CASHIER, PEOPLE) == "c3"
    assert views.next_id(Role.TECHNICIAN, PEOPLE) == "t1"
