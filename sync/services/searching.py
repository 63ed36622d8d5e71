"""What a person means by the text typed or scanned on the history page, as conditions on the ledger's rows."""

import re
import unicodedata
from collections.abc import Mapping

from sync.domain import dynamic_code
from sync.domain.codes import LONGEST_TEXT, CredentialKind, Recognised, clean
from sync.domain.recognisers import recognise
from sync.errors import SecretsError
from sync.ledger import vouchers
from sync.ledger.entries import Condition, Wanted
from sync.ledger.tables import STAFF
from sync.ledger.transaction import Transaction, marks
from sync.services import refusing
from sync.services.looking import alias_of
from sync.services.profile import Profile
from sync.services.timekeeping import Timekeeper
from sync.services.trust_lists import TrustLists

MOST_WORDS = 12
LONGEST_WORD = 100
_NOTHING = Condition("0")
# Of so many codes with the same last four digits each is opened to compare the rest.
_MOST_OPENED = 500
_AMOUNT = re.compile(r"¥?(\d{1,3}(?:,\d{3}){1,2}|\d{1,8})(?:\.(\d{1,2}))?元?")
_DAY = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})")


class Searching:
    """Reads a query. `connected`: the platforms of this store."""

    def __init__(self, trust: TrustLists, keeper: Timekeeper, profile: Profile, connected: frozenset[str]) -> None:
        self._trust = trust
        self._keeper = keeper
        self._profile = profile
        self._connected = connected

    def wanted(self, tx: Transaction, query: str, names: Mapping[str, str]) -> Wanted:
        """The rows that fit a query: those of the coupon that the whole text stands for, and those that every word of
        it fits. `names`: what people call the platforms."""
        query = query[: LONGEST_TEXT * 2]
        words = _words(query)
        if not query.strip():
            return Wanted()
        coupon = self._coupon(tx, query)
        if not words or len(words) > MOST_WORDS:
            return coupon
        of_words = [_of_word(tx, word, names) for word in words]
        rows, refusals = of_words[0].redemptions, of_words[0].refusals
        for one in of_words[1:]:
            rows, refusals = rows & one.redemptions, refusals & one.refusals
        return Wanted(coupon.redemptions | rows, coupon.refusals | refusals)

    def _coupon(self, tx: Transaction, query: str) -> Wanted:
        """The text as one that was shown: its coupon's redemptions, and the refusals of that very text."""
        texts = {query, query.strip(), clean(query)}
        rows = _NOTHING
        for chosen in (None, *sorted(self._connected)):
            found = recognise(query, self._connected, chosen)
            if isinstance(found, Recognised):
                texts.add(found.credential.text)
                ids = self._vouchers(tx, found)
                if ids:
                    same = Condition(f"(platform = ? AND voucher IN ({marks(ids)}))", (found.platform, *ids))
                    rows = rows | same
                # A dynamic text is another one every half minute; refusals know the coupon by its printed code.
                known = [vouchers.known(tx, voucher) for voucher in ids]
                texts |= {one.coupon.code for one in known if one is not None and one.coupon.code}
        hashes = [refusing.hash_of(tx, text) for text in texts]
        return Wanted(rows, Condition(f"text_hash IN ({marks(hashes)})", tuple(hashes)))

    def _vouchers(self, tx: Transaction, found: Recognised) -> list[int]:
        credential, reading = found.credential, None
        if credential.kind is CredentialKind.DYNAMIC:
            now_s = self._keeper.now(tx).seconds
            reading = dynamic_code.read(credential.text, self._trust.keys(), now_s, self._profile.own_store)
        alias = alias_of(credential, reading)
        return vouchers.find(tx, found.platform, (alias,)) if alias is not None else []


def _words(query: str) -> list[str]:
    """Words apart by blanks, without what no text field can hold."""
    kept = "".join(" " if char.isspace() else char for char in query)
    kept = "".join(char for char in kept if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return list(dict.fromkeys(kept.split()))


def _of_word(tx: Transaction, word: str, names: Mapping[str, str]) -> Wanted:
    plain = unicodedata.normalize("NFKC", word)
    if len(plain) > LONGEST_WORD:
        return Wanted(_NOTHING, _NOTHING)
    both = _of_people(tx, plain) | _of_platform(plain, names) | _of_day(plain)
    rows = both | _ends("number", plain) | _holds("title", word)
    if plain != word:
        rows = rows | _holds("title", plain)
    fen = _fen(plain)
    if fen is not None:
        rows = rows | Condition("amount_fen = ?", (fen,))
    return Wanted(
        rows | _of_code(tx, plain, "redemptions", "seq", "code_sealed", "redemption"),
        both | _of_code(tx, plain, "refusals", "id", "text_sealed", "refusal"),
    )


def _literal(text: str) -> str:
    """Text for LIKE in which nothing is a wildcard."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _holds(column: str, text: str) -> Condition:
    return Condition(f"{column} LIKE ? ESCAPE '\\'", (f"%{_literal(text)}%",))


def _ends(column: str, text: str) -> Condition:
    return Condition(f"{column} LIKE ? ESCAPE '\\'", (f"%{_literal(text)}",))


def _of_people(tx: Transaction, word: str) -> Condition:
    folded = word.casefold()
    known = tx.all(STAFF, "1")
    ids = [who.id for who in known if who.id.casefold() == folded or folded in who.name.casefold()]
    return Condition(f"staff IN ({marks(ids)})", tuple(ids)) if ids else _NOTHING


def _of_platform(word: str, names: Mapping[str, str]) -> Condition:
    folded = word.casefold()
    called = [name for name, said in names.items() if folded in said.casefold()]
    ids = list(dict.fromkeys([folded, *called]))
    return Condition(f"platform IN ({marks(ids)})", tuple(ids))


def _of_day(word: str) -> Condition:
    found = _DAY.fullmatch(word)
    if found is None:
        return _NOTHING
    year, month, day = found.groups()
    tail = f"{int(month):02d}-{int(day):02d}"
    if year is not None:
        return Condition("business_day = ?", (f"{year}-{tail}",))
    return Condition("substr(business_day, 6) = ?", (tail,))


def _fen(word: str) -> int | None:
    """`128`, `128.5`, `¥1,280.00`, in fen."""
    found = _AMOUNT.fullmatch(word)
    if found is None:
        return None
    whole, part = found.groups()
    return int(whole.replace(",", "")) * 100 + int((part or "0").ljust(2, "0"))


def _of_code(tx: Transaction, word: str, table: str, serial: str, sealed: str, context: str) -> Condition:
    """The last four digits of a code or more of them: only codes with the same last four are opened and compared."""
    if not (word.isascii() and word.isdigit() and len(word) >= 4):
        return _NOTHING
    tail = Condition("code_tail = ?", (word[-4:],))
    if len(word) == 4:
        return tail
    sql = f"SELECT {serial}, {sealed} FROM {table} WHERE code_tail = ? AND {sealed} IS NOT NULL LIMIT ?"
    found = tx.run(sql, (word[-4:], _MOST_OPENED + 1)).fetchall()
    if len(found) > _MOST_OPENED:
        return tail
    ids = [number for number, text in found if _opened(tx, text, context).endswith(word)]
    return Condition(f"{serial} IN ({marks(ids)})", tuple(ids)) if ids else _NOTHING


def _opened(tx: Transaction, sealed: bytes, context: str) -> str:
    """The text of one row; nothing where it can't be opened any more: that is for the journal's check to tell."""
    try:
        return tx.sealer.unseal(sealed, context)
    except SecretsError:
        return ""
