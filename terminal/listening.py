"""Listening for what platforms send by themselves: the ear, wired to the store and to the loop that looks into it."""

from collections.abc import Callable

from sync.domain.notice import Pushed, Reply
from sync.engine.listener import Listener
from sync.engine.loop import Loop
from sync.services.store import Store
from terminal.bindings import ListenerSection


def listening(store: Store, section: ListenerSection, loop: Loop, problem: Callable[[Exception], None]) -> Listener:
    """A listener that has begun, on the address of the settings. Raises OSError when that can't be had."""

    def answer(platform: str, pushed: Pushed) -> Reply:
        reply = store.noticing.receive(platform, pushed)
        if reply.notice is not None:
            loop.nudge()
        return reply

    listener = Listener(section.host, section.port, answer, problem)
    listener.start()
    return listener
