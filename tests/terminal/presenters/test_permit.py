"""Where the customer's phone may ask in the till's stead: where the till could not, and where asking would help."""

import pytest

from sync.domain.codes import Credential, CredentialKind, Recognised
from sync.domain.reasons import Code, because
from sync.platforms.port import LookedUp
from sync.services.looking import Found
from terminal.presenters.permit import permit_may_help

OURS = Recognised("miniprogram", Credential(CredentialKind.CODE, "8800000000000000"))
THEIRS = Recognised("douyin", Credential(CredentialKind.CODE, "123456789012345"))
UNASKED = Found(OURS, "r")


def test_an_own_coupon_that_nobody_could_be_asked_about() -> None:
    assert permit_may_help(UNASKED)
    assert permit_may_help(Found(OURS, "r", unaskable=because(Code.UNREACHABLE)))


@pytest.mark.parametrize(
    "found",
    [
        Found(THEIRS, "r"),
        Found(OURS, "r", LookedUp("o", ())),
        Found(OURS, "r", refusal=because(Code.REFUNDED)),
    ],
    ids=["another platform's", "answered", "refused by the platform"],
)
def test_no_phone_is_troubled(found: Found) -> None:
    assert not permit_may_help(found)


@pytest.mark.parametrize("code", [Code.STALE, Code.OVER_VOUCHER_LIMIT, Code.EVIDENCE_NEEDED, Code.LISTS_TOO_OLD])
def test_what_the_till_alone_can_not_answer_for(code: Code) -> None:
    assert permit_may_help(UNASKED, because(code))


@pytest.mark.parametrize("code", [Code.FORGED, Code.USED_HERE, Code.OTHER_STORE, Code.REVOKED, Code.BLACKLISTED])
def test_a_no_that_no_phone_would_change(code: Code) -> None:
    assert not permit_may_help(UNASKED, because(code))
