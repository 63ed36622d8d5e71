"""What a voucher says of a use of ours, for a book that can't be listed."""

from collections.abc import Sequence

from sync.platforms.plan import request_of
from sync.platforms.port import HistoryRecord, KnownUse
from sync.platforms.wechat_shop.wire import Voucher


def record_of(voucher: Voucher, use: KnownUse, beside: Sequence[KnownUse]) -> HistoryRecord:
    """A known use as its voucher tells it. `beside`: all our uses of that voucher, in order, this one among them. Of a
    times card only the last use is named and timed; how many stand is known: those are taken to that we did not take
    back, and of these the earliest."""
    number = use.refs.get("consume_request_no", "")
    update_ms = (voucher.update_time or 0) * 1000
    ended_ms = (voucher.refund_time or 0) * 1000 or update_ms
    return HistoryRecord(
        record=use.refs.get("record", ""),
        coupon="",
        request_id=request_of(number) or None,
        code_tail=voucher.code[-4:],
        amount_fen=None if voucher.is_times_card else voucher.voucher_buy_amount,
        at_ms=(use.at_ms if voucher.is_times_card else 0) or (voucher.consume_time or 0) * 1000 or update_ms,
        reversed_at_ms=None if _stands(voucher, use, beside) else ended_ms,
        code=voucher.code,
    )


def _stands(voucher: Voucher, use: KnownUse, beside: Sequence[KnownUse]) -> bool:
    if voucher.is_times_card:
        return sorted(beside, key=lambda each: each.reversed).index(use) < voucher.units_used
    # Under another number it was used again after ours was taken back.
    return voucher.is_used and (voucher.last_consume_no or use.refs.get("consume_request_no")) == use.refs.get(
        "consume_request_no"
    )
