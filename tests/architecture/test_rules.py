"""Every rule holds in this checkout, and each is seen to fail on a file planted to break it."""

from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.rules import RULES, Rule
from tests.architecture.source import ROOT, Source, python_sources

TITLE = '"""Knows one thing."""\n'
GOOD = [
    ("sync/clock.py", TITLE + "import random, time\ntime.time()\n"),
    ("sync/domain/money.py", '"""Money in fen (product.md A2): the smallest unit there is.\n\nMore. And more."""\n'),
    ("sync/domain/codes.py", TITLE + "from urllib.parse import urlsplit\n"),
    ("hardware/decoding/frame.py", TITLE + "import time\nfrom time import perf_counter\ntime.perf_counter_ns()\n"),
    ("sync/ledger/writer.py", TITLE + "import threading\nthreading.Thread(target=print, name='ledger')\n"),
    ("hardware/scanning/wedge.py", TITLE + "from threading import Thread\nThread(name='wedge')\n"),
    ("terminal/cli/say.py", TITLE + "print('yes')\n"),
    ("terminal/ui/screens/till/view.py", TITLE + "import terminal.ui.screens.till.model\n"),
    ("tests/helpers/shop.py", TITLE + "import random, threading\nthreading.Thread()\nprint()\n"),
    ("run.py", TITLE + "x = 1\n" * 400),
]
BAD = [
    (rules.opens_with_one_sentence, "sync/a.py", "x = 1\n"),
    (rules.opens_with_one_sentence, "sync/a.py", ""),
    (rules.opens_with_one_sentence, "tests/a.py", '"""No full stop"""\n'),
    (rules.opens_with_one_sentence, "sync/a.py", '"""Knows one thing. Knows another."""\n'),
    (rules.is_short, "sync/a.py", TITLE + "x = 1\n" * 350),
    (rules.is_short, "run.py", TITLE + "x = 1\n" * 600),
    (rules.is_named_for_what_it_holds, "sync/utils.py", TITLE),
    (rules.is_named_for_what_it_holds, "terminal/common/x.py", TITLE),
    (rules.is_named_for_what_it_holds, "tests/sync/helpers/x.py", TITLE),
    (rules.asks_no_clock, "sync/a.py", TITLE + "import random\n"),
    (rules.asks_no_clock, "sync/a.py", TITLE + "from uuid import uuid4\n"),
    (rules.asks_no_clock, "terminal/a.py", TITLE + "import secrets\n"),
    (rules.asks_no_clock, "sync/a.py", TITLE + "from time import localtime\n"),
    (rules.asks_no_clock, "sync/a.py", TITLE + "import time\ntime.gmtime()\n"),
    (rules.asks_no_clock, "sync/a.py", TITLE + "import datetime\ndatetime.datetime.now()\n"),
    (rules.asks_no_clock, "sync/a.py", TITLE + "from datetime import date\ndate.today()\n"),
    (rules.asks_no_clock, "hardware/a.py", TITLE + "import os\nos.urandom(4)\n"),
    (rules.starts_threads_in_their_places, "sync/a.py", TITLE + "import threading\nthreading.Thread(name='a')\n"),
    (rules.starts_threads_in_their_places, "sync/ledger/writer.py", TITLE + "from threading import Thread\nThread()\n"),
    (rules.starts_threads_in_their_places, "sync/engine/loop.py", TITLE + "ThreadPoolExecutor(2)\n"),
    (rules.starts_threads_in_their_places, "terminal/a.py", TITLE + "class A(threading.Thread):\n    pass\n"),
    (rules.keeps_screens_apart, "terminal/ui/screens/a.py", TITLE + "from terminal.ui.screens import b\n"),
    (rules.keeps_screens_apart, "terminal/ui/screens/a/x.py", TITLE + "import terminal.ui.screens.b.y\n"),
    (rules.prints_only_on_the_command_line, "sync/a.py", TITLE + "print('no')\n"),
    (rules.imports_what_a_packager_sees, "sync/a.py", TITLE + "import importlib\nimportlib.import_module('b')\n"),
    (rules.keeps_the_domain_off_the_network, "sync/domain/a.py", TITLE + "from urllib import request\n"),
]


def planted(root: Path, path: str, text: str) -> list[Source]:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
    return python_sources(root)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_checkout_keeps(rule: Rule) -> None:
    sources = python_sources(ROOT)
    assert any(str(source.path) == "sync/clock.py" for source in sources)
    assert [finding for source in sources for finding in rule(source)] == []


@pytest.mark.parametrize(("rule", "path", "text"), BAD)
def test_a_planted_file_is_caught(tmp_path: Path, rule: Rule, path: str, text: str) -> None:
    [source] = planted(tmp_path, path, text)
    assert rule(source), f"{rule.__name__} let it pass"
    assert [other.__name__ for other in RULES if other is not rule and other(source)] == []


@pytest.mark.parametrize(("path", "text"), GOOD)
def test_what_is_allowed_passes(tmp_path: Path, path: str, text: str) -> None:
    [source] = planted(tmp_path, path, text)
    assert [finding for rule in RULES for finding in rule(source)] == []


def test_every_rule_has_a_planted_file() -> None:
    assert {rule for rule, _, _ in BAD} == set(RULES)
