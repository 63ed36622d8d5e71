"""The lines of a close: every row counted where it belongs, in fen."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sync.domain.redemption import Redemption, State
from sync.domain.shift import PlatformLine, Tally, platform_lines

ROW = Redemption(
    id="i",
    number="T1-000001",
    basket_id="b",
    request_id="q",
    outbox_id="o",
    voucher=1,
    platform="douyin",
    unit=1,
    state=State.CONFIRMED,
    tier="online",
    promised=False,
    amount_fen=100,
    title="meal",
    code_tail="6200",
    code_sealed=b"",
    kind="code",
    staff="anna",
    manager=None,
    shift=1,
    outage=None,
    account=None,
    terminal="T1",
    accepted_at_ms=50,
    clock="platform",
    business_day="2026-08-01",
)


def test_no_rows_no_lines() -> None:
    assert platform_lines([]) == ()


def test_each_state_has_its_place() -> None:
    rows = [
        ROW,
        replace(ROW, state=State.REVERSED, amount_fen=1),
        replace(ROW, state=State.CLAIMED, amount_fen=2, promised=True, accepted_at_ms=40),
        replace(ROW, state=State.SENT, amount_fen=4, accepted_at_ms=30),
        replace(ROW, state=State.UNKNOWN, amount_fen=8, promised=True, accepted_at_ms=60),
        replace(ROW, state=State.REFUSED, amount_fen=16, promised=True),
        replace(ROW, state=State.REFUSED, amount_fen=32),
        replace(ROW, state=State.WITHDRAWN, amount_fen=64, promised=True),
        replace(ROW, state=State.CONFIRMED, amount_fen=128, promised=True),
    ]
    assert platform_lines(rows) == (
        PlatformLine(
            "douyin",
            redeemed=Tally(2, 228),
            reversed=Tally(1, 1),
            on_trust=Tally(4, 2 + 8 + 16 + 128),
            owed=Tally(3, 14),
            oldest_owed_at_ms=30,
            denied=Tally(1, 16),
        ),
    )


def test_platforms_stand_by_name_and_apart() -> None:
    rows = [replace(ROW, platform="miniprogram", amount_fen=7), ROW]
    assert [(line.platform, line.redeemed) for line in platform_lines(rows)] == [
        ("douyin", Tally(1, 100)),
        ("miniprogram", Tally(1, 7)),
    ]


_ROWS = st.lists(
    st.builds(
        lambda platform, state, promised, fen, at: replace(
            ROW, platform=platform, state=state, promised=promised, amount_fen=fen, accepted_at_ms=at
        ),
        st.sampled_from(["douyin", "miniprogram"]),
        st.sampled_from(State),
        st.booleans(),
        st.integers(0, 10**9),
        st.integers(0, 99),
    ),
    max_size=12,
)


@given(_ROWS)
def test_the_sums_agree_and_the_order_does_not_matter(rows: list[Redemption]) -> None:
    lines = platform_lines(rows)
    shuffled = sorted(rows, key=lambda row: (row.amount_fen, row.accepted_at_ms))
    assert platform_lines(shuffled) == lines
    for line in lines:
        mine = [row for row in rows if row.platform == line.platform]
        counted = [row for row in mine if row.state is not State.WITHDRAWN]
        unpromised = [row for row in counted if row.state is State.REFUSED and not row.promised]
        parts = (line.redeemed, line.reversed, line.owed, line.denied)
        assert sum(part.count for part in parts) == len(counted) - len(unpromised)
        assert sum(part.amount_fen for part in parts) == sum(row.amount_fen for row in counted) - sum(
            row.amount_fen for row in unpromised
        )
        assert line.on_trust.count == sum(row.promised for row in counted)
        assert (line.oldest_owed_at_ms is None) is (line.owed.count == 0)
