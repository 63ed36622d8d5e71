"""Hints from platforms: kept at once, looked into later, and believed only as far as the platform says when asked."""

from collections.abc import Callable

from sync.clock import Clock
from sync.domain.codes import CredentialKind
from sync.domain.difference import Cause
from sync.domain.notice import Notice, Pushed, Reply, Told
from sync.domain.outbox import OutboxState
from sync.domain.redemption import Redemption, State
from sync.errors import KnownError, PlatformError, Refused
from sync.ledger import notices, outbox, redemptions, vouchers
from sync.ledger.ledger import Ledger
from sync.ledger.notices import Hint
from sync.ledger.transaction import Transaction
from sync.ledger.vouchers import REF, Alias
from sync.platforms.port import KnownUse, NoticeSource, Platform
from sync.services import calls, settling
from sync.services.asking import Asking
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper

LISTENER = "listener"
_AT_ONCE = 20
_AGAIN_AFTER_MS = 60_000


class Noticing:
    """Takes notices on any thread, follows them up on one."""

    def __init__(self, ledger: Ledger, asking: Asking, keeper: Timekeeper, profile: Profile, clock: Clock) -> None:
        self._ledger = ledger
        self._asking = asking
        self._keeper = keeper
        self._profile = profile
        self._clock = clock
        self._sources = {name: each for name, each in asking.platforms.items() if isinstance(each, NoticeSource)}
        self._not_before_ms = 0

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that send notices, by name."""
        return tuple(sorted(self._sources))

    def receive(self, platform: str, pushed: Pushed) -> Reply:
        """Answer a request to this terminal; a hint is durable before it is answered. 503: send it again."""
        source = self._sources.get(platform)
        if source is None:
            return Reply(404)
        try:
            reply = source.receive(pushed, self._now_ms)
            if reply.notice is not None:
                self._keep(platform, reply.notice)
        except KnownError:
            return Reply(503)
        return reply

    def follow(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Look into what was hinted at: a redemption that is still owed is delivered at once, one that is said to be
        taken back is asked about. How many differences that opened. What can't be asked about now waits, and keeps
        no other waiting."""
        if self._clock.monotonic_ms() < self._not_before_ms:
            return 0
        opened = 0
        for hint in self._ledger.read(lambda tx: notices.to_follow(tx, _AT_ONCE)):
            if stop():
                break
            gone = self._gone(hint)
            if gone is None:
                self._not_before_ms = self._clock.monotonic_ms() + _AGAIN_AFTER_MS
            else:
                opened += self._close(hint, gone)
        return opened

    def _keep(self, platform: str, notice: Notice) -> bool:
        names = [Alias(REF, notice.coupon)] if notice.coupon else []
        if notice.code:
            names += [Alias(CredentialKind.CODE, notice.code), Alias(REF, notice.code)]

        def job(tx: Transaction) -> bool:
            known = vouchers.find(tx, platform, names)
            return notices.keep(tx, platform, notice, known[0] if known else None, self._keeper.now(tx).ms)

        return self._ledger.write(job)

    def _gone(self, hint: Hint) -> list[Redemption] | None:
        """Our redemptions that do not stand at the platform any more; None where it can't be asked now."""
        if hint.told is Told.REDEEMED or hint.platform not in self._sources:
            return []
        if self._asking.lines.offline(hint.platform):
            return None
        gone = []
        for row in self._ledger.read(lambda tx: redemptions.live_of(tx, hint.platform, hint.voucher)):
            if not _may_be_gone(row):
                continue
            stands = self._stands(hint.platform, row)
            if isinstance(stands, Refused) and not stands.reason.about_us:
                # It won't tell of this one, now or ever.
                continue
            if isinstance(stands, PlatformError):
                return None
            if stands is False:
                gone.append(row)
        return gone

    def _stands(self, platform: str, row: Redemption) -> bool | PlatformError | None:
        source, use = self._sources[platform], KnownUse(row.id, calls.refs_of(row))

        def question(_platform: Platform, deadline_ms: int) -> bool | None:
            return source.stands(use, deadline_ms)

        return self._asking.ask(platform, self._profile.delivery_budget_ms, question)

    def _close(self, hint: Hint, gone: list[Redemption]) -> int:
        def job(tx: Transaction) -> int:
            stamp = self._keeper.stamp(tx, LISTENER)
            rows = [row for row in (redemptions.by_id(tx, old.id) for old in gone) if row and _may_be_gone(row)]
            for row in rows:
                _open(tx, row, stamp.at_ms)
            if hint.told is Told.REDEEMED:
                _hurry(tx, hint, stamp.at_ms)
            notices.followed(tx, hint, stamp.at_ms)
            tx.seal_entry("notice.followed", stamp)
            return len(rows)

        return self._ledger.write(job)

    def _now_ms(self) -> int:
        return self._ledger.read(self._keeper.now).ms


def _may_be_gone(row: Redemption) -> bool:
    """Confirmed, named, and not being taken back by ourselves."""
    return row.state is State.CONFIRMED and row.reversal_id is None and "record" in calls.refs_of(row)


def _open(tx: Transaction, row: Redemption, at_ms: int) -> None:
    """As the comparison of the books names it, so that both find one difference."""
    facts: dict[str, object] = {
        "ours_fen": row.amount_fen,
        "theirs_fen": row.amount_fen,
        "record": calls.refs_of(row)["record"],
        "request_id": "",
        "code_tail": row.code_tail,
        "by": "",
    }
    if row.settled_at_ms is not None:
        facts["ours_at_ms"] = row.accepted_at_ms
    settling.open_difference(tx, Cause.REVERSED_ELSEWHERE, row.id, row.platform, row.amount_fen, at_ms, facts, row.id)


def _hurry(tx: Transaction, hint: Hint, at_ms: int) -> None:
    """What is owed of this coupon and waits for its next try is due now."""
    for row in redemptions.live_of(tx, hint.platform, hint.voucher):
        entry = outbox.by_id(tx, row.outbox_id) if row.owed else None
        if entry is not None and entry.state == OutboxState.DUE and entry.next_attempt_at_ms > at_ms:
            outbox.set_state(tx, entry.id, OutboxState.DUE, next_attempt_at_ms=at_ms)
