"""What WeChat Shop's refusals mean to a store: common codes by number, those of a voucher only by their words."""

from typing import Final

from sync.domain.reasons import Code, Reason, because
from sync.errors import Refused
from sync.platforms.words import cleaned, code_of

# "System busy" behind the gateway: what was asked may have reached the service all the same.
MAYBE_DONE: Final = -1
# An argument is wanting or wrong.
BAD_ARGUMENTS: Final = 40097
TOKEN_REJECTED: Final = frozenset({40001, 40014, 42001})
_NUMBERS: Final = {
    MAYBE_DONE: Code.BUSY,
    45011: Code.BUSY,
    45009: Code.QUOTA_USED_UP,
    **dict.fromkeys((*TOKEN_REJECTED, 40013, 40125, 40243, 41001, 41002, 41004), Code.CREDENTIALS_WRONG),
    # The machine's address is not on the shop's list.
    **dict.fromkeys((40164, 45035, 61004), Code.NO_PERMISSION),
    # The shop, the app or the capability is not open to us.
    **dict.fromkeys((48001, 48004, 50001, 50002, 61007, 89503, 10020150), Code.NO_PERMISSION),
    **dict.fromkeys((BAD_ARGUMENTS, 40066, 43002, 43003, 44002, 45002, 47001), Code.CONTRACT_BROKEN),
}


def reason_of(number: int, words: str) -> Reason:
    """The reason of an errcode that is not 0."""
    return because(_NUMBERS.get(number) or code_of(words), platform_code=number, words=cleaned(words))


def refused(number: int, words: str) -> Refused:
    """The same as an error."""
    return Refused(reason_of(number, words))


def voucher_reason(ret_code: str, words: str) -> Reason:
    """Why one voucher of a list was refused. The platform publishes no table of these codes."""
    return because(code_of(words), platform_code=ret_code[:20], words=cleaned(words))


def state_of(status: int | None) -> Reason | None:
    """A voucher's status as the reason why it can't be used; None when it can."""
    match status:
        case 2:
            return because(Code.USED_ELSEWHERE)
        case 3:
            return because(Code.REFUNDED)
        case 4:
            return because(Code.EXPIRED)
        case _:
            return None
