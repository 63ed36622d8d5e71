"""What a look-up shows: contents, terms, uses left, and what may be picked; a coupon's code only by its tail."""

from collections.abc import Iterable
from typing import Any

from sync.domain.money import yuan
from sync.domain.reasons import Code, Reason
from sync.domain.voucher import Coupon
from sync.services.looking import Found
from terminal.wording import moment_of, word


def lookup_json(found: Found, coupons: Iterable[Coupon], language: str, zone: str) -> dict[str, Any]:
    """The document of `hexiao lookup --json`. Times in ms UTC, amounts in fen."""
    assert found.looked_up is not None
    return {
        "platform": found.recognised.platform,
        "kind": found.recognised.credential.kind.value,
        "order_no": found.looked_up.order_ref,
        "coupons": [
            {
                "position": place,
                **_coupon(coupon, language, zone),
                "order_no": coupon.order or found.looked_up.order_ref,
            }
            for place, coupon in enumerate(coupons, 1)
        ],
    }


def _coupon(coupon: Coupon, language: str, zone: str) -> dict[str, Any]:
    return {
        "title": coupon.title,
        "code_tail": coupon.code[-4:] if coupon.code else "",
        "price_fen": coupon.price_fen,
        "kind": coupon.kind,
        "units_total": coupon.units_total,
        "units_left": coupon.units_left,
        "valid_from": coupon.valid_from_ms,
        "valid_until": coupon.valid_until_ms,
        "usable": coupon.state is None,
        "reason": coupon.state.code.value if coupon.state else None,
        "message": word(coupon.state, language, zone).line if coupon.state else None,
        "selected": coupon.selected,
        "contents": [{"name": line.name, "quantity": line.quantity} for line in coupon.contents],
        "terms": list(coupon.terms),
        "script": coupon.script,
    }


def lookup_rows(coupons: Iterable[Coupon], language: str, zone: str) -> list[tuple[str, ...]]:
    """Rows for people: place, mark, title, amount, tail, uses, validity or why not."""
    return [
        (
            str(place),
            "✓" if coupon.state is None else "✕",
            coupon.title,
            yuan(coupon.price_fen),
            coupon.code[-4:] if coupon.code else "",
            f"{coupon.units_left}/{coupon.units_total}",
            _remark(coupon, language, zone),
        )
        for place, coupon in enumerate(coupons, 1)
    ]


def choices_json(reason: Reason | None) -> dict[str, Any]:
    """What a script may pick from where the platform has to be picked: names as `--platform` takes them."""
    if reason is None or reason.code is not Code.WHICH_PLATFORM:
        return {}
    return {"choices": str(reason.facts["choices"]).split(","), "usual": str(reason.facts["usual"]) or None}


def choices_line(reason: Reason | None) -> list[str]:
    """The same for people, as it is to be typed; nothing where there is nothing to pick."""
    names = choices_json(reason).get("choices", ())
    return ["  " + "  ".join(f"--platform {name}" for name in names)] if names else []


def _remark(coupon: Coupon, language: str, zone: str) -> str:
    if coupon.state is not None:
        return word(coupon.state, language, zone).line
    return moment_of(coupon.valid_until_ms, zone) if coupon.valid_until_ms is not None else ""
