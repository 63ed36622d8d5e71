"""Whether the binding to one platform works: what a technician tries after set-up, without redeeming anything."""

from collections.abc import Callable, Iterator

from sync.domain.codes import DIANPING, DOUYIN, MEITUAN, MINIPROGRAM, WECHAT_SHOP, Credential, CredentialKind
from sync.domain.reasons import Code
from sync.errors import PlatformError, Refused
from sync.platforms.port import Platform
from sync.services.store import Store
from terminal.diagnostics.doctor import Finding
from terminal.i18n import Words
from terminal.wording import word

# Well-formed for its platform, and nobody's: whoever may look coupons up is told that there is none.
_NOBODYS = {
    DOUYIN: "100000000000000",
    MEITUAN: "100000000000",
    DIANPING: "0000000000",
    MINIPROGRAM: "8800000000000005",
    WECHAT_SHOP: "100000000000",
}
_BOOK_SPAN_MS = 3_600_000
Question = Callable[[Platform, int], object]


def examine_binding(store: Store, name: str, language: str, zone: str) -> list[Finding]:
    """Ask the platform for the cheapest thing, for a coupon that nobody has, and for the last hour of its book: in this
    order, since each needs one capability more. What lies behind the first that fails is not asked."""
    findings: list[Finding] = []
    for finding in _questions(store, name, Words("doctor", language), language, zone):
        findings.append(finding)
        if not finding.ok:
            break
    return findings


def _questions(store: Store, name: str, say: Words, language: str, zone: str) -> Iterator[Finding]:
    now_ms = store.ledger.read(store.keeper.now).ms
    nobodys = Credential(CredentialKind.CODE, _NOBODYS[name])
    questions: tuple[tuple[str, Question], ...] = (
        ("reached", lambda platform, deadline_ms: platform.probe(deadline_ms)),
        ("coupons", lambda platform, deadline_ms: platform.look_up(nobodys, deadline_ms)),
        (
            "book",
            lambda platform, deadline_ms: platform.history(now_ms - _BOOK_SPAN_MS, now_ms, None, deadline_ms),
        ),
    )
    for what, question in questions:
        answer = store.asking.ask(name, store.profile.delivery_budget_ms, question)
        yield _finding(what, answer, say, language, zone)


def _finding(what: str, answer: object, say: Words, language: str, zone: str) -> Finding:
    title = say("binding", what)
    if not isinstance(answer, PlatformError) or _is_an_answer(answer):
        return Finding(what, True, say("binding_well", what), title)
    said = word(answer.reason, language, zone)
    platform_words = str(answer.reason.facts.get("words", ""))
    seen = say("what", "unreachable", what=said.what, why=said.why)
    if platform_words and platform_words not in seen:
        seen = say("binding", "words", seen=seen, words=platform_words)
    return Finding(what, False, seen, title, said.next)


def _is_an_answer(error: PlatformError) -> bool:
    """A no about the coupon is the yes that was looked for; one in words that nobody knows is shown."""
    return isinstance(error, Refused) and not error.reason.about_us and error.reason.code is not Code.PLATFORM_REFUSED
