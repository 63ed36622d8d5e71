"""Douyin behind the port: short link, prepare, verify, cancel, the book of verifies."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import unquote, urlsplit

from sync.clock import Clock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.reasons import Code, Reason, because
from sync.errors import NeverSent, OutcomeUnknown, PlatformError, Refused
from sync.platforms.douyin.preparation import Preparation, held_of, preparation_of, selection
from sync.platforms.douyin.signing import CERTIFICATE, Access
from sync.platforms.douyin.verifying import Attempt, Verifying
from sync.platforms.douyin.wire import (
    Certificate,
    Data,
    Envelope,
    PreparedData,
    QueryData,
    Record,
    RecordsData,
    coupon_of,
)
from sync.platforms.http import Door, Question, unanswered
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

LINK_HOST: Final = "v.douyin.com"
PAGE_SIZE: Final = 20
_CANCELLED: Final = 2


class Douyin:
    """One shop (poi_id) of one account."""

    def __init__(self, binding: Binding, door: Door, clock: Clock) -> None:
        settings = binding.settings
        self._door = door
        self._clock = clock
        self._account_id = settings["account_id"]
        self._poi_id = settings["poi_id"]
        secret = binding.secrets["client_secret"]
        self._access = Access(door, clock, settings["client_key"], secret, self._account_id)
        self._verifying = Verifying(self._access, clock, self._account_id, self._poi_id)

    @property
    def name(self) -> str:
        """ "douyin"."""
        return "douyin"

    @property
    def reversal_window_ms(self) -> int | None:
        """An hour after the verify (platform-contracts.md 1.5); of times cards it has been less."""
        return 3_600_000

    def look_up(self, credential: Credential, deadline_ms: int) -> LookedUp:
        """The usable coupons of the order and the permission to verify them; where none is usable, the order's
        coupons with what stands against each."""
        data = self._prepare(credential, deadline_ms)
        items = data.items
        if not items:
            return self._spent(data.order_id or "", deadline_ms)
        preparation = self._preparation(data, credential)
        coupons = tuple(coupon_of(item, held.selected) for item, held in zip(items, preparation.held, strict=True))
        return LookedUp(preparation.order_id, coupons, preparation.to_prepared())

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Verify; without a preparation, prepare first and keep that. NeverSent as long as no verify was sent."""
        preparation = preparation_of(call.prepared)
        if preparation is None:
            try:
                preparation = self._prepared_anew(call, deadline_ms)
            except Refused as no:
                if no.reason.about_us:
                    raise
                return tuple(Denied(use.redemption_id, no.reason) for use in call.uses)
            checkpoint(preparation.to_prepared())
            return self._verifying.carry_out(
                Attempt(call, preparation, checkpoint, deadline_ms, settling=False, prepare_again=None)
            )
        return self._verifying.carry_out(self._attempt(call, preparation, checkpoint, deadline_ms, settling=False))

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Read the certificates, then repeat under the same verify token; prepare afresh only what is unused."""
        preparation = preparation_of(call.prepared)
        if preparation is None:
            return self.redeem(call, checkpoint, deadline_ms)
        attempt = self._attempt(call, preparation, checkpoint, deadline_ms, settling=True)
        if self._verifying.nothing_left(attempt):
            return tuple(attempt.results[use.redemption_id] for use in call.uses)
        return self._verifying.carry_out(attempt)

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """Cancel use by use. What is found cancelled already counts as reversed."""
        results: list[ReverseResult] = []
        for redemption_id, refs in call.refs.items():
            body = {"verify_id": refs["record"], "certificate_id": refs["coupon"], "account_id": self._account_id}
            try:
                self._access.write(Envelope[Data], "cancel", f"{CERTIFICATE}/cancel/", body, deadline_ms)
            except (NeverSent, Refused) as error:
                reason = error.reason
                settled = isinstance(error, Refused) and not reason.about_us
                if not settled and not results:
                    raise
            else:
                results.append(Reversed(redemption_id, self._clock.wall_ms()))
                continue
            if not settled:
                raise OutcomeUnknown(reason)
            why = self._why_not_cancelled(refs["record"], refs["coupon"], refs["order_id"], reason, deadline_ms)
            results.append(
                Denied(redemption_id, why) if why is not None else Reversed(redemption_id, self._clock.wall_ms())
            )
        return tuple(results)

    @property
    def book_delay_ms(self) -> int:
        """An hour: what is settled is listed late (platform-contracts.md 1.6), and so may be what is verified."""
        return 3_600_000

    def history(
        self,
        from_ms: int,
        to_ms: int,
        cursor: str | None,
        deadline_ms: int,
        known: Sequence[KnownUse] = (),  # noqa: ARG002
    ) -> HistoryPage:
        """The shop's verifies in pages of 20; times are whole seconds."""
        query = {
            "account_id": self._account_id,
            "poi_ids": self._poi_id,
            "cursor": cursor or "0",
            "size": str(PAGE_SIZE),
            "start_time": str(from_ms // 1000),
            "end_time": str((to_ms - 1) // 1000),
        }
        path = f"{CERTIFICATE}/verify_record/query/"
        items = self._access.read(Envelope[RecordsData], "history", path, query, deadline_ms).items
        following = items[-1].cursor if len(items) >= PAGE_SIZE else None
        if following is not None and following == cursor:
            raise unanswered("history", "cursor_stands_still")
        records = (_history_record(item) for item in items)
        return HistoryPage(tuple(record for record in records if from_ms <= record.at_ms < to_ms), following)

    def probe(self, deadline_ms: int) -> None:
        """Ask for the shop itself."""
        query = {"poi_id": self._poi_id, "page": "1", "size": "1"}
        self._access.read(Envelope[Data], "shop", "/goodlife/v1/shop/poi/query/", query, deadline_ms)

    def _attempt(
        self, call: RedeemCall, preparation: Preparation, checkpoint: Checkpoint, deadline_ms: int, *, settling: bool
    ) -> Attempt:
        def again() -> Preparation:
            return self._prepared_anew(call, deadline_ms)

        return Attempt(call, preparation, checkpoint, deadline_ms, settling, again)

    def _prepared_anew(self, call: RedeemCall, deadline_ms: int) -> Preparation:
        # A prepare binds nothing: when it isn't answered, the redemption was certainly not sent.
        try:
            data = self._prepare(call.credential, deadline_ms)
        except OutcomeUnknown as error:
            reason = error.reason
        else:
            if not data.items:
                raise Refused(because(Code.NOTHING_USABLE))
            return self._preparation(data, call.credential)
        raise NeverSent(reason)

    def _preparation(self, data: PreparedData, credential: Credential) -> Preparation:
        if not data.verify_token or not data.order_id or not all(item.encrypted_code for item in data.items):
            raise unanswered("prepare", "wrong_shape")
        typed = credential.text if credential.kind is CredentialKind.CODE else None
        chosen = selection(data.items, typed)
        held = tuple(held_of(item, selected) for item, selected in zip(data.items, chosen, strict=True))
        return Preparation(data.verify_token, data.order_id, self._clock.wall_ms(), held)

    def _prepare(self, credential: Credential, deadline_ms: int) -> PreparedData:
        query = {"poi_id": self._poi_id, "account_id": self._account_id}
        match credential.kind:
            case CredentialKind.SHORT_LINK:
                query["encrypted_data"] = self._object_id(credential.text, deadline_ms)
            case CredentialKind.CODE:
                query["code"] = credential.text
            case CredentialKind.PHONE:
                raise Refused(because(Code.PHONE_NUMBER))
            case _:
                raise Refused(because(Code.NOT_A_COUPON))
        return self._access.read(Envelope[PreparedData], "prepare", f"{CERTIFICATE}/prepare/", query, deadline_ms)

    def _object_id(self, link: str, deadline_ms: int) -> str:
        """Where the short link leads; only the object id in it is used, and the page itself is never fetched."""
        parts = _parts(link)
        if parts is None or parts[0] != LINK_HOST:
            raise Refused(because(Code.FOREIGN_LINK, host=parts[0][:80] if parts else ""))
        question = Question(
            "GET", f"https://{LINK_HOST}{parts[1]}", "short_link", {"Accept": "*/*"}, repeatable=True, redirect=True
        )
        answer = self._door.ask(question, deadline_ms)
        if answer.status == 404:
            raise Refused(because(Code.NOT_FOUND))
        if answer.location is None or not 300 <= answer.status < 400:
            raise unanswered("short_link", "no_redirect")
        target = _parts(answer.location)
        if target is None or not _is_platform_host(target[0]):
            raise Refused(because(Code.FOREIGN_LINK, host=target[0][:80] if target else ""))
        # A raw "+" belongs to the id, so the query isn't read as a form.
        fields = (pair.partition("=") for pair in target[2].split("&"))
        object_id = next((unquote(value) for name, _, value in fields if name == "object_id"), "")
        if not object_id:
            raise Refused(because(Code.NOT_A_COUPON))
        return object_id

    def _spent(self, order_id: str, deadline_ms: int) -> LookedUp:
        """What stands against the coupons of an order of which none can be used."""
        coupons = [coupon_of(item, True) for item in self._order(order_id, deadline_ms)] if order_id else []
        now_ms = self._clock.wall_ms()
        expired = because(Code.EXPIRED)
        told = [
            replace(coupon, state=expired)
            if coupon.state is None and coupon.valid_until_ms is not None and coupon.valid_until_ms <= now_ms
            else coupon
            for coupon in coupons
        ]
        against = tuple(coupon for coupon in told if coupon.state is not None)
        if not against:
            raise Refused(because(Code.NOTHING_USABLE))
        return LookedUp(order_id, against)

    def _order(self, order_id: str, deadline_ms: int) -> list[Certificate]:
        query = {"order_id": order_id, "account_id": self._account_id}
        try:
            return self._access.read(Envelope[QueryData], "query", f"{CERTIFICATE}/query/", query, deadline_ms).items
        except PlatformError:
            return []

    def _why_not_cancelled(
        self, verify_id: str, certificate_id: str, order_id: str, no: Reason, deadline_ms: int
    ) -> Reason | None:
        """Why a cancel was refused; None when it was done before."""
        if no.code is Code.ALREADY_REVERSED:
            return None
        query = {"order_id": order_id, "account_id": self._account_id}
        items = self._access.read(Envelope[QueryData], "query", f"{CERTIFICATE}/query/", query, deadline_ms).items
        item = next((each for each in items if each.certificate_id == certificate_id), None)
        if item is None:
            return no
        standing = next((each for each in item.verifications if each.verify_id == verify_id), None)
        if standing is None and (item.status == 1 or item.verifications):
            return None
        if standing is not None and standing.can_cancel is False and no.code is Code.PLATFORM_REFUSED:
            return because(Code.WINDOW_PASSED, **no.facts)
        return no


def _parts(url: str) -> tuple[str, str, str] | None:
    """Host, path with query, and query of a web address without user or port; None for anything else."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or "@" in parts.netloc or parts.port not in {None, 80, 443}:
            return None
    except ValueError:
        return None
    return parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), parts.query


def _is_platform_host(host: str) -> bool:
    return host in {"www.iesdouyin.com", "douyin.com"} or host.endswith(".douyin.com")


def _history_record(item: Record) -> HistoryRecord:
    cancelled = item.status == _CANCELLED
    return HistoryRecord(
        record=item.verify_id,
        coupon=item.certificate_id,
        request_id=None,
        code_tail=(item.code or "")[-4:],
        amount_fen=item.amount_fen,
        at_ms=item.verify_time * 1000,
        reversed_at_ms=(item.cancel_time or item.verify_time) * 1000 if cancelled else None,
        code=item.code or None,
    )
