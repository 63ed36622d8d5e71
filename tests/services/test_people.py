"""Signing in: PINs are checked, and whoever keeps typing wrong ones has to wait longer and longer."""

import json

import pytest

from sync.domain.reasons import Code, Reason
from sync.domain.staff import Deed, Role
from sync.errors import NotAllowed
from sync.services.people import TRIES
from tests.services.counter import Counter


@pytest.fixture
def guarded(till: Counter) -> Counter:
    till.store.people.add("c1", "王芳", Role.CASHIER, "1111")
    till.store.people.add("m1", "店长", Role.MANAGER, "8888")
    return till


def refused(till: Counter, pin: str | None, who: str = "c1") -> Reason:
    with pytest.raises(NotAllowed) as caught:
        till.store.people.sign_in(who, pin)
    return caught.value.reason


def miss(till: Counter, times: int = TRIES) -> None:
    for _ in range(times):
        assert refused(till, "0000").code is Code.PIN_WRONG


@pytest.mark.parametrize("pin", [None, "", "111", "11111", "1111 ", "１１１１", "\x00", "1" * 10_000])
def test_what_is_not_the_pin_is_wrong(guarded: Counter, pin: str | None) -> None:
    assert refused(guarded, pin).code is Code.PIN_WRONG
    assert guarded.store.people.sign_in("c1", "1111").name == "王芳"


def test_after_five_in_a_row_even_the_right_one_waits(guarded: Counter) -> None:
    miss(guarded)
    reason = refused(guarded, "1111")
    assert (reason.code, reason.facts["seconds"]) == (Code.PIN_WAIT, 30)
    guarded.clock.advance_ms(29_001)
    assert refused(guarded, "1111").facts["seconds"] == 1
    guarded.clock.advance_ms(999)
    assert guarded.store.people.sign_in("c1", "1111").id == "c1"


def test_the_wait_doubles_up_to_ten_minutes(guarded: Counter) -> None:
    miss(guarded)
    waits = []
    for _ in range(7):
        waits.append(refused(guarded, "0000").facts["seconds"])
        guarded.clock.advance_ms(int(waits[-1]) * 1000)
        miss(guarded, 1)
    assert waits == [30, 60, 120, 240, 480, 600, 600]


def test_tries_while_waiting_make_it_no_longer(guarded: Counter) -> None:
    miss(guarded)
    for _ in range(20):
        assert refused(guarded, "0000").facts["seconds"] == 30
    guarded.clock.advance_ms(30_000)
    assert guarded.store.people.sign_in("c1", "1111").id == "c1"


def test_the_right_one_begins_the_count_anew(guarded: Counter) -> None:
    for _ in range(3):
        miss(guarded, TRIES - 1)
        assert guarded.store.people.sign_in("c1", "1111").id == "c1"


def test_one_persons_wait_is_nobody_elses(guarded: Counter) -> None:
    miss(guarded)
    assert guarded.store.people.authorise("m1", "8888", Deed.OPEN_OUTAGE).id == "m1"
    # Somebody who has no PIN, or does not exist, has nothing to wait for.
    for _ in range(TRIES + 1):
        assert guarded.store.people.sign_in("c2", "0000").id == "c2"
        assert refused(guarded, "0000", "nobody").code is Code.STAFF_UNKNOWN


def test_a_new_pin_ends_the_wait(guarded: Counter) -> None:
    miss(guarded)
    guarded.store.people.add("c1", "王芳", Role.CASHIER, "2222")
    assert guarded.store.people.sign_in("c1", "2222").id == "c1"


def test_the_wall_clock_has_no_say(guarded: Counter) -> None:
    miss(guarded)
    guarded.clock.wall += 86_400_000
    assert refused(guarded, "1111").code is Code.PIN_WAIT


def stamped(till: Counter) -> str:
    sql = "SELECT payload FROM journal WHERE kind = 'staff.kept' ORDER BY seq DESC LIMIT 1"
    return str(json.loads(till.store.ledger.read(lambda tx: tx.run(sql).fetchone()[0]))["who"])


@pytest.mark.parametrize("who", ["c1", "t1"])
def test_who_may_not_keep_staff_changes_nobody(guarded: Counter, who: str) -> None:
    guarded.store.people.add("t1", "技术员", Role.TECHNICIAN, None)
    with pytest.raises(NotAllowed) as caught:
        guarded.store.people.add(who, "王芳", Role.MANAGER, None, by=guarded.who(who))
    assert caught.value.reason.code is Code.NOT_PERMITTED
    assert guarded.who(who).role is not Role.MANAGER


def test_the_journal_names_who_decided_it(guarded: Counter) -> None:
    guarded.store.people.add("c9", "新人", Role.CASHIER, None, by=guarded.who("m1"))
    assert stamped(guarded) == "m1"
    # At set-up nobody is there yet to decide.
    guarded.store.people.add("c8", "新人", Role.CASHIER, None)
    assert stamped(guarded) == "c8"
