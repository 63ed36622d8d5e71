"""One run of one redeem call at Douyin: what goes out together, what came back for what, and what is open still."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from sync.domain.reasons import Code, because
from sync.errors import Refused
from sync.platforms.douyin.faults import PreparationDead
from sync.platforms.douyin.preparation import Held, Preparation
from sync.platforms.douyin.wire import Verification, VerifyResult
from sync.platforms.http import unanswered
from sync.platforms.port import Checkpoint, Denied, RedeemCall, Redeemed, Use, UseResult

# A repeat under the same token that was done before (platform-contracts.md 1.4).
DONE_BEFORE: Final = frozenset({1208, 2})

Pair = tuple[Use, Held]
No = tuple[Use, Held, Refused]
Of = TypeVar("Of", Pair, No)
PrepareAgain = Callable[[Held, int], Preparation]
"""A fresh preparation of the order that this coupon belongs to, by a deadline (monotonic ms)."""


@dataclass(slots=True)
class Attempt:
    """One run of one call. `settling`: an earlier run may have been done, so a use found at this shop through the open
    API, standing since our preparation, is ours. `prepare_again` is None once it was used."""

    call: RedeemCall
    preparation: Preparation
    checkpoint: Checkpoint
    deadline_ms: int
    settling: bool
    prepare_again: PrepareAgain | None
    results: dict[str, UseResult] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        wanted = {use.redemption_id for use in self.call.uses}
        for result in self.preparation.told:
            if result.redemption_id in wanted:
                self.results.setdefault(result.redemption_id, result)
        self.taken.update(result.refs["record"] for result in self.results.values() if isinstance(result, Redeemed))

    @property
    def done_any(self) -> bool:
        """Something of this call is redeemed."""
        return any(isinstance(result, Redeemed) for result in self.results.values())

    @property
    def open_uses(self) -> tuple[Use, ...]:
        """What has no result yet."""
        return tuple(use for use in self.call.uses if use.redemption_id not in self.results)

    @property
    def whole(self) -> tuple[UseResult, ...]:
        """The results of all uses, in order."""
        return tuple(self.results[use.redemption_id] for use in self.call.uses)

    def sendable(self) -> tuple[list[Pair], list[No]]:
        """What goes under the present token, and what can't; uses without a coupon are denied."""
        sent: list[Pair] = []
        noes: list[No] = []
        for use, held in self.preparation.assigned(self.open_uses):
            if held is None:
                self.results[use.redemption_id] = Denied(use.redemption_id, because(Code.NOTHING_USABLE))
            elif held.current:
                sent.append((use, held))
            else:
                noes.append((use, held, PreparationDead(because(Code.PLATFORM_REFUSED, words=""))))
        return sent, noes


def matched(sent: list[Pair], lines: list[VerifyResult]) -> list[VerifyResult]:
    """The result of each code that was sent, in order; OutcomeUnknown when the answer is about others."""
    left = list(lines)
    found = []
    for _, held in sent:
        line = next((each for each in left if (each.code or held.sent_code) == held.sent_code), None)
        if line is None or (held.certificate_id and line.certificate_id not in (None, "", held.certificate_id)):
            raise unanswered("verify", "other_question")
        left.remove(line)
        found.append(line)
    return found


def loads(sent: list[Pair]) -> Iterator[list[Pair]]:
    """What goes into one verify: Douyin's own codes all together, a third party's one by one."""
    together = [pair for pair in sent if not pair[1].third]
    if together:
        yield together
    yield from by_coupon([pair for pair in sent if pair[1].third])


def by_coupon(told: Sequence[Of]) -> Iterator[list[Of]]:
    """The same, coupon by coupon."""
    for coupon in dict.fromkeys(each[1].ref for each in told):
        yield [each for each in told if each[1].ref == coupon]


def as_use(line: VerifyResult) -> Verification:
    """A use as the answer to a verify tells it."""
    info = line.verify_amount_info
    serial = info.times_card_serial_amount if info else None
    return Verification(verify_id=line.named, times_card_serial_num=serial.serial_numb if serial else None)
