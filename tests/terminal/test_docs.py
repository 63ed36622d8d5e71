"""What can be typed or set is documented: every command, every option, every field of the settings."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from terminal.cli.app import hexiao
from terminal.settings import Settings

DOCS = Path(__file__).resolve().parents[2] / "docs"
# In the docs' introduction once for all commands, or click's own.
COMMON = {"--data", "--json", "--help", "-h"}


def walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """All commands that do something, by what is typed."""
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for part in command.list_commands(context):
            found = command.get_command(context, part)
            assert found is not None, part
            yield from walk(found, f"{name} {part}")
    else:
        yield name, command


ALL = dict(walk(hexiao, "hexiao"))


def test_there_are_commands_to_look_for() -> None:
    assert {"hexiao redeem", "hexiao outbox deliver", "hexiao ledger verify", "hexiao explain"} <= set(ALL)


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_command_is_documented_with_its_options(name: str) -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert re.search(rf"`{re.escape(name)}[ `]", text), f"{name} is not in docs/commands.md"
    for parameter in ALL[name].params:
        if isinstance(parameter, click.Option) and not set(parameter.opts) <= COMMON:
            assert any(option in text for option in parameter.opts), f"{name} {parameter.opts[0]} is not documented"
    assert ALL[name].help, f"{name} says nothing of itself"


def fields(model: type[BaseModel]) -> Iterator[str]:
    """The names of all fields, those of sections within included."""
    for name, info in model.model_fields.items():
        yield name
        for part in (info.annotation, *getattr(info.annotation, "__args__", ())):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from fields(part)


@pytest.mark.parametrize("name", sorted(set(fields(Settings))))
def test_every_setting_is_documented(name: str) -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert re.search(rf"[`\[]{name}[`\]]", text), f"{name} is not in docs/settings.md"


def test_all_settings_were_walked() -> None:
    assert {"cutoff_hour", "root_key", "poi_id", "voucher_fen", "pin", "backend"} <= set(fields(Settings))
