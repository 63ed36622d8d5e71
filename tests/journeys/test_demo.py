"""The demo as a person starts it: a whole day on the real parts, in both languages, and it fails when books differ."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hardware.decoding.source import read_picture
from sync.clock import SystemClock
from sync.domain.codes import DOUYIN, MEITUAN, WECHAT_SHOP
from sync.domain.redemption import State
from sync.platforms.port import ReverseCall
from sync.platforms.registry import PLATFORMS
from sync.services.looking import Found
from sync.services.request import Request, Want
from terminal.demo import play as stage_play
from terminal.demo.books import Kind
from terminal.demo.day import Day
from terminal.demo.noon import PHONE
from terminal.demo.play import SCENES, play
from terminal.demo.step import Step

MUST_SHOW = {
    "douyin_picture": "redeemed/online",
    "douyin_typed": "redeemed/online",
    "own_picture": "redeemed/online",
    "own_typed": "redeemed/online",
    "used_twice": "refused/used_here",
    "basket": "redeemed/online ×2, refused/refunded",
    "expired": "refused/expired",
    "forged": "refused/forged",
    "shown_twice": "refused/replayed",
    "which_platform": "which_platform douyin,meituan",
    "meituan_typed": "redeemed/online",
    "meituan_picture": "redeemed/online",
    "dianping_zero": "redeemed/online",
    "wechat_picture": "redeemed/online",
    "wechat_typed": "redeemed/online",
    "two_of_three": "redeemed/online ×2",
    "whose_phone": "which_platform miniprogram,meituan,dianping",
    "by_phone": "redeemed/online",
    "window_open": "open",
    "reverse_in_time": "reversed",
    "answer_lost": "recorded/online",
    "permit_for_us": "redeemed/permit",
    "permit": "recorded/permit",
    "chain": "recorded/chain",
    "cached": "recorded/cached",
    "recorded": "recorded/recorded",
    "over_the_limit": "refused/over_voucher_limit",
    "douyin_picture_offline": "refused/qr_needs_line",
    "douyin_recorded": "recorded/recorded",
    "meituan_recorded": "recorded/recorded",
    "phone_offline": "refused/phone_needs_line",
    "wechat_picture_offline": "refused/evidence_needed",
    "wechat_recorded": "recorded/recorded",
    "manager_asked": "ask_manager/manager_needed",
    "manager_opened": "recorded/recorded",
    "reverse_online": "reversed",
    "reverse_queued": "queued",
    "withdrawn": "withdrawn",
    "refunded_meanwhile": "recorded/cached",
    "head_witnessed": "witnessed",
    "journal_verified": "ok",
}


WINDOW = (
    *("01-sign-in-zh-light", "02-shift-to-open-zh-light", "03-idle-zh-light", "04-offer-zh-light"),
    *("05-redeemed-zh-light", "06-refused-zh-light", "08-recorded-zh-light", "10-manager-zh-light"),
    *("11-owed-zh-light", "13-history-zh-light", "14-shift-counted-zh-light", "15-shift-closed-zh-light"),
    *("04-offer-en-dark", "05-redeemed-en-dark", "13-history-en-dark"),
)
# Without them there is no window, on whatever machine this runs.
SCREENS = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}


def hexiao(*words: str | Path, language: str = "zh") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in SCREENS}
    environment |= {"HEXIAO_LANG": language, "PYTHONUTF8": "1", "COLUMNS": "140"}
    command = [sys.executable, "-W", "error", "-m", "terminal", *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False)


def check_platforms(report: dict[str, Any]) -> None:
    """Every platform had something to compare, by its own book, and the lost answers were of all of them."""
    assert [side["platform"] for side in report["platforms"]] == list(PLATFORMS)
    for side in report["platforms"]:
        assert side["ours"] == side["theirs"] > 1, side
        assert side["ours_fen"] == side["theirs_fen"] > 0, side
    assert sum(side["theirs"] for side in report["platforms"]) == report["totals"]["live_at_platforms"]
    compared = [step["got"] for step in report["steps"] if step["step"] in ("reconcile", "reconcile_asked")]
    assert [words.split(maxsplit=1)[0] for words in compared] == ["listed", "listed", "listed", "listed", "asked"]
    lost = {step["platform"] for step in report["steps"] if step["step"] == "answer_lost"}
    assert lost == set(PLATFORMS)


def test_a_day_is_played_and_the_books_agree(tmp_path: Path) -> None:
    out = tmp_path / "演示 目录"
    done = hexiao("demo", "--headless", "--out", out, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert done.stderr == ""
    assert report == json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert (report["ok"], report["problems"], report["journal_ok"]) == (True, [], True)
    shown = {step["step"]: step["got"] for step in report["steps"]}
    assert {name: shown.get(name) for name in MUST_SHOW} == MUST_SHOW
    check_platforms(report)
    totals = report["totals"]
    assert totals["second_attempts"] == totals["owed"] == 0
    assert totals["confirmed"] == totals["live_at_platforms"]
    assert totals["amount_fen"] == totals["amount_at_platforms_fen"]
    assert totals["accepted"] == sum(totals[name] for name in ("confirmed", "reversed", "withdrawn", "refused_later"))
    assert totals["differences"] == totals["refused_later"] == 1
    pictures = {step["picture"] for step in report["steps"]} - {None}
    assert pictures == {path.name for path in (out / "screens").iterdir()}
    assert "✕" not in (out / "day.txt").read_text(encoding="utf-8").splitlines()[-1]
    assert "登记后平台拒绝" in (out / "shift.txt").read_text(encoding="utf-8")
    assert (out / "shift.pdf").read_bytes().startswith(b"%PDF")
    window = {path.name: read_picture(path).shape for path in (out / "pictures").iterdir()}
    assert set(window) >= {f"{name}.png" for name in WINDOW}
    assert set(window.values()) == {(800, 1280)}
    verified = hexiao("ledger", "verify", "--data", out / "terminal", "--json")
    assert (verified.returncode, json.loads(verified.stdout)["ok"]) == (0, True)


def test_no_code_and_no_pin_stands_in_what_is_left(tmp_path: Path) -> None:
    report = play(tmp_path, "zh", SystemClock())
    codes = {coupon.code for line in report.lines for coupon in line.step.coupons}
    codes.add(PHONE)
    texts = [(tmp_path / name).read_text(encoding="utf-8") for name in ("report.json", "day.txt", "shift.txt")]
    assert [code for code in codes for text in texts if code in text] == []
    with closing(sqlite3.connect(tmp_path / "terminal" / "ledger.sqlite3")) as ledger:
        journal = "".join(row[0] or "" for row in ledger.execute("SELECT payload FROM journal"))
    assert [code for code in codes if code in journal] == []


def test_a_second_demo_in_english_keeps_the_first(tmp_path: Path) -> None:
    first = hexiao("demo", "--headless", "--out", tmp_path)
    second = hexiao("demo", "--out", tmp_path, language="en")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert second.stderr.splitlines() == [
        "There is no screen here, so no window can open. Run it on a machine with a desktop; hexiao --help names the "
        "commands that need none.",
        "The day is played without a window.",
    ]
    assert "nothing lost, nothing doubled" in second.stdout
    assert (tmp_path / "earlier-1" / "report.json").exists()
    for line in (tmp_path / "day.txt").read_text(encoding="utf-8").splitlines():
        # The manager of the sandbox's shop is called that in every language.
        assert not any("\u4e00" <= char <= "\u9fff" for char in line.replace("店长", "")), line


def lose_a_redemption(day: Day) -> list[Step]:
    """The platform forgets what it confirmed: somebody reverses it behind the shop's back."""
    coupon = day.sell(DOUYIN)
    step = day.typed("douyin_typed", coupon, "redeemed/online")
    [row] = day.rows(step.redemption_ids)
    assert row.state is State.CONFIRMED
    platform = day.store.asking.platforms[DOUYIN]
    refs = {row.id: json.loads(row.refs or "{}")}
    platform.reverse(ReverseCall("behind", row.request_id, refs), day.clock.monotonic_ms() + 5_000)
    return [step]


