"""Named scenarios: coupons that are there from the start, and faults that are on."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from sync.sandbox.control import fault_of
from sync.sandbox.faults import Fault
from sync.sandbox.fields import Fields
from sync.sandbox.stock import make_coupons
from sync.sandbox.truth import Truth
from sync.sandbox.wire import BadInput


class ScenarioError(Exception):
    """There is no such scenario, or it is written wrongly; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a scenario file says: wishes for coupons as /control/coupons takes them, and faults."""

    name: str
    about: str
    coupons: tuple[dict[str, Any], ...]
    faults: tuple[Fault, ...]


def scenario_names() -> list[str]:
    """All scenarios that ship with the program."""
    folder = resources.files("resources") / "scenarios"
    return sorted(entry.name[: -len(".toml")] for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load_scenario(name: str) -> Scenario:
    """The scenario of that name; ScenarioError if there is none."""
    names = scenario_names()
    if name not in names:
        raise ScenarioError(f"there is no scenario {name!r}; there are: {', '.join(names)}")
    text = (resources.files("resources") / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
    try:
        told = Fields(tomllib.loads(text))
        faults = tuple(fault_of(one) for one in told.objects("faults", 0, 100)) if told.has("faults") else ()
        wishes = told.objects("coupons", 0, 100) if told.has("coupons") else []
        return Scenario(name, told.text("about"), tuple(one.raw() for one in wishes), faults)
    except (BadInput, tomllib.TOMLDecodeError) as problem:
        raise ScenarioError(f"the scenario {name} is written wrongly: {problem}") from problem


def stock_up(truth: Truth, scenario: Scenario) -> None:
    """Make the scenario's coupons."""
    for wish in scenario.coupons:
        make_coupons(truth, Fields(wish))
