"""The evening: the line is back, the queue drains, the books are compared, the shift is closed."""

from collections import Counter
from contextlib import closing

from sync.domain.codes import WECHAT_SHOP
from sync.domain.matching import Bucket
from sync.domain.money import yuan
from sync.domain.redemption import State
from sync.ledger.verify import Verified, verify
from sync.ledger.writer import connect
from sync.services.shifts import Count
from sync.services.store import Store
from terminal.demo.day import MANAGER, Day
from terminal.demo.morning import FLOAT_FEN
from terminal.demo.outage import probe
from terminal.demo.step import Step
from terminal.i18n import text


def line_back(day: Day) -> list[Step]:
    """The queue drains by itself, in order; nothing is left over. Platforms that are owed nothing are asked too."""
    store = day.store
    owed = len(store.delivering.owed())
    day.control.mend_the_line()
    drained = store.delivering.drain(everything=True)
    left = len(store.delivering.owed())
    probe(store, [state.platform for state in store.lines.states() if state.offline])
    offline = [state.platform for state in store.lines.states() if state.offline]
    got = f"sent {drained.sent} left {left} offline {len(offline)}"
    return [day.event("line_back", got, f"sent {owed} left 0 offline 0", sent=drained.sent, left=left)]


def lists_fresh(day: Day) -> list[Step]:
    """What happened at the platforms meanwhile comes in."""
    assert day.store.pulling is not None
    pulled = day.store.pulling.pull()
    got = "pulled" if pulled.stopped is None else str(pulled.stopped.code)
    return [day.event("lists_fresh", got, "pulled", vouchers=pulled.vouchers)]


def difference_opened(day: Day) -> list[Step]:
    """What was accepted on trust and refused later is a difference with an owner and a deadline; there is no other."""
    coupon = day.kept["refunded"]
    found = day.store.differences.open()
    got = ", ".join(f"{one.cause.value} {one.redemption_id} {one.owner}" for one in found)
    wanted = f"refused_later {day.redemption_of(coupon)} {MANAGER}"
    amount = yuan(sum(one.amount_fen for one in found))
    owner = ", ".join(day.store.people.find(one.owner).name for one in found)
    return [day.event("difference_opened", got, wanted, (coupon,), count=len(found), amount=amount, owner=owner)]


def reconcile(day: Day) -> list[Step]:
    """All platforms' histories beside ours: everything matches. WeChat Shop's can't be listed: it is asked of every use
    that we know."""
    today = day.store.ledger.read(lambda tx: day.store.profile.day_of(day.store.keeper.now(tx)))
    steps = []
    for platform in day.store.asking.platforms:
        found = day.store.reconciliation.reconcile(platform, today)
        matched, lines = found.count(Bucket.MATCHED), len(found.matches)
        how = "listed" if found.listed else "asked"
        got = f"{how} {matched} of {lines} owed {found.owed}"
        if found.unreadable is not None:
            got = found.unreadable.code.value
        expected = len(_standing(day, platform)) + _reversed(day, platform)
        wanted = f"{'asked' if platform == WECHAT_SHOP else 'listed'} {expected} of {expected} owed 0"
        name = text(day.language, "platforms", platform)
        key = "reconcile" if found.listed else "reconcile_asked"
        steps.append(day.event(key, got, wanted, platform=name, matched=matched, others=lines - matched))
    return steps


def _standing(day: Day, platform: str) -> set[str]:
    """What the customers remember, less what was taken back and what the platform refused in the end."""
    refused = {one.redemption_id for one in day.store.differences.open()}
    told = {one.redemption_id for one in day.distinct() if one.platform == platform}
    return told - day.taken_back - refused


def _reversed(day: Day, platform: str) -> int:
    """What both books list as taken back."""
    return sum(row.platform == platform and row.state is State.REVERSED for row in day.rows())


def close_the_shift(day: Day) -> list[Step]:
    """Slips are counted blind, then compared: one for every yes that was not taken back; every no was recorded."""
    slips = Counter(told.platform for told in day.distinct() if told.redemption_id not in day.taken_back)
    day.store.shifts.count(day.cashier, Count(FLOAT_FEN, dict(slips)))
    report = day.store.shifts.close(day.cashier)
    got = f"{report.shift.state.value} owed {len(report.owed)} off {report.off} refusals {report.refusals}"
    wanted = f"closed owed 0 off {{}} refusals {day.refusals}"
    return [day.event("close_the_shift", got, wanted, slips=slips.total(), off=len(report.off), no=report.refusals)]


def head_witnessed(day: Day) -> list[Step]:
    """The journal's newest head, signed, stands in the platform's book."""
    at_ms = day.store.witnessing.leave()
    walked = walk(day.store)
    there = at_ms is not None and (walked.entries, walked.head) in day.control.book().heads
    got = "witnessed" if there else "missing"
    return [day.event("head_witnessed", got, "witnessed", head=walked.head[:12])]


def journal_verified(day: Day) -> list[Step]:
    """Every entry of the journal follows from the one before it, and the tables agree with it."""
    walked = walk(day.store)
    got = "ok" if walked.first_bad is None else f"{walked.first_bad.seq}: {walked.first_bad.what}"
    return [day.event("journal_verified", got, "ok", entries=walked.entries)]


def walk(store: Store) -> Verified:
    """Walk the whole journal of an open store."""
    with closing(connect(store.ledger.path, read_only=True)) as connection:
        return verify(connection, store.profile.terminal, store.ledger.sealer)


SCENES = (
    line_back,
    lists_fresh,
    difference_opened,
    reconcile,
    close_the_shift,
    head_witnessed,
    journal_verified,
)
