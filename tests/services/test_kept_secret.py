"""What must not stand in clear in any file of a till: codes, phone numbers, secrets, tokens, PINs, scanned texts."""

from pathlib import Path

import pytest

from sync.domain.staff import Deed, Role
from sync.errors import NotAllowed
from tests.services.counter import NOTED, Counter

WIFI = "WIFI:S:riverside;T:WPA;P:geheimes-passwort;;"
PHONE = "13912345678"


def files_with(folder: Path, text: str) -> list[str]:
    """Names of the files in which a text stands, the write-ahead log among them."""
    return [path.name for path in sorted(folder.rglob("*")) if path.is_file() and text.encode() in path.read_bytes()]


@pytest.fixture
def busy(till: Counter) -> tuple[Counter, list[str]]:
    """A till through whose hands all kinds of texts have gone, still open."""
    secrets = [WIFI, "geheimes", PHONE, "4711"]
    own, douyin = till.sandbox.describe()["miniprogram"], till.sandbox.describe()["douyin"]
    secrets += [own["client_secret"], douyin["client_secret"]]
    till.store.people.add("c9", "new", Role.CASHIER, "4711")
    coupons = [till.coupon(platform, phone=PHONE) for platform in ("douyin", "miniprogram") for _ in range(3)]
    till.pull()
    for text in (WIFI, PHONE, coupons[0]["code"], coupons[0]["code"], coupons[3]["qr_text"], coupons[3]["qr_text"]):
        till.redeem(text)
    till.fault("drop_after", "verify")
    till.redeem(coupons[1]["qr_text"])
    till.line_down()
    till.redeem(coupons[2]["code"], noted=NOTED)
    till.redeem(coupons[4]["code"])
    till.redeem(till.dynamic(coupons[5]))
    secrets += [coupon[name] for coupon in coupons for name in ("code", "qr_text")]
    with till.sandbox._truth as truth:  # type: ignore[union-attr]
        secrets += [token.text for token in truth.tokens] + [token.text for token in truth.verify_tokens]
        secrets += [coupon.sealed for coupon in truth.coupons if coupon.sealed]
    return till, secrets


def test_the_ledger_and_its_log_give_nothing_away(busy: tuple[Counter, list[str]]) -> None:
    till, secrets = busy
    assert len(secrets) > 20
    ledger = [path for path in till.data.iterdir() if path.name.startswith("ledger")]
    assert any(path.name.endswith("-wal") and path.stat().st_size for path in ledger)
    assert files_with(till.data, "recorded"), "nothing would be found at all"
    for secret in secrets:
        found = [name for name in files_with(till.data, secret) if name != "secrets.json"]
        assert found == [], f"{secret[:6]}… stands in {found}"
    till.line_up()
    till.deliver()
    till.reopen()
    for secret in secrets:
        assert [name for name in files_with(till.data, secret) if name != "secrets.json"] == []
    till.agree()


def test_of_an_unrecognised_text_only_class_length_and_keyed_hash_are_kept(till: Counter) -> None:
    till.redeem(WIFI)
    (refusal,) = till.refusals()
    assert (refusal.kind, refusal.length, refusal.text_sealed, refusal.code_tail) == (
        "unrecognised",
        len(WIFI),
        None,
        "",
    )
    assert len(refusal.text_hash) == 16
    assert "geheim" not in refusal.facts
    # The same text is known again, and no other one is.
    till.redeem(WIFI)
    till.redeem(WIFI + " ")
    first, second, third = (found.text_hash for found in till.refusals())
    assert first == second != third


def test_a_pin_is_checked_and_never_kept(till: Counter) -> None:
    till.store.people.add("m2", "second", Role.MANAGER, "246810")
    assert till.store.people.authorise("m2", "246810", Deed.OPEN_OUTAGE).id == "m2"
    for pin in (None, "", "246811", "24681", "2468100"):
        with pytest.raises(NotAllowed):
            till.store.people.authorise("m2", pin, Deed.OPEN_OUTAGE)
    assert files_with(till.data, "246810") == []
    with pytest.raises(NotAllowed):
        till.store.people.authorise("c1", None, Deed.OPEN_OUTAGE)
