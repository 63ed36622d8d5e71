"""The files of this checkout as the rules see them: path, text and, for Python, the syntax tree."""

import ast
import fnmatch
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("terminal", "sync", "hardware", "resources")


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file; `path` is relative to the root of its tree."""

    path: PurePosixPath
    text: str
    tree: ast.Module

    @property
    def in_product(self) -> bool:
        return self.path.parts[0] in PRODUCT

    def at(self, node: ast.AST, what: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"


def kept_files(root: Path) -> list[PurePosixPath]:
    """Tracked files and new ones that are not ignored; where there is no git, what .gitignore leaves."""
    try:
        words = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        done = subprocess.run(words, capture_output=True, check=False)
        listed = done.stdout.decode() if done.returncode == 0 else ""
    except OSError:
        listed = ""
    names = listed.split("\0") if listed else _walked(root)
    return sorted(PurePosixPath(name) for name in names if name and (root / name).is_file())


def _walked(root: Path) -> Iterator[str]:
    ignore = root / ".gitignore"
    patterns = [".git"] + ([line.strip().rstrip("/") for line in ignore.read_text().split()] if ignore.exists() else [])

    def dropped(name: str) -> bool:
        return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)

    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if not dropped(name)]
        yield from ((Path(folder) / name).relative_to(root).as_posix() for name in names if not dropped(name))


def python_sources(root: Path) -> list[Source]:
    """Every Python file kept in the tree, parsed."""
    sources = []
    for path in kept_files(root):
        if path.suffix == ".py":
            text = (root / path).read_text(encoding="utf-8")
            sources.append(Source(path, text, ast.parse(text, str(path))))
    return sources


def imported(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """(where, dotted name) of everything a file imports; `from a import b` gives both `a` and `a.b`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a name or attribute; "" of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""


def calls(source: Source) -> Iterator[tuple[ast.Call, str]]:
    """(call, dotted name of what is called) wherever it has such a name."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and (name := dotted(node.func)):
            yield node, name
