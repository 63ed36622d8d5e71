"""Douyin behind the port: short link, prepare, verify, cancel, the book of verifies."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import unquote, urlsplit

from sync.clock import Clock
from sync.domain.codes import Credential, CredentialKind
from sync.domain.notice import Pushed, Reply
from sync.domain.reasons import Code, because
from sync.errors import NeverSent, OutcomeUnknown, PlatformError, Refused
from sync.platforms.douyin.attempt import Attempt
from sync.platforms.douyin.batches import MOST_ORDERS, Batches, Ways
from sync.platforms.douyin.cancelling import Cancelling
from sync.platforms.douyin.notices import Notices
from sync.platforms.douyin.preparation import Held, Preparation, held_of, preparation_of, selection, with_code
from sync.platforms.douyin.reading import Reading
from sync.platforms.douyin.records import Records
from sync.platforms.douyin.signing import CERTIFICATE, Access
from sync.platforms.douyin.statements import Statements
from sync.platforms.douyin.verifying import TOKEN_SURE_MS, Verifying
from sync.platforms.douyin.wire import Certificate, Data, Envelope, PreparedData, coupon_of
from sync.platforms.http import Door, Question, unanswered
from sync.platforms.port import (
    Binding,
    Checkpoint,
    Denied,
    HistoryPage,
    KnownUse,
    LookedUp,
    Outcome,
    Prepared,
    RedeemCall,
    ReverseCall,
    ReverseResult,
    StatementPage,
    UseResult,
)

# platform-contracts.md 1.2
PREPARES_PER_SECOND: Final = 200
LINK_HOST: Final = "v.douyin.com"


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
        self._notices = Notices(secret, self._account_id)
        self._records = Records(self._access, self._account_id, self._poi_id)
        self._statements = Statements(self._access, clock, self._account_id, self._poi_id)
        self._reading = Reading(self._access, clock, self._account_id, self._poi_id, self._records)
        self._verifying = Verifying(self._access, clock, self._account_id, self._poi_id, self._reading)
        self._batches = Batches(self._access, clock, self._poi_id, self._verifying)
        tokens = settings.get("settlement") == "account"
        self._cancelling = Cancelling(self._access, clock, self._account_id, self._reading, tokens=tokens)

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
        if not data.items:
            return self._spent(data.order_id or "", deadline_ms)
        items = with_code(data.items, _typed(credential))
        preparation = self._preparation(data, items, credential)
        coupons = tuple(coupon_of(item, held.selected) for item, held in zip(items, preparation.held, strict=True))
        return LookedUp(preparation.order_id, coupons, preparation.to_prepared())

    def redeem(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Verify; without a preparation, prepare first and keep that. NeverSent as long as no verify was sent."""
        preparation = preparation_of(call.prepared)
        if preparation is None:
            try:
                preparation = self._prepared_anew(call.credential, deadline_ms)
            except Refused as no:
                if no.reason.about_us:
                    raise
                return tuple(Denied(use.redemption_id, no.reason) for use in call.uses)
            checkpoint(preparation.to_prepared())
            return self._verifying.carry_out(
                Attempt(call, preparation, checkpoint, deadline_ms, settling=False, prepare_again=None)
            )
        return self._verifying.carry_out(self._attempt(call, preparation, checkpoint, deadline_ms, settling=False))

    @property
    def most_orders(self) -> int:
        """How many orders go into one verify."""
        return MOST_ORDERS

    def redeem_many(
        self,
        calls: Sequence[RedeemCall],
        checkpoint: Callable[[str, Prepared], None],
        budget_ms: int,
        stop: Callable[[], bool] = lambda: False,
    ) -> tuple[Outcome, ...]:
        """Prepare what has no fresh preparation, then verify all orders at once (batches.py)."""

        def begin(call: RedeemCall, deadline_ms: int) -> tuple[Attempt, bool]:
            return self._begun(call, partial(checkpoint, call.request_id), deadline_ms)

        def alone(call: RedeemCall, deadline_ms: int) -> tuple[UseResult, ...]:
            return self.redeem(call, partial(checkpoint, call.request_id), deadline_ms)

        return self._batches.carry_out(calls, Ways(begin, alone, stop, budget_ms))

    def settle(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[UseResult, ...]:
        """Read the certificates, then repeat under the same verify token; prepare afresh only what is unused."""
        preparation = preparation_of(call.prepared)
        if preparation is None:
            return self.redeem(call, checkpoint, deadline_ms)
        attempt = self._attempt(call, preparation, checkpoint, deadline_ms, settling=True)
        if self._verifying.settled_by_reading(attempt):
            return attempt.whole
        return self._verifying.carry_out(attempt)

    def reverse(self, call: ReverseCall, deadline_ms: int) -> tuple[ReverseResult, ...]:
        """Cancel; `can_cancel` of the certificate decides what a refusal means (cancelling.py)."""
        return self._cancelling.reverse(call, deadline_ms)

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
        return self._records.history(from_ms, to_ms, cursor, deadline_ms)

    def statement(self, day: str, cursor: str | None, deadline_ms: int) -> StatementPage:
        """The ledger of the shop's verifies of a day of China, in pages of 50."""
        return self._statements.page(day, cursor, deadline_ms)

    def receive(self, pushed: Pushed, now_ms: Callable[[], int]) -> Reply:
        """A webhook or an SPI call (notices.py)."""
        return self._notices.receive(pushed, now_ms)

    def stands(self, use: KnownUse, deadline_ms: int) -> bool | None:
        """Ask the order."""
        return self._cancelling.standing(use.refs, deadline_ms)

    def probe(self, deadline_ms: int) -> None:
        """Ask for the shop itself."""
        query = {"poi_id": self._poi_id, "page": "1", "size": "1"}
        self._access.read(Envelope[Data], "shop", "/goodlife/v1/shop/poi/query/", query, deadline_ms)

    def _attempt(
        self, call: RedeemCall, preparation: Preparation, checkpoint: Checkpoint, deadline_ms: int, *, settling: bool
    ) -> Attempt:
        def again(held: Held, deadline_ms: int) -> Preparation:
            # A picture is dead once one of its coupons is used, while a third party's codes go one by one.
            known = Credential(CredentialKind.CODE, held.code) if held.third else call.credential
            return self._prepared_anew(known, deadline_ms)

        return Attempt(call, preparation, checkpoint, deadline_ms, settling, again)

    def _begun(self, call: RedeemCall, checkpoint: Checkpoint, deadline_ms: int) -> tuple[Attempt, bool]:
        """A call with a preparation that is fresh, and whether it was made now: a token that ended would fail the
        others of a batch with it."""
        preparation, made = preparation_of(call.prepared), False
        if preparation is None or self._clock.wall_ms() - preparation.obtained_at_ms > TOKEN_SURE_MS:
            earlier, made = preparation, True
            preparation = self._prepared_anew(call.credential, deadline_ms)
            if earlier is not None:
                preparation = preparation.keeping(earlier, earlier.told)
        return self._attempt(call, preparation, checkpoint, deadline_ms, settling=False), made

    def _prepared_anew(self, credential: Credential, deadline_ms: int) -> Preparation:
        # A prepare binds nothing: when it isn't answered, the redemption was certainly not sent.
        try:
            data = self._prepare(credential, deadline_ms)
        except OutcomeUnknown as error:
            reason = error.reason
        else:
            if not data.items:
                raise Refused(because(Code.NOTHING_USABLE))
            return self._preparation(data, with_code(data.items, _typed(credential)), credential)
        raise NeverSent(reason)

    def _preparation(self, data: PreparedData, items: list[Certificate], credential: Credential) -> Preparation:
        if not data.verify_token or not data.order_id or not all(i.encrypted_code or i.code for i in items):
            raise unanswered("prepare", "wrong_shape")
        chosen = selection(items, _typed(credential))
        held = tuple(held_of(item, selected) for item, selected in zip(items, chosen, strict=True))
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
        path = f"{CERTIFICATE}/prepare/"
        return self._access.read(Envelope[PreparedData], "prepare", path, query, deadline_ms, PREPARES_PER_SECOND)

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
        try:
            items = self._reading.order(order_id, deadline_ms) if order_id else []
        except PlatformError:
            items = []
        coupons = [coupon_of(item, True) for item in items]
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


def _typed(credential: Credential) -> str | None:
    return credential.text if credential.kind is CredentialKind.CODE else None


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