def redeem_elsewhere(day: Day) -> list[Step]:
    """Another device uses a coupon in this shop's name."""
    coupon = day.sell(DOUYIN)
    day.control.set_lot(coupon, "used_elsewhere")
    return [day.typed("douyin_typed", coupon, "refused/used_elsewhere")]


def redeem_at_wechat_elsewhere(day: Day) -> list[Step]:
    """What a book that can't be listed would not have told of."""
    coupon = day.sell(WECHAT_SHOP)
    day.control.set_lot(coupon, "used_elsewhere")
    return [day.typed("wechat_typed", coupon, "refused/used_elsewhere")]


def lose_at_meituan(day: Day) -> list[Step]:
    """Its answer was lost and asked for again, and then somebody took the use back."""
    coupon = day.sell(MEITUAN)
    day.control.lose_answers("verify")
    step = day.typed("answer_lost", coupon, "recorded/online", platform=MEITUAN)
    day.control.mend_the_line()
    day.store.delivering.drain(everything=True)
    [row] = day.rows(step.redemption_ids)
    assert row.state is State.CONFIRMED
    platform = day.store.asking.platforms[MEITUAN]
    call = ReverseCall("behind", row.request_id, {row.id: json.loads(row.refs or "{}")}, {row.id: coupon.code})
    platform.reverse(call, day.clock.monotonic_ms() + 5_000)
    return [step]


