"""The import contracts of pyproject.toml bite: a tree of stubs keeps them, and planted imports break each of them."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import tomli_w

from tests.architecture.source import ROOT, kept_files

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["name"]: contract for contract in SETTINGS["contracts"]}
# Beside what exists, so that a contract may speak of a floor that is still to be built.
STUBS = (
    "terminal.bootstrap",
    "terminal.cli.app",
    "terminal.ui.app",
    "sync.engine.loop",
    "sync.services.redemption",
    "sync.platforms.registry",
)
PLANTED = {
    "Arrows go one way: terminal, then sync or hardware, which do not know each other": [
        ("hardware", "sync.clock"),
        ("sync.clock", "terminal"),
        ("resources", "hardware"),
    ],
    "Inside sync the rules lie at the bottom and the engine on top": [
        ("sync.errors", "sync.platforms.port"),
        ("sync.domain.money", "sync.errors"),
    ],
    "No circles, at any depth": [
        ("sync.domain.money", "sync.domain.voucher"),
        ("sync.domain.voucher", "sync.domain.money"),
    ],
    "Only terminal.ui knows Qt": [("terminal.cli.app", "PySide6.QtCore"), ("hardware", "PySide6")],
    "The domain is pure: no database, network, threads, files, time or chance": [
        ("sync.domain.money", "sqlite3"),
        ("sync.domain.money", "threading"),
        ("sync.domain.money", "sync.clock"),
    ],
    "Only the registry names an adapter": [("terminal.bootstrap", "sync.platforms.douyin")],
    "Only bootstrap names the registry": [
        ("terminal.cli.app", "sync.platforms.registry"),
        ("sync.services.redemption", "sync.platforms.registry"),
        ("sync.platforms.http", "sync.platforms.registry"),
    ],
    "Adapters know neither each other nor the sandbox": [
        ("sync.platforms.douyin", "sync.platforms.miniprogram"),
        ("sync.platforms.miniprogram", "sync.sandbox"),
    ],
    "The sandbox is built from the contract alone: of sync it knows the clock": [("sync.sandbox", "sync.domain.money")],
    "Services and engine know the port of a platform, not how one is reached": [
        ("sync.services", "sync.platforms.http")
    ],
}
ALLOWED = [
    ("terminal.ui.app", "PySide6.QtWidgets"),
    ("terminal.cli.app", "terminal.ui.app"),
    ("terminal.bootstrap", "sync.platforms.registry"),
    ("sync.sandbox.server", "sync.clock"),
    ("sync.services.redemption", "sync.platforms.port"),
]


def tree(root: Path) -> None:
    """The modules of this checkout as empty files, and our contracts over them."""
    names = [
        str(path) for path in kept_files(ROOT) if path.suffix == ".py" and path.parts[0] in SETTINGS["root_packages"]
    ]
    names += [name.replace(".", "/") + ".py" for name in STUBS]
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        for folder in path.relative_to(root).parents[:-1]:
            (root / folder / "__init__.py").touch()
    settings = {"tool": {"importlinter": SETTINGS}}
    (root / "pyproject.toml").write_text(tomli_w.dumps(settings), encoding="utf-8")


def plant(root: Path, module: str, imported: str) -> None:
    path = root / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    with file.open("a", encoding="utf-8") as text:
        text.write(f"import {imported}\n")


def broken(root: Path) -> set[str]:
    """Names of the contracts that import-linter calls broken there."""
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert command is not None
    words = [sys.executable, "-P", command, "--no-cache"] if sys.platform != "win32" else [command, "--no-cache"]
    # Ours is installed too: the tree's own modules have to come first.
    environment = {"PYTHONPATH": str(root), "PYTHONUTF8": "1", "COLUMNS": "300"}
    done = subprocess.run(words, cwd=root, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    return {name for name in CONTRACTS for line in lines if line.startswith(name) and "BROKEN" in line}


def test_stubs_and_what_is_allowed_keep_all(tmp_path: Path) -> None:
    tree(tmp_path)
    for module, imported in ALLOWED:
        plant(tmp_path, module, imported)
    assert broken(tmp_path) == set()


def test_planted_imports_break_each(tmp_path: Path) -> None:
    assert set(PLANTED) == set(CONTRACTS)
    tree(tmp_path)
    for imports in PLANTED.values():
        for module, imported in imports:
            plant(tmp_path, module, imported)
    assert broken(tmp_path) == set(CONTRACTS)


def test_every_adapter_is_named_in_the_contracts() -> None:
    folders = {
        path.parts[2] for path in kept_files(ROOT) if path.parts[:2] == ("sync", "platforms") and len(path.parts) > 3
    }
    adapters = {f"sync.platforms.{name}" for name in folders}
    assert adapters <= set(CONTRACTS["Only the registry names an adapter"]["protected_modules"])
    assert adapters <= set(CONTRACTS["Adapters know neither each other nor the sandbox"]["modules"])
