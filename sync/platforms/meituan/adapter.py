"""Meituan behind the port, and Dianping as a label on what Meituan redeems: two lines of business, one gateway."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.clock import Clock
from sync.domain.codes import Credential
from sync.platforms.http import Door
from sync.platforms.meituan import label
from sync.platforms.meituan.dining import Dining
from sync.platforms.meituan.identity import Till
from sync.platforms.meituan.label import Label
from sync.platforms.meituan.oauth import DINING, developer_of, grant_of
from sync.platforms.meituan.retail import Retail
from sync.platforms.meituan.signing import Access, Gateway
from sync.platforms.port import (
    Binding,
    Checkpoint,
    HistoryPage,
    KnownUse,
    LookedUp,
    RedeemCall,
    ReverseCall,
    ReverseResult,
    UseResult,
)


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop as it was bound: one token, whatever the label."""

    access: Access
    business_id: str
    clock: Clock
    till: Till

    def line(self, bought_on: Label) -> Retail | Dining:
        """Its line of business, for the coupons of one label."""
        kind = Dining if self.business_id == DINING else Retail
        return kind(self.access, bought_on, self.clock, self.till)


class Meituan:
    """One shop, under one of its two labels. The shop is told by its token."""

    def __init__(self, shop: Shop, bought_on: Label) -> None:
        self._shop = shop
        self._label = bought_on
        self._line = shop.line(bought_on)

    @classmethod
    def of(cls, binding: Binding, door: Door, clock: Clock) -> "Meituan":
        """As a binding names it. KeyError where a setting is missing."""
        developer = developer_of(binding)
        access = Access(Gateway(door, clock, developer), grant_of(binding, door, clock))
        till = Till(binding.settings.get("terminal") or "hexiao")
        return cls(Shop(access, developer.business_id, clock, till), label.meituan(developer.sign_key))

    def as_dianping(self) -> "Meituan":
        """The same shop for coupons that were bought on Dianping: the same token, the other half of the book."""
        return Meituan(self._shop, label.dianping(self._label.secret))

    @property
    def name(self) -> str:
        """ "meituan" or "dianping"."""
        return self._label.name

    @property
    def reversal_window_ms(self) -> int | None:
        """Ten minutes at retail services (platform-contracts.md 2.3); of dining nothing is told."""
        return self._line.reversal_window_ms

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        """See Platform."""
        return self._line.look_up(credential, deadline_ms)

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """See Platform."""
        return self._line.redeem(call, checkpoint, deadline_ms)

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """See Platform."""
        return self._line.settle(call, checkpoint, deadline_ms)

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """See Platform."""
        return self._line.reverse(call, deadline_ms)

    @property
    def book_delay_ms(self) -> int:
        """An hour: its book is made up from what has been settled behind it."""
        return 3_600_000

    def history(
        self,
        from_ms: int,
        to_ms: int,
        cursor: str | None,
        deadline_ms: int,
        known: Sequence[KnownUse] = (),  # noqa: ARG002
    ) -> HistoryPage:
        """The shop's book of this label; times are whole seconds."""
        return self._line.history(from_ms, to_ms, cursor, deadline_ms)

    def probe(self, deadline_ms: int) -> None:
        """See Platform."""
        self._line.probe(deadline_ms)
