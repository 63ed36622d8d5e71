"""Vouchers by our own id, the aliases that lead to them, and what the cache knows of each."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sync.domain.codes import Credential, CredentialKind
from sync.domain.evidence import Known
from sync.domain.reasons import Code, because
from sync.domain.voucher import Coupon, Line
from sync.ledger.transaction import Transaction

REF = "ref"
HANDLE = "handle"
_DETAIL = "voucher"
_CLOSED: dict[str, Any] = {"code": None, "contents": (), "terms": (), "script": ""}


@dataclass(frozen=True, slots=True)
class Alias:
    """A name under which a coupon can be met: a credential's kind, `ref` or `handle`."""

    kind: str
    text: str


def aliases_of(coupon: Coupon, shown: Credential | None = None) -> tuple[Alias, ...]:
    """All names of a coupon. The shown text is one only if it can mean no other coupon of the order; a customer's
    telephone number never is."""
    names = [Alias(REF, coupon.ref)]
    if coupon.handle != coupon.ref:
        names.append(Alias(HANDLE, coupon.handle))
    if coupon.code:
        names.append(Alias(CredentialKind.CODE, coupon.code))
    if shown is None:
        return tuple(names)
    if shown.kind is CredentialKind.SEALED or (shown.kind is CredentialKind.CODE and coupon.code is None):
        names.append(Alias(shown.kind, shown.text))
    return tuple(names)


def leads(tx: Transaction, platform: str, aliases: Iterable[Alias]) -> dict[Alias, int]:
    """Where these names lead: our ids of vouchers, by name; names that lead nowhere are left out."""
    found: dict[Alias, int] = {}
    for alias in aliases:
        row = tx.run(
            "SELECT voucher FROM aliases WHERE platform = ? AND kind = ? AND hash = ?",
            (platform, alias.kind, tx.sealer.hashed(alias.kind, alias.text)),
        ).fetchone()
        if row is not None:
            found[alias] = row[0]
    return found


def find(tx: Transaction, platform: str, aliases: Iterable[Alias]) -> list[int]:
    """Our ids of the vouchers that these names lead to, each once; more than one is a clash."""
    return list(dict.fromkeys(leads(tx, platform, aliases).values()))


def new(tx: Transaction, platform: str) -> int:
    """A voucher of which nothing is known yet."""
    return int(tx.run("INSERT INTO vouchers (platform) VALUES (?)", (platform,)).lastrowid or 0)


def bind(tx: Transaction, platform: str, voucher: int, aliases: Iterable[Alias], *, noted: bool = False) -> list[int]:
    """Let these names lead to `voucher`; answers with the other vouchers to which some of them lead already. `noted`:
    the journal vouches for it, as a redemption depends on it; the cache's own names can be pulled again."""
    clashes: list[int] = []
    for alias in aliases:
        key = (platform, alias.kind, tx.sealer.hashed(alias.kind, alias.text))
        done = tx.run(
            "INSERT OR IGNORE INTO aliases (platform, kind, hash, voucher) VALUES (?, ?, ?, ?)", (*key, voucher)
        )
        if done.rowcount == 0:
            other = tx.run("SELECT voucher FROM aliases WHERE platform = ? AND kind = ? AND hash = ?", key).fetchone()[
                0
            ]
            if other != voucher:
                clashes.append(other)
                continue
        if noted:
            tx.note(alias=[platform, alias.kind, key[2], voucher])
    return clashes


def rebind(tx: Transaction, platform: str, voucher: int, alias: Alias) -> None:
    """Let a name that may stand for several coupons of an order (a short link) lead to the one met last."""
    tx.run(
        "INSERT OR REPLACE INTO aliases (platform, kind, hash, voucher) VALUES (?, ?, ?, ?)",
        (platform, alias.kind, tx.sealer.hashed(alias.kind, alias.text), voucher),
    )


def last_mark_s(tx: Transaction, voucher: int) -> int | None:
    """The mark of the latest dynamic code accepted for the voucher (dynamic_code.Fields.mark_s)."""
    row = tx.run("SELECT last_mark_s FROM vouchers WHERE id = ?", (voucher,)).fetchone()
    return None if row is None else row[0]


def set_mark(tx: Transaction, voucher: int, mark_s: int) -> None:
    """Remember the mark of an accepted dynamic code; it never goes back."""
    tx.run("UPDATE vouchers SET last_mark_s = max(coalesce(last_mark_s, 0), ?) WHERE id = ?", (mark_s, voucher))
    tx.note(mark=[voucher, mark_s])


_COLUMNS = (
    "ref, handle, title, price_fen, kind, units_total, units_left, valid_from_ms, valid_until_ms, account, offer,"
    " state, seen_at_ms, store_ok"
)


def known(tx: Transaction, voucher: int, *, opened: bool = True) -> Known | None:
    """What the cache holds of the voucher; None when no platform ever described it to us. Without `opened` what is
    sealed stays so: code, contents, terms and script are left out."""
    row = tx.run(f"SELECT {_COLUMNS}, detail FROM vouchers WHERE id = ? AND detail IS NOT NULL", (voucher,)).fetchone()
    if row is None:
        return None
    ref, handle, title, price_fen, kind, total, left, from_ms, until_ms, account, offer, state, seen, ok, sealed = row
    detail = json.loads(tx.sealer.unseal(sealed, _DETAIL)) if opened else _CLOSED
    coupon = Coupon(
        ref=ref,
        handle=handle,
        code=detail["code"],
        title=title,
        price_fen=price_fen,
        kind=kind,
        units_total=total,
        units_left=left,
        valid_from_ms=from_ms,
        valid_until_ms=until_ms,
        state=because(Code(state)) if state else None,
        account=account,
        offer=offer,
        contents=tuple(Line(name, quantity) for name, quantity in detail["contents"]),
        terms=tuple(detail["terms"]),
        script=detail["script"],
    )
    return Known(coupon, seen, bool(ok))


def keep(
    tx: Transaction, platform: str, coupon: Coupon, seen_at_ms: int, store_ok: bool = True
) -> tuple[int, frozenset[int]]:
    """Put what a platform said of a coupon into the cache; answers with our id, and with other vouchers to which some
    of its names lead already. Redemptions are never touched by it."""
    names = aliases_of(coupon)
    led = leads(tx, platform, names)
    voucher = next(iter(led.values())) if led else new(tx, platform)
    clashes = {*led.values(), *bind(tx, platform, voucher, (name for name in names if name not in led))} - {voucher}
    detail = {
        "code": coupon.code,
        "contents": [(line.name, line.quantity) for line in coupon.contents],
        "terms": coupon.terms,
        "script": coupon.script,
    }
    tx.run(
        "UPDATE vouchers SET ref = ?, handle = ?, title = ?, price_fen = ?, kind = ?, units_total = ?, units_left = ?,"
        " valid_from_ms = ?, valid_until_ms = ?, account = ?, offer = ?, state = ?, seen_at_ms = ?, store_ok = ?,"
        " detail = ? WHERE id = ?",
        (
            coupon.ref,
            coupon.handle,
            coupon.title,
            coupon.price_fen,
            coupon.kind,
            coupon.units_total,
            coupon.units_left,
            coupon.valid_from_ms,
            coupon.valid_until_ms,
            coupon.account,
            coupon.offer,
            coupon.state.code.value if coupon.state else None,
            seen_at_ms,
            store_ok,
            tx.sealer.seal(json.dumps(detail, ensure_ascii=False), _DETAIL),
            voucher,
        ),
    )
    return voucher, frozenset(clashes)