def take_the_wrong_one(day: Day) -> list[Step]:
    """The customer pointed at one coupon of an order, and another was redeemed."""
    order = day.control.sell(MEITUAN, 3)
    day.store.choices.picked(order[0].code, MEITUAN, day.cashier)
    found = day.store.looking.look_up(order[0].code)
    assert isinstance(found, Found)
    verdict = day.store.redeeming.confirm(found, Request(day.cashier, wants=(Want(order[1].code),)))
    return [day.step("two_of_three", order, verdict, "redeemed/online", meant=order[:1])]


def leave_it_owed(day: Day) -> list[Step]:
    """The line drops and nobody mends it."""
    coupon = day.sell(DOUYIN)
    day.control.lose_answers("verify")
    return [day.typed("answer_lost", coupon, "recorded/online")]


def expect_the_wrong_thing(day: Day) -> list[Step]:
    """All is well with the books, but not with what the counter said."""
    return [day.typed("expired", day.sell(DOUYIN), "refused/expired")]


def fall_over(day: Day) -> list[Step]:
    """An error that nobody expected."""
    day.store.shifts.open(day.cashier)
    return []


@pytest.mark.parametrize(
    ("scene", "kinds"),
    [
        (lose_a_redemption, {Kind.LOST_THERE}),
        (redeem_elsewhere, {Kind.ONLY_THERE}),
        (redeem_at_wechat_elsewhere, {Kind.ONLY_THERE}),
        (lose_at_meituan, {Kind.LOST_THERE}),
        (take_the_wrong_one, {Kind.OTHER_COUPON}),
        (leave_it_owed, {Kind.STILL_OWED, Kind.ONLY_THERE}),
        (expect_the_wrong_thing, set()),
        (fall_over, set()),
    ],
)
def test_a_demo_fails_when_something_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scene: Callable[[Day], list[Step]], kinds: set[Kind]
) -> None:
    monkeypatch.setattr(stage_play, "SCENES", (SCENES[0], scene))
    report = play(tmp_path, "zh", SystemClock())
    assert not report.ok
    assert {problem.kind for problem in report.problems} == kinds
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["ok"] is False
    assert "✕" in (tmp_path / "day.txt").read_text(encoding="utf-8")


def test_nothing_goes_on_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {thread.name for thread in threading.enumerate()}
    monkeypatch.setattr(stage_play, "SCENES", SCENES[:2])
    assert play(tmp_path, "en", SystemClock()).ok
    left = {thread for thread in threading.enumerate() if thread.name not in before}
    for thread in left:
        thread.join(5)
    assert [thread.name for thread in left if thread.is_alive()] == []


@pytest.mark.skipif(os.name == "nt", reason="a signal can not be sent to one process there")
def test_an_interruption_is_quiet(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "terminal", "demo", "--headless", "--out", str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as running:
        clock = SystemClock()
        until_ms = clock.monotonic_ms() + 60_000
        while not list(tmp_path.glob("screens/*.png")) and clock.monotonic_ms() < until_ms:
            clock.sleep_s(0.02)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert (out, err.strip()) == ("", "")


def test_a_folder_that_is_no_demo_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "terminal").mkdir()
    done = hexiao("demo", "--headless", "--out", tmp_path, language="en")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
