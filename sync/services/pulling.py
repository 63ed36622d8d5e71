"""Pulling keys, revocations and vouchers: each page is kept with its cursor, so a cut line loses nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sync.domain.codes import MINIPROGRAM
from sync.domain.reasons import Reason
from sync.errors import KnownError, PlatformError
from sync.ledger import lists, vouchers
from sync.ledger.ledger import Ledger
from sync.ledger.transaction import Transaction
from sync.platforms.port import Platform, SignedText, TrustSource, VoucherPage
from sync.services import settling
from sync.services.asking import Asking
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper
from sync.services.trust_lists import REVOCATIONS, TrustLists

VOUCHERS = "vouchers"
STEWARD = "pulling"
Answer = TypeVar("Answer")
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull brought. `stopped`: why it ended early; `more`: it was ended by whoever asked for it. Either way what
    came before is kept and the next pull goes on there."""

    keyset: int | None = None
    revocations: int = 0
    vouchers: int = 0
    stopped: Reason | None = None
    more: bool = False


class Pulling:
    """Keeps what the till needs to decide alone up to date."""

    def __init__(
        self,
        ledger: Ledger,
        asking: Asking,
        source: TrustSource,
        trust: TrustLists,
        keeper: Timekeeper,
        profile: Profile,
    ) -> None:
        self._ledger = ledger
        self._asking = asking
        self._source = source
        self._trust = trust
        self._keeper = keeper
        self._profile = profile

    def pull(self, progress: Progress = lambda _name, _count: None, stop: Callable[[], bool] = lambda: False) -> Pulled:
        """Everything that is new: keys first (revocations are checked with them), then revocations, then vouchers.
        `stop` is asked before each page."""
        keyset, revoked, kept, cut = None, 0, 0, False

        def ended() -> bool:
            nonlocal cut
            cut = cut or stop()
            return cut

        try:
            keyset = self._keys()
            for revoked in self._revocations(ended):
                progress(REVOCATIONS, revoked)
            for kept in self._vouchers(ended):
                progress(VOUCHERS, kept)
        except KnownError as error:
            return Pulled(keyset, revoked, kept, error.reason)
        return Pulled(keyset, revoked, kept, more=cut)

    def age_ms(self) -> int:
        """How long ago the voucher list was read whole; very large when it never was."""

        def question(tx: Transaction) -> int:
            found = lists.cursor(tx, VOUCHERS)
            return self._keeper.now(tx).ms - (found[1] if found else 0)

        return self._ledger.read(question)

    def _ask(self, question: Callable[[TrustSource, int], Answer]) -> Answer:
        def put(_platform: Platform, deadline_ms: int) -> Answer:
            return question(self._source, deadline_ms)

        answer = self._asking.ask(MINIPROGRAM, self._profile.delivery_budget_ms, put)
        if isinstance(answer, PlatformError):
            raise answer
        return answer

    def _cursor(self, name: str) -> str:
        found = self._ledger.read(lambda tx: lists.cursor(tx, name))
        return found[0] if found else ""

    def _keys(self) -> int:
        signed = self._ask(lambda source, deadline_ms: source.keys(deadline_ms))
        return self._trust.accept_keys(signed, self._ledger.read(self._keeper.now).ms)

    def _revocations(self, ended: Callable[[], bool]) -> Iterator[int]:
        after, more = int(self._cursor(REVOCATIONS) or 0), True
        while more and not ended():
            signed = self._ask(partial(_revocations_after, after))
            after, more = self._trust.accept_revocations(signed, after)
            yield after

    def _vouchers(self, ended: Callable[[], bool]) -> Iterator[int]:
        kept, more = 0, True
        while more and not ended():
            asked_ms = self._ledger.read(self._keeper.now).ms
            page = self._ask(partial(_vouchers_after, self._cursor(VOUCHERS)))
            kept += self._ledger.write(partial(self._keep, page, asked_ms))
            yield kept
            more = page.has_more

    def _keep(self, page: VoucherPage, asked_ms: int, tx: Transaction) -> int:
        # A redemption settled while the page was under way is not in it: it is as old as its question.
        for coupon in page.coupons:
            voucher, clashes = vouchers.keep(tx, MINIPROGRAM, coupon, asked_ms)
            settling.open_clashes(tx, MINIPROGRAM, voucher, clashes, coupon.price_fen, asked_ms)
        tx.seal_entry("vouchers.kept", self._keeper.stamp(tx, STEWARD))
        before = lists.cursor(tx, VOUCHERS)
        seen_ms = (before[1] if before else 0) if page.has_more else asked_ms
        lists.set_cursor(tx, VOUCHERS, page.cursor, seen_ms)
        return len(page.coupons)


def _revocations_after(after: int, source: TrustSource, deadline_ms: int) -> SignedText:
    return source.revocations(after, deadline_ms)


def _vouchers_after(cursor: str, source: TrustSource, deadline_ms: int) -> VoucherPage:
    return source.vouchers(cursor, deadline_ms)
