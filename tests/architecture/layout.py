"""What may lie in the checkout and what may not stand in any of its files."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

REQUIRED = (
    "README.md",
    "README.zh-CN.md",
    "CHANGELOG.md",
    "LICENSE",
    "run.py",
    ".ci/run",
    "pyproject.toml",
    "build.spec",
    "requirements.lock",
)
ALLOWED = re.compile(
    r"terminal|sync|hardware|resources|tests|docs|pyproject\.toml|build\.spec|run\.py|README(\.zh-CN)?\.md|CHANGELOG\.md"
    r"|LICENSE|NOTICE|uv\.lock|requirements.*\.(txt|lock)|changelog\.d|\..*"
)
# Put together, so that this file doesn't break its own rule.
HOMES = "|".join(("work", "root", "home", "Users"))
MACHINE_PATH = re.compile(rf"(?<![\w.~}})\]-])(?:[A-Z]:)?[/\\]({HOMES})[/\\]")
REGISTRY = re.compile(
    "|".join(
        re.escape(host + end)
        for host, end in (
            ("pypi", ".org"),
            ("pythonhosted", ".org"),
            ("deb.debian", ".org"),
            ("registry.npmjs", ".org"),
            ("--index", "-url"),
            ("--extra-index", "-url"),
            ("--find", "-links"),
        )
    )
)


def missing(paths: Sequence[PurePosixPath]) -> list[str]:
    present = {str(path) for path in paths}
    return [name for name in REQUIRED if name not in present]


def beside_the_agreed(paths: Sequence[PurePosixPath]) -> list[str]:
    return sorted({path.parts[0] for path in paths if not ALLOWED.fullmatch(path.parts[0])})


def outside_words(root: Path, paths: Sequence[PurePosixPath]) -> list[str]:
    """Paths of one machine and addresses of registries; files that are not text are passed over."""
    found = []
    for path in paths:
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            hit = MACHINE_PATH.search(line) or REGISTRY.search(line)
            if hit:
                found.append(f"{path}:{number}: {hit.group(0)}")
    return found
