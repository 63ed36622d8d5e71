"""Asking a platform, with every outcome told to its line; the only place that catches what adapters raise."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sync.clock import Clock
from sync.domain.reasons import Code, because
from sync.errors import HeldBack, KnownError, NeverSent, OutcomeUnknown, Refused
from sync.platforms.port import Platform
from sync.services.lines import Lines

Answer = TypeVar("Answer")


class Asking:
    """The platforms of this store, and how asking them went."""

    def __init__(self, platforms: Mapping[str, Platform], lines: Lines, clock: Clock) -> None:
        self.platforms = dict(platforms)
        self.lines = lines
        self._clock = clock

    def ask(
        self, platform: str, budget_ms: int, question: Callable[[Platform, int], Answer]
    ) -> Answer | NeverSent | OutcomeUnknown | Refused:
        """Put a question that must be answered within `budget_ms`; what went wrong comes back as a value."""
        try:
            answer = question(self.platforms[platform], self._clock.monotonic_ms() + budget_ms)
        except (NeverSent, OutcomeUnknown) as error:
            self.lines.failed(platform)
            return error
        except HeldBack as error:
            return error
        except Refused as error:
            self.lines.answered(platform)
            return error
        except KnownError:
            # Not the platform's: the ledger could not keep what has to be kept before a call is sent.
            raise
        except Exception as error:  # noqa: BLE001 a defect of an adapter must not stop the counter, or the queue
            detail = f"{platform}: {type(error).__name__}"
            return OutcomeUnknown(because(Code.CONTRACT_BROKEN, detail=detail), detail)
        self.lines.answered(platform)
        return answer
