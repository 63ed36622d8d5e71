"""How a list is read by offset while uses are added to it and taken out of it."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

_OVERLAP: Final = 10
Item = TypeVar("Item")


def next_offset(offset: int, count: int, total: int, page_size: int) -> int | None:
    """Where to go on behind a page of `count` rows; None at the end. A full page is not the last one, whatever `total`
    says. The last tenth of a page is read again: where a use is taken back meanwhile, what stood behind it moves up."""
    end = offset + count
    if not count or (end >= total and count < page_size):
        return None
    return end - count // _OVERLAP


def unread(items: Sequence[Item], last: str, number: Callable[[Item], str]) -> Sequence[Item]:
    """The rows behind the one that was read last; all of them where it is not here, since to read one twice is better
    than to miss one."""
    places = [place for place, item in enumerate(items) if number(item) == last]
    return items[places[-1] + 1 :] if places else items
