"""The rules of the house that neither ruff nor import-linter knows: each takes one file and names what breaks it."""

import ast
import re
from collections.abc import Callable

from tests.architecture.source import Source, calls, dotted, imported

LONGEST_FILE = 350
# run.py has to work before anything is installed, so that it can't be split into modules.
LONGER_FILES = {"run.py": 590}
BANNED_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "common"}
CLOCK = "sync/clock.py"
# A stopwatch tells how long something took and never what time it is.
STOPWATCH = {"time.perf_counter", "time.perf_counter_ns"}
CLOCK_CALLS = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today)$|^os\.(urandom|getrandom)$")
THREAD_FILES = (
    "sync/ledger/writer.py",
    "sync/engine/loop.py",
    # Platforms that call this terminal must be answered within seconds, whatever the loop is doing.
    "sync/engine/listener.py",
    "terminal/ui/operation.py",
    "sync/sandbox/server.py",
)
THREAD_FOLDERS = ("hardware/scanning/",)
THREAD_MAKERS = {
    "Thread": "name",
    "Timer": "",
    "ThreadPoolExecutor": "thread_name_prefix",
    "ProcessPoolExecutor": "",
    "ThreadingHTTPServer": "",
    "ThreadingMixIn": "",
    "QThread": "",
    "QThreadPool": "",
}
DOMAIN_BANNED = re.compile(r"^urllib\.(request|error|robotparser)(\.|$)")


def opens_with_one_sentence(source: Source) -> list[str]:
    docstring = ast.get_docstring(source.tree)
    if not docstring:
        return [f"{source.path}: has no docstring that says what it knows"]
    first = docstring.split("\n\n")[0]
    if not first.endswith("."):
        return [f"{source.path}: the first paragraph of its docstring does not end with a full stop"]
    if re.search(r"[a-z0-9)`\"][.!?]\s+[A-Z`]", first):
        return [f"{source.path}: the first paragraph of its docstring is more than one sentence"]
    return []


def is_short(source: Source) -> list[str]:
    lines, most = len(source.text.splitlines()), LONGER_FILES.get(str(source.path), LONGEST_FILE)
    return [f"{source.path}: {lines} lines (at most {most}, aim at 250)"] if lines > most else []


def is_named_for_what_it_holds(source: Source) -> list[str]:
    names = {part.removesuffix(".py") for part in source.path.parts}
    if source.path.parts[:2] == ("tests", "helpers"):
        names.discard("helpers")
    return [f"{source.path}: named {', '.join(sorted(bad))}" for bad in [names & BANNED_NAMES] if bad]


def asks_no_clock(source: Source) -> list[str]:
    """Only sync/clock.py asks the machine for the time or for randomness."""
    if not source.in_product or str(source.path) == CLOCK:
        return []
    found = []
    for node, name in imported(source):
        top = name.split(".")[0]
        if top in {"random", "secrets", "uuid"} or (name.startswith("time.") and name not in STOPWATCH):
            found.append(source.at(node, f"imports {name}"))
    for call, name in calls(source):
        if CLOCK_CALLS.search(name) or (name.startswith("time.") and name not in STOPWATCH):
            found.append(source.at(call, f"calls {name}"))
    return found


def starts_threads_in_their_places(source: Source) -> list[str]:
    if not source.in_product:
        return []
    path, found = str(source.path), []
    allowed = path in THREAD_FILES or path.startswith(THREAD_FOLDERS)
    for call, name in calls(source):
        maker = name.split(".")[-1]
        if maker not in THREAD_MAKERS:
            continue
        keyword = THREAD_MAKERS[maker]
        if not allowed:
            found.append(source.at(call, f"{maker} is not made here"))
        elif keyword and keyword not in {given.arg for given in call.keywords}:
            found.append(source.at(call, f"{maker} without {keyword}="))
    if not allowed:
        bases = [base for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef) for base in node.bases]
        own = [base for base in bases if dotted(base).split(".")[-1] in THREAD_MAKERS]
        found += [source.at(base, "a thread class of its own") for base in own]
    return found


def keeps_screens_apart(source: Source) -> list[str]:
    """A screen is a file or a folder in terminal/ui/screens."""
    here = source.path.with_suffix("").parts
    if here[:3] != ("terminal", "ui", "screens") or len(here) < 4:
        return []
    found = []
    for node, name in imported(source):
        parts = name.split(".")
        if parts[:3] == ["terminal", "ui", "screens"] and len(parts) > 3 and parts[3] != here[3]:
            found.append(source.at(node, f"screen {here[3]} imports screen {parts[3]}"))
    return found


def prints_only_on_the_command_line(source: Source) -> list[str]:
    if not source.in_product or source.path.parts[:2] == ("terminal", "cli"):
        return []
    return [source.at(call, "prints") for call, name in calls(source) if name == "print"]


def imports_what_a_packager_sees(source: Source) -> list[str]:
    """No dynamic import: PyInstaller packs what it can read."""
    if not source.in_product:
        return []
    dynamic = {"__import__", "importlib.import_module", "import_module"}
    return [source.at(call, f"calls {name}") for call, name in calls(source) if name in dynamic]


def keeps_the_domain_off_the_network(source: Source) -> list[str]:
    """urllib.parse is text; the rest of urllib is not. import-linter sees only the first part of a library's name."""
    if source.path.parts[:2] != ("sync", "domain"):
        return []
    return [source.at(node, f"imports {name}") for node, name in imported(source) if DOMAIN_BANNED.match(name)]


Rule = Callable[[Source], list[str]]
RULES: tuple[Rule, ...] = (
    opens_with_one_sentence,
    is_short,
    is_named_for_what_it_holds,
    asks_no_clock,
    starts_threads_in_their_places,
    keeps_screens_apart,
    prints_only_on_the_command_line,
    imports_what_a_packager_sees,
    keeps_the_domain_off_the_network,
)
