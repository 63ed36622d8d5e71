"""What the own platform's refusals mean to a store (docs/own-platform.md, the tables of codes)."""

from sync.domain.reasons import Code, Reason, because

TOKEN_REJECTED = frozenset({"token_expired", "token_invalid"})
_OF_A_CALL = {
    "bad_request": Code.CONTRACT_BROKEN,
    "invalid_client": Code.CREDENTIALS_WRONG,
    "token_expired": Code.CREDENTIALS_WRONG,
    "token_invalid": Code.CREDENTIALS_WRONG,
    "store_not_allowed": Code.NO_PERMISSION,
    "not_found": Code.NOT_FOUND,
    "request_id_reused": Code.CONTRACT_BROKEN,
    "journal_rewritten": Code.LEDGER_BROKEN,
    "too_fast": Code.BUSY,
}
_OF_A_STATUS = {401: Code.CREDENTIALS_WRONG, 403: Code.NO_PERMISSION, 400: Code.CONTRACT_BROKEN}
_OF_A_UNIT = {
    "used": Code.USED_ELSEWHERE,
    "refunded": Code.REFUNDED,
    "frozen": Code.FROZEN,
    "expired": Code.EXPIRED,
    "not_yet_valid": Code.NOT_VALID_YET,
    "other_store": Code.OTHER_STORE,
    "not_found": Code.NOT_FOUND,
    "no_units_left": Code.UNITS_TOO_MANY,
    "window_passed": Code.WINDOW_PASSED,
    "already_reversed": Code.ALREADY_REVERSED,
    "settled": Code.SETTLED,
}
_VERDICTS = {
    code.value: code
    for code in (
        Code.MALFORMED,
        Code.UNKNOWN_KEY,
        Code.FORGED,
        Code.OTHER_STORE,
        Code.NOT_YET,
        Code.ENDED,
        Code.STALE,
        Code.FUTURE,
        Code.OTHER_NONCE,
        Code.NONCE_SPENT,
        Code.LONG_LIVED,
        Code.REPLAYED,
        Code.REVOKED,
    )
}


def refusal(status: int, code: str) -> Reason:
    """The reason of a failed call. The platform's message is left out: it may quote what was sent."""
    known = _OF_A_CALL.get(code)
    if known is None and code.startswith("dynamic_"):
        known = _VERDICTS.get(code.removeprefix("dynamic_"))
    if known is None:
        known = _OF_A_STATUS.get(status, Code.PLATFORM_REFUSED)
    return because(known, platform_code=code[:40], words=code[:40], status=status)


def unit_refusal(code: str | None) -> Reason:
    """The reason why one unit was not redeemed or not taken back."""
    words = (code or "")[:40]
    return because(_OF_A_UNIT.get(words, Code.PLATFORM_REFUSED), platform_code=words, words=words)
