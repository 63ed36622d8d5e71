"""Random transactions against a model: the tables equal it after every step, and the journal vouches for both."""

import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sync.clock import FalseClock
from sync.domain.redemption import LIVE, Redemption, State, may_become
from sync.ledger import redemptions
from sync.ledger.ledger import FILE_NAME, Ledger, create
from sync.ledger.sealing import Sealer
from sync.ledger.tables import REDEMPTIONS
from sync.ledger.transaction import Transaction
from tests.ledger.rows import STAMP, redemption, stored, walked


class Books(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._clock = FalseClock()
        self._sealer = Sealer(b"k" * 32, self._clock)
        self._path = Path(self._folder.name) / FILE_NAME
        create(self._path)
        self._ledger = Ledger(self._path, self._sealer, self._clock)
        self._model: dict[str, Redemption] = {}
        self._entries = 0

    def teardown(self) -> None:
        self._ledger.close()
        self._folder.cleanup()

    def _taken(self, unit: int) -> bool:
        return any(row.unit == unit and row.state in LIVE for row in self._model.values())

    @rule(unit=st.integers(1, 4), fen=st.integers(0, 10**6), title=st.text(st.characters(exclude_categories=["Cs"])))
    def add(self, unit: int, fen: int, title: str) -> None:
        row = redemption(str(len(self._model)), unit=unit, amount_fen=fen, title=title)

        def job(tx: Transaction) -> None:
            tx.add(REDEMPTIONS, row)
            tx.seal_entry("redemption.claimed", STAMP)

        if self._taken(unit):
            with pytest.raises(sqlite3.IntegrityError):
                self._ledger.write(job)
        else:
            self._ledger.write(job)
            self._model[row.id] = row
            self._entries += 1

    @rule(place=st.integers(0, 9), state=st.sampled_from(State), fen=st.integers(0, 10**6))
    def move(self, place: int, state: State, fen: int) -> None:
        row = self._model.get(str(place))
        if row is None:
            return

        def job(tx: Transaction) -> None:
            redemptions.move(tx, row, state, amount_fen=fen, promised=True)
            tx.seal_entry("redemption.moved", STAMP)

        if may_become(row.state, state):
            self._ledger.write(job)
            self._model[row.id] = replace(row, state=state, amount_fen=fen, promised=True)
            self._entries += 1
        else:
            with pytest.raises(ValueError, match="can't go from"):
                self._ledger.write(job)

    @rule(units=st.lists(st.integers(1, 4), min_size=1, max_size=3))
    def fail(self, units: list[int]) -> None:
        def job(tx: Transaction) -> None:
            for unit in units:
                tx.add(REDEMPTIONS, redemption(f"failed-{unit}", voucher=9, unit=unit))
                tx.seal_entry("redemption.claimed", STAMP)
            raise KeyError("too late")

        expected = KeyError if len(set(units)) == len(units) else sqlite3.IntegrityError
        with pytest.raises(expected):
            self._ledger.write(job)

    @rule(units=st.integers(1, 4))
    def count_free_units(self, units: int) -> None:
        live = self._ledger.read(lambda tx: redemptions.live_of(tx, "douyin", 1))
        free = redemptions.free_units(live, units)
        assert len(free) == units == len(set(free))
        assert not any(self._taken(unit) for unit in free)

    @rule()
    def open_anew(self) -> None:
        self._ledger.close()
        self._ledger = Ledger(self._path, self._sealer, self._clock)

    @invariant()
    def equal(self) -> None:
        assert stored(self._ledger) == self._model
        found = walked(self._path, self._sealer)
        assert found.first_bad is None
        assert found.entries == self._entries


Books.TestCase.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
TestBooks = Books.TestCase
