"""Work done behind the window's back, as another day or another person would have done it."""

from sync.domain.evidence import Witnesses
from sync.services.request import Request
from sync.services.store import Store
from tests.terminal.ui.shop import Shop

NOTED = Witnesses(amount_fen=9_900, order_no="A-1001", phone_last4="4321")


def store_of(shop: Shop) -> Store:
    """The store that the window works with."""
    return shop.till._parts.store


def redeem(shop: Shop, text: str, noted: Witnesses | None = None) -> str:
    """One scan by c1; the redemption's id, or nothing where it was refused."""
    store = store_of(shop)
    verdict = store.redeeming.redeem(text, Request(store.people.find("c1"), 1, noted or Witnesses()))
    store.redeeming.announced(verdict)
    store.redeeming.flush()
    return verdict.first.redemption_id or ""


def take_offline(shop: Shop) -> None:
    """The line is cut and every platform has been found silent."""
    shop.line_down()
    store = store_of(shop)
    for name in store.asking.platforms:
        while not store.lines.offline(name):
            store.asking.ask(name, 1_000, lambda platform, deadline_ms: platform.probe(deadline_ms))
