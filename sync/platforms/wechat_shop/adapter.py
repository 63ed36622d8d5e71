"""WeChat Shop behind the port: a voucher by its code or its QR, consume, revoke, and what became of known uses."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sync.clock import Clock
from sync.domain.codes import Credential
from sync.domain.reasons import Reason
from sync.errors import NeverSent, OutcomeUnknown, Refused
from sync.platforms.http import Door
from sync.platforms.plan import Attempt, Plan, carry_out
from sync.platforms.port import (
    Binding,
    Checkpoint,
    Denied,
    HistoryPage,
    HistoryRecord,
    KnownUse,
    LookedUp,
    RedeemCall,
    ReverseCall,
    Reversed,
    ReverseResult,
    UseResult,
)
from sync.platforms.wechat_shop.book import record_of
from sync.platforms.wechat_shop.consuming import Consuming
from sync.platforms.wechat_shop.faults import reason_of, state_of, voucher_reason
from sync.platforms.wechat_shop.preparation import Preparation, held_of, preparation_of
from sync.platforms.wechat_shop.reading import Reading
from sync.platforms.wechat_shop.signing import Access
from sync.platforms.wechat_shop.wire import Done, Voucher, coupon_of

PAGE_SIZE: Final = 20


class WechatShop:
    """One store (out_store_id) of one shop."""

    def __init__(self, binding: Binding, door: Door, clock: Clock) -> None:
        settings = binding.settings
        self._clock = clock
        self._access = Access(door, clock, settings["app_id"], binding.secrets["app_secret"])
        self._reading = Reading(self._access, settings.get("sku_ids", ""))
        self._store = {"consume_store_name": settings["store_name"], "out_store_id": settings["out_store_id"]}

    @property
    def name(self) -> str:
        """ "wechat_shop"."""
        return "wechat_shop"

    @property
    def reversal_window_ms(self) -> int | None:
        """Until it is settled, which no clock tells."""
        return None

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        """The one voucher that the text stands for, whatever its state."""
        voucher = self._reading.shown(credential, "prepare", deadline_ms)
        return LookedUp(voucher.order_id or None, (coupon_of(voucher),), Preparation((held_of(voucher),)).to_prepared())

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Consume. What is not described yet is looked up first; NeverSent as long as no consume was sent."""
        found, refused = self._prepared(call, deadline_ms)
        if all(use.ref in refused for use in call.uses):
            return tuple(Denied(use.redemption_id, refused[use.ref]) for use in call.uses)
        if found.plan is None:
            found = found.planned(call, refused)
            checkpoint(found.to_prepared())
        return self._carried_out(call, found, checkpoint, deadline_ms, settling=False)

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Read the vouchers, then repeat under the same number what is not done."""
        kept = preparation_of(call.prepared)
        if kept is None or kept.plan is None:
            return self.redeem(call, checkpoint, deadline_ms)
        return self._carried_out(call, kept, checkpoint, deadline_ms, settling=True)

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """Revoke use by use, so that one that is settled keeps no other from being taken back."""
        results: list[ReverseResult] = []
        for redemption_id, refs in call.refs.items():
            number = f"{call.request_id}_{redemption_id}"
            code, sku_id = call.codes[redemption_id], refs["sku_id"]
            body = {
                "revoke_request_no": number,
                "reovke_vouchers": [{"code": code, "sku_id": sku_id}],
                "consume_request_no": refs["consume_request_no"],
            }
            try:
                answer = self._access.write(Done, "cancel", "voucher/revoke", body, deadline_ms)
                why = _why_not(answer)
                if why is not None and self._is_taken_back(
                    code, refs["consume_request_no"], sku_id, number, deadline_ms
                ):
                    why = None
            except (NeverSent, Refused) as error:
                if not results:
                    raise
                reason = error.reason
            else:
                done = Reversed(redemption_id, self._clock.wall_ms())
                results.append(done if why is None else Denied(redemption_id, why))
                continue
            raise OutcomeUnknown(reason)
        return tuple(results)

    @property
    def book_delay_ms(self) -> int:
        """A voucher shows its use at once."""
        return 0

    def history(
        self,
        from_ms: int,  # noqa: ARG002
        to_ms: int,  # noqa: ARG002
        cursor: str | None,
        deadline_ms: int,
        known: Sequence[KnownUse] = (),
    ) -> HistoryPage:
        """What became of our own uses: the platform lists none, so it is asked voucher by voucher, 20 uses a page."""
        start = int(cursor or "0")
        page = known[start : start + PAGE_SIZE]
        vouchers: dict[str, Voucher] = {}
        gone: set[str] = set()
        for use in page:
            if not use.code or use.code in vouchers or use.code in gone:
                continue
            try:
                vouchers[use.code] = self._reading.one(use.code, use.refs.get("sku_id", ""), "history", deadline_ms)
            except Refused as no:
                if no.reason.about_us:
                    raise
                gone.add(use.code)
        records: list[HistoryRecord] = []
        for use in page:
            if use.code in vouchers:
                beside = [other for other in known if other.code == use.code]
                records.append(record_of(vouchers[use.code], use, beside))
        following = start + PAGE_SIZE
        return HistoryPage(tuple(records), str(following) if following < len(known) else None, whole=False)

    def probe(self, deadline_ms: int) -> None:
        """Ask for a voucher that there is none of."""
        self._reading.nothing(deadline_ms)

    def _carried_out(
        self, call: RedeemCall, found: Preparation, checkpoint: Checkpoint, deadline_ms: int, *, settling: bool
    ) -> tuple[UseResult, ...]:
        assert found.plan is not None

        def keep(plan: Plan) -> None:
            checkpoint(replace(found, plan=plan).to_prepared())

        consuming = Consuming(self._access, self._reading, self._clock, self._store, found)
        return carry_out(consuming, Attempt(call, found.plan, keep, deadline_ms, settling))

    def _prepared(self, call: RedeemCall, deadline_ms: int) -> tuple[Preparation, dict[str | None, Reason]]:
        """The vouchers of a call, looked up where they are not known yet; by ref, those that can't be used, and why."""
        kept = preparation_of(call.prepared) or Preparation(())
        held, refused = list(kept.held), dict[str | None, Reason]()
        wanted = dict.fromkeys((use.ref, use.handle) for use in call.uses)
        try:
            for ref, handle in wanted:
                if kept.of(ref) is not None if ref else kept.held:
                    continue
                voucher = self._looked_up(ref, handle, call.credential, deadline_ms)
                if isinstance(voucher, Reason):
                    refused[ref] = voucher
                else:
                    held.append(held_of(voucher))
        except OutcomeUnknown as error:
            reason = error.reason
        else:
            return Preparation(tuple(held), kept.plan), refused
        # A look binds nothing: when it isn't answered, the redemption was certainly not sent.
        raise NeverSent(reason)

    def _looked_up(
        self, ref: str | None, handle: str | None, credential: Credential, deadline_ms: int
    ) -> Voucher | Reason:
        """A voucher that is not known yet; a Reason where it can't be used."""
        try:
            if ref is None:
                voucher = self._reading.shown(credential, "prepare", deadline_ms)
            else:
                voucher = self._reading.one(ref, (handle or "").partition("@")[2], "prepare", deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            return no.reason
        return state_of(voucher.status) or voucher

    def _is_taken_back(self, code: str, consume_no: str, sku_id: str, number: str, deadline_ms: int) -> bool:
        """Whether a use whose revoke was refused does not stand any more. Asked after it was sent."""
        try:
            voucher = self._reading.one(code, sku_id, "read", deadline_ms)
        except Refused as no:
            if no.reason.about_us:
                raise
            return False
        except NeverSent as error:
            reason = error.reason
        else:
            if voucher.is_times_card:
                return voucher.last_withdraw_consume_no == number
            return not voucher.is_used or voucher.last_consume_no not in {None, "", consume_no}
        raise OutcomeUnknown(reason)


def _why_not(answer: Done) -> Reason | None:
    """Why a revoke was refused; None when it was done."""
    failed = answer.fail_voucher_list or []
    if failed:
        return voucher_reason(failed[0].ret_code or "", failed[0].ret_msg or "")
    return reason_of(answer.errcode, answer.errmsg or "") if answer.errcode else None
