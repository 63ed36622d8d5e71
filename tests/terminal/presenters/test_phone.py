"""A telephone number is masked wherever it is shown."""

import pytest

from sync.domain.codes import Credential, CredentialKind, Recognised
from sync.services.looking import Found
from terminal.i18n import Words
from terminal.presenters.phone import masked, phone_check

NUMBER = "13800138000"


def test_the_middle_is_covered() -> None:
    assert masked(NUMBER) == "138****8000"


@pytest.mark.parametrize("number", ["", "1", "1234567"])
def test_what_is_too_short_is_no_longer_for_it(number: str) -> None:
    assert len(masked(number)) <= 2 * len(number)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_customer_says_the_last_four(language: str) -> None:
    found = Found(Recognised("miniprogram", Credential(CredentialKind.PHONE, NUMBER)), "r")
    view = phone_check(Words("redeem", language), found, ())
    assert view.last4 == "8000"
    assert NUMBER not in str(view)
    assert "138****8000" in view.said
