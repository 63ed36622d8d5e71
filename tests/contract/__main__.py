"""The contract suite as a table, platforms × cases: `python -m tests.contract [--table FILE] [pytest's arguments]`."""

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.contract.rows import ROWS

HERE = Path(__file__).parent
SUITE = {"test_contract.py": "", "test_faults.py": "under faults: "}
NAMES = tuple(row.name for row in ROWS)


class Tally:
    """Counts, by case and shop, how many variants of it ran and how many of those passed."""

    def __init__(self) -> None:
        self.cases: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take down one outcome; a case that breaks while it is set up or taken down has failed."""
        if report.when != "call" and report.passed:
            return
        file, _, name = report.nodeid.partition("::")
        case, _, variant = name.partition("[")
        shop = next((part for part in variant.rstrip("]").split("-") if part in NAMES), None)
        part = SUITE.get(Path(file).name)
        if part is not None and shop is not None and not report.skipped:
            self.cases[part + said(case)][shop].append(report.passed)


def said(case: str) -> str:
    """A test's name as a sentence."""
    return case.removeprefix("test_").replace("_", " ")


def table(cases: dict[str, dict[str, list[bool]]]) -> str:
    """Markdown: a line a case, a column a shop; in each field the variants that passed, of those that ran."""
    lines = ["| case | " + " | ".join(NAMES) + " |", "|---" * (len(NAMES) + 1) + "|"]
    for case, shops in cases.items():
        fields = [field(shops.get(name, [])) for name in NAMES]
        lines.append(f"| {case} | " + " | ".join(fields) + " |")
    return "\n".join([*lines, ""])


def field(passed: list[bool]) -> str:
    """ "✓ 3", "✕ 2/3", or a dash where nothing ran."""
    if not passed:
        return "–"
    return f"✓ {len(passed)}" if all(passed) else f"✕ {sum(passed)}/{len(passed)}"


def main(arguments: list[str]) -> int:
    """Run the suite and print its table; pytest's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract", description=__doc__)
    parser.add_argument("--table", type=Path, help="write the table to this file as well")
    options, rest = parser.parse_known_args(arguments)
    tally = Tally()
    code = pytest.main([*(str(HERE / name) for name in SUITE), "--tb=short", *rest], plugins=[tally])
    text = table(tally.cases)
    sys.stdout.write(text)
    if options.table is not None:
        options.table.write_text(text, encoding="utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
