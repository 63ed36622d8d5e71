"""What the signature and the clock say of a dynamic code (dynamic-code.md)."""

from sync.domain.codes import CredentialKind
from sync.domain.dynamic_code import TIMED, Verdict
from sync.domain.evidence import Evidence
from sync.domain.reasons import Code, Reason, because
from sync.domain.trust import Limits, Tier

# The platform's own word does not mend these: nobody can turn a forged code into a genuine one.
_FINAL = frozenset({Verdict.MALFORMED, Verdict.FORGED, Verdict.OTHER_STORE})


def genuine(evidence: Evidence, _limits: Limits, _tier: Tier) -> Reason | None:
    """A dynamic code must read "genuine"; what depends on our clock or keys gives way to the platform's own answer,
    and what depends on the clock is not judged by a clock that can't be trusted."""
    reading = evidence.signature
    if reading is None:
        if evidence.kind is CredentialKind.SHORT_LINK and not evidence.online and evidence.known is None:
            return because(Code.QR_NEEDS_LINE)
        return None
    if reading.verdict is Verdict.GENUINE:
        return None
    if reading.verdict not in _FINAL and evidence.online:
        return None
    if reading.verdict in TIMED and not evidence.at.trusted:
        return None if evidence.witnesses.enough else because(Code.CLOCK_UNTRUSTED)
    facts = {"store": reading.fields.store} if reading.verdict is Verdict.OTHER_STORE and reading.fields else {}
    return because(Code(reading.verdict.value), **facts)


def short_lived(evidence: Evidence, limits: Limits, tier: Tier) -> Reason | None:
    """A till trusts only codes that do not live long: step ≤ 60 s, CHAIN ≤ 24 h, PERMIT ≤ 10 min."""
    signed = evidence.signed
    if tier is Tier.ONLINE or signed is None:
        return None
    longest_s = limits.max_chain_life_s if signed.is_chain else limits.max_permit_life_s
    if signed.step_s > limits.max_step_s or signed.life_s > longest_s:
        return because(Code.LONG_LIVED)
    return None
