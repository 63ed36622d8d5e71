"""What a voucher of the own platform is known by, and the dynamic codes that a phone shows for it."""

import hashlib
from dataclasses import replace

from sync.sandbox.catalogue import product_of
from sync.sandbox.coupons import unit_amount_fen, units_left
from sync.sandbox.miniprogram import dq1
from sync.sandbox.miniprogram.envelope import NO_NONCE
from sync.sandbox.miniprogram.keys import sign, signer
from sync.sandbox.rows import Chain, Coupon
from sync.sandbox.truth import Truth, coupon_key

STEP_S, CHAIN_STEPS = 30, 2880
# A chain begins before it is fetched, so that codes of the last hour can be shown too (an old picture).
CHAIN_BACKDATED_S = 3600
# A permit lives ten minutes; one that books for a nonce serves one basket within two.
PERMIT_STEPS, BOOKED_PERMIT_STEPS = 20, 4


def luhn_digit(digits: str) -> str:
    """The check digit that makes the whole pass Luhn's test."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def new_code(truth: Truth) -> str:
    """88, then 13 digits, then Luhn's."""
    while True:
        body = "88" + truth.digits(13)
        code = body + luhn_digit(body)
        if truth.coupons.get(coupon_key("miniprogram", code)) is None:
            return code


def _account(truth: Truth, phone: str) -> str:
    secret = truth.setting("miniprogram.accounts") or truth.set("miniprogram.accounts", truth.hex(16))
    return hashlib.sha256(f"{secret}/{phone}".encode("utf-8", "replace")).hexdigest()[:6]


def identified(truth: Truth, coupon: Coupon) -> Coupon:
    """The coupon with this platform's names for it; whoever bought the order is its account."""
    return replace(
        coupon,
        code=new_code(truth),
        serial=truth.hex(9),
        account=_account(truth, coupon.phone or coupon.order_id),
        store=coupon.store or truth.setting("miniprogram.store"),
    )


def new_order_id(truth: Truth) -> str:
    """M and 16 digits."""
    return "M" + truth.digits(16)


def _header(truth: Truth, coupon: Coupon, mode: int, kid: int, units: int) -> dq1.Header:
    worth = max(unit_amount_fen(coupon, unit) for unit in range(1, coupon.units + 1))
    return dq1.Header(
        mode=mode,
        kid=kid,
        voucher=coupon.serial,
        store=coupon.store,
        account=coupon.account,
        offer=product_of(coupon.kind, coupon.product).offer,
        max_fen=min(worth, 0xFFFFFF),
        units=max(1, min(units, 255)),
        t0_s=truth.now_s(),
        step_s=STEP_S,
        steps=PERMIT_STEPS,
    )


def _new_chain(truth: Truth, coupon: Coupon, now_s: int) -> Chain:
    key = signer(truth)
    t0_s = max(0, now_s - CHAIN_BACKDATED_S)
    left_s = coupon.valid_until_ms // 1000 - t0_s
    steps = max(1, min(CHAIN_STEPS, left_s // STEP_S))
    head = replace(
        _header(truth, coupon, dq1.CHAIN, key.kid, units_left(truth, coupon)), t0_s=t0_s, steps=steps
    ).encoded()
    seed = truth.hex(16)
    anchor = dq1.preimages(coupon.serial, seed, steps)[0]
    signature = sign(key, dq1.signed_part(head + anchor))
    return truth.chains.put(Chain(coupon.serial, seed, head.hex(), anchor.hex(), signature.hex(), t0_s, STEP_S, steps))


def chain_text(truth: Truth, coupon: Coupon, now_s: int) -> str:
    """The code at that second of the chain on the customer's phone.

    The phone fetches a chain once and keeps it, whatever happens to the voucher meanwhile; it fetches another
    only when asked for a second outside the life of the one it has.
    """
    chain = truth.chains.get(coupon.serial)
    if chain is None or not chain.t0_s <= now_s < chain.t0_s + chain.step_s * chain.steps:
        usable = coupon.valid_until_ms // 1000 - now_s > 0
        if chain is None or usable:
            chain = _new_chain(truth, coupon, now_s)
    step = max(1, min(chain.steps, (now_s - chain.t0_s) // chain.step_s + 1))
    preimage = dq1.preimages(chain.voucher, chain.seed, chain.steps)[step]
    certificate = bytes.fromhex(chain.head + chain.anchor + chain.signature)
    return dq1.chain_text(certificate, step, preimage)


def permit_text(truth: Truth, coupon: Coupon, iat_s: int, store: str, *, nonce: str = NO_NONCE, units: int = 1) -> str:
    """A permit issued at that second for that store; with a nonce, `units` were booked."""
    key = signer(truth)
    steps = PERMIT_STEPS if nonce == NO_NONCE else BOOKED_PERMIT_STEPS
    header = replace(_header(truth, coupon, dq1.PERMIT, key.kid, units), store=store, t0_s=iat_s, steps=steps)
    unsigned = header.encoded() + dq1.permit_body(iat_s, nonce)
    return dq1.to_digits(unsigned + sign(key, dq1.signed_part(unsigned)))
