"""What a till needs to work without a line: keys, revocations, the delta, dynamic codes; and what it uploads."""

import hashlib
import json
import struct
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests.sandbox import contract
from tests.sandbox.client import Miniprogram

NOW_S = 1_795_000_000
DAY_MS = 86_400_000


def _verified(public_key: str, signature: str, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), data)
    except InvalidSignature:
        return False
    return True


def _key_set(mini: Miniprogram) -> dict[str, Any]:
    answer = mini.call("GET", "/dq/v1/keys")
    tag = b"DQ1-keys\x00"
    assert _verified(mini.own["root_key"], answer["signature"], tag + answer["signed"].encode())
    told: dict[str, Any] = json.loads(answer["signed"])
    contract.check({"$ref": "#/components/schemas/KeySet"}, told)
    return told


def _bytes(text: str) -> bytes:
    return int(text).to_bytes({321: 133, 268: 111}[len(text)], "big")


def _signer(mini: Miniprogram, text: str) -> str | None:
    """The public key that signed this code, by the layout in dynamic-code.md."""
    data = _bytes(text)
    end = 51 if len(data) == 133 else 47
    kid = struct.unpack(">H", data[1:3])[0]
    for key in _key_set(mini)["keys"]:
        if key["kid"] == kid and _verified(key["public_key"], data[end : end + 64].hex(), b"DQ1\x00" + data[:end]):
            return str(key["public_key"])
    return None


def test_the_key_set(mini: Miniprogram) -> None:
    first = _key_set(mini)
    assert len(first["keys"]) == 2
    assert all(key["not_after_at"] - key["not_before_at"] <= 90 * DAY_MS for key in first["keys"])
    assert _key_set(mini) == first
    mini.control("POST", "/keys", {"do": "rotate"})
    second = _key_set(mini)
    assert (second["seq"], len(second["keys"])) == (first["seq"] + 1, 3)
    mini.control("POST", "/keys", {"do": "withdraw", "kid": first["keys"][0]["kid"]})
    third = _key_set(mini)
    assert third["withdrawn"] == [first["keys"][0]["public_key"]]
    assert (third["seq"], len(third["keys"])) == (second["seq"] + 1, 2)


def test_keys_are_renewed_before_they_end(mini: Miniprogram) -> None:
    old = {key["public_key"] for key in _key_set(mini)["keys"]}
    for days in (88, 200):
        mini.shift_s(days * 86_400)
        mini.token = ""
        told = _key_set(mini)
        new = {key["public_key"] for key in told["keys"]}
        assert len(new - old) == 2
        assert told["expires_at"] > (NOW_S + days * 86_400) * 1000
        old = new
    assert len(old) == 2, "what has ended is listed no longer"


def test_a_chain_follows_the_text_of_the_rule(mini: Miniprogram) -> None:
    (one,) = mini.coupons("miniprogram", kind="times_card", units=3, price_fen=10_000)
    (known,) = mini.get("/dq/v1/vouchers")["vouchers"]
    for now_s in (NOW_S, NOW_S + 29, NOW_S + 30, NOW_S + 7200):
        data = _bytes(mini.dynamic(one["code"], now=now_s))
        assert data[0] == 0x11
        assert data[3:12].hex() == known["voucher"]
        assert (data[12:16].hex(), data[16:19].hex()) == (mini.store, known["account"])
        assert data[19:23].hex() == known["offer"]
        assert (int.from_bytes(data[23:26], "big"), data[26], data[27]) == (3334, 3, 0)
        t0_s, step_s, steps = struct.unpack(">IBH", data[28:35])
        assert step_s * steps <= 86_400
        step, value = struct.unpack(">H", data[115:117])[0], data[117:]
        assert step == (now_s - t0_s) // step_s + 1
        for place in range(step, 0, -1):
            value = hashlib.sha256(b"DQ1c" + data[3:12] + struct.pack(">H", place) + value).digest()[:16]
        assert value == data[35:51]
    assert _signer(mini, mini.dynamic(one["code"])) is not None


def test_a_phone_keeps_its_chain(mini: Miniprogram) -> None:
    (one,) = mini.coupons("miniprogram")
    anchor = _bytes(one["qr_text"])[35:51]
    mini.control("POST", f"/coupons/{one['code']}", {"set": "refunded"})
    assert _bytes(mini.dynamic(one["code"], now=NOW_S + 3600))[35:51] == anchor
    next_day = _bytes(mini.dynamic(one["code"], now=NOW_S + 90_000))
    assert next_day[35:51] != anchor


def test_a_chain_ends_with_its_voucher(mini: Miniprogram) -> None:
    (one,) = mini.coupons("miniprogram", valid_until=NOW_S + 600)
    t0_s, step_s, steps = struct.unpack(">IBH", _bytes(one["qr_text"])[28:35])
    assert t0_s + step_s * steps == NOW_S + 600
    late = _bytes(mini.dynamic(one["code"], now=NOW_S + 6000))
    assert struct.unpack(">H", late[115:117])[0] == steps, "an expired voucher gets no new chain"


def test_a_permit_follows_the_text_of_the_rule(mini: Miniprogram) -> None:
    (one,) = mini.coupons("miniprogram", kind="times_card", units=3)
    nonce = "00112233445566aa"
    text = mini.dynamic(one["code"], mode="permit", now=NOW_S + 5, store="00c0ffee", nonce=nonce)
    data = _bytes(text)
    assert (data[0], data[12:16].hex(), data[26]) == (0x12, "00c0ffee", 3)
    assert struct.unpack(">I", data[35:39])[0] == NOW_S + 5
    assert data[39:47].hex() == nonce
    step_s, steps = struct.unpack(">BH", data[32:35])
    assert step_s * steps == 120
    plain = _bytes(mini.dynamic(one["code"], mode="permit"))
    assert plain[39:47] == bytes(8)
    assert struct.unpack(">BH", plain[32:35]) == (30, 20)
    assert _signer(mini, text) is not None
    bad = mini.session.get(f"{mini.sandbox.control}/coupons/{one['code']}/dynamic?mode=poem", timeout=10)
    assert bad.status_code == 400


@pytest.mark.parametrize(
    ("offset_s", "verdict"),
    [(-7200, "not_yet"), (-61, "future"), (90, "stale"), (90_000, "ended")],
)
def test_the_platform_judges_a_dynamic_code(mini: Miniprogram, offset_s: int, verdict: str) -> None:
    (one,) = mini.coupons("miniprogram")
    mini.shift_s(offset_s)
    told = mini.post("/dq/v1/lookup", {"by": "dynamic", "text": one["qr_text"]}, 400)
    assert told["error"]["code"] == f"dynamic_{verdict}"


def test_the_platform_knows_a_forgery_and_a_withdrawn_key(mini: Miniprogram) -> None:
    (one,) = mini.coupons("miniprogram")
    (foreign,) = mini.coupons("miniprogram", store="00c0ffee")
    text = one["qr_text"]
    data = bytearray(_bytes(text))
    data[26] += 1
    forged = str(int.from_bytes(data, "big")).zfill(321)
    for bad, verdict in (
        (forged, "forged"),
        ("9" * 321, "malformed"),
        (foreign["qr_text"], "other_store"),
        (text[:-1] + "x", "malformed"),
        ("\uff11" * 321, "malformed"),
    ):
        told = mini.post("/dq/v1/lookup", {"by": "dynamic", "text": bad}, 400)
        assert told["error"]["code"] == f"dynamic_{verdict}"
    mini.control("POST", "/keys", {"do": "withdraw", "kid": struct.unpack(">H", data[1:3])[0]})
    told = mini.post("/dq/v1/lookup", {"by": "dynamic", "text": text}, 400)
    assert told["error"]["code"] == "dynamic_unknown_key"


def test_permits_go_stale(mini: Miniprogram) -> None:
    (one,) = mini.coupons("miniprogram")
    text = mini.dynamic(one["code"], mode="permit")
    for offset_s, status, verdict in ((630, 200, ""), (631, 400, "stale"), (-30, 200, ""), (-31, 400, "future")):
        mini.shift_s(offset_s)
        told = mini.post("/dq/v1/lookup", {"by": "dynamic", "text": text}, status)
        assert status == 200 or told["error"]["code"] == f"dynamic_{verdict}"


def _revocations(mini: Miniprogram, **query: object) -> dict[str, Any]:
    answer = mini.get("/dq/v1/revocations", **query)
    told: dict[str, Any] = json.loads(answer["signed"])
    contract.check({"$ref": "#/components/schemas/RevocationPage"}, told)
    keys = [key["public_key"] for key in _key_set(mini)["keys"] if key["kid"] == told["kid"]]
    signed = b"DQ1-revocations\x00" + answer["signed"].encode()
    assert any(_verified(key, answer["signature"], signed) for key in keys)
    return told


def test_refunds_are_revoked_page_by_page(mini: Miniprogram) -> None:
    empty = _revocations(mini)
    assert (empty["after"], empty["seq"], empty["head"], empty["entries"]) == (0, 0, 0, [])
    made = mini.coupons("miniprogram", count=3)
    for one in made:
        for lot in ("frozen", "refunded"):
            mini.control("POST", f"/coupons/{one['code']}", {"set": lot})
    mini.control("POST", f"/coupons/{made[0]['code']}", {"set": "usable"})
    first = _revocations(mini, limit=3)
    assert (first["seq"], first["head"], [one["state"] for one in first["entries"]]) == (3, 4, ["revoked"] * 3)
    second = _revocations(mini, after=3, limit=3)
    assert (second["seq"], second["entries"][0]["state"]) == (4, "restored")
    assert second["entries"][0]["voucher"] == first["entries"][0]["voucher"]
    last = _revocations(mini, after=4)
    assert (last["seq"], last["entries"]) == (4, [])
    for wrong in ({"after": 5}, {"limit": 0}, {"limit": 1001}, {"after": "x"}):
        mini.refused_get("/dq/v1/revocations", 400, wrong)


def test_the_delta_by_cursor(mini: Miniprogram) -> None:
    made = mini.coupons("miniprogram", count=5)
    mini.coupons("douyin", count=2)
    first = mini.get("/dq/v1/vouchers", limit=3, cursor="")
    second = mini.get("/dq/v1/vouchers", limit=3, cursor=first["cursor"])
    assert (first["has_more"], second["has_more"]) == (True, False)
    codes = [one["code"] for one in first["vouchers"] + second["vouchers"]]
    assert codes == [one["code"] for one in made]
    assert mini.get("/dq/v1/vouchers", cursor=second["cursor"])["vouchers"] == []
    mini.redeem("r-1", [{"code": made[1]["code"], "units": 1}])
    mini.control("POST", f"/coupons/{made[0]['code']}", {"set": "refunded"})
    news = mini.get("/dq/v1/vouchers", cursor=second["cursor"])
    told = [(one["code"], one["state"], one["units_left"]) for one in news["vouchers"]]
    assert told == [(made[1]["code"], "used", 0), (made[0]["code"], "refunded", 1)]
    everything = mini.get("/dq/v1/vouchers")["vouchers"]
    assert len(everything) == len({one["voucher"] for one in everything}) == 5
    mini.refused_get("/dq/v1/vouchers", 400, {"cursor": "yesterday"})
    mini.refused_get("/dq/v1/vouchers", 403, {"store": "00c0ffee"})


def test_trust_records_are_kept_once(mini: Miniprogram) -> None:
    record = {
        "request_id": "r-1",
        "voucher": "ab" * 9,
        "code_tail": "1234",
        "tier": "chain",
        "accepted_at": 1,
        "amount_fen": 500,
    }
    unknown = {**record, "request_id": "r-2", "voucher": None, "tier": "recorded"}
    unprinted = {**record, "request_id": "r-3", "code_tail": ""}
    for _ in range(2):
        told = mini.post("/dq/v1/trust-records", {"terminal": "T1", "records": [record, unknown, unprinted]})
        assert told["accepted"] == 3
    assert [one["request_id"] for one in mini.book()["trust_records"]] == ["r-1", "r-2", "r-3"]
    for wrong in (
        [],
        [{**record, "tier": "x"}],
        [{**record, "amount_fen": -1}],
        [record] * 501,
        ["x"],
        [{**unknown, "code_tail": ""}],
    ):
        mini.post("/dq/v1/trust-records", {"terminal": "T1", "records": wrong}, 400)


def _head(key: Ed25519PrivateKey, seq: int, head: str, terminal: str = "T1") -> dict[str, Any]:
    signed = b"hexiao-head\x00" + terminal.encode() + b"\x00" + struct.pack(">Q", seq) + bytes.fromhex(head)
    return {
        "terminal": terminal,
        "seq": seq,
        "head": head,
        "signed_at": 1_795_000_000_123,
        "public_key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign(signed + struct.pack(">Q", 1_795_000_000_123)).hex(),
    }


def test_a_journal_cannot_be_rewritten(mini: Miniprogram) -> None:
    key, other_key = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
    path, first, second = "/dq/v1/journal-heads", "aa" * 32, "bb" * 32

    def tell(body: dict[str, Any], status: int = 200) -> dict[str, Any]:
        return mini.call("POST", path, status, json=body)

    assert tell(_head(key, 5, first))["witnessed_at"] == NOW_S * 1000
    mini.shift_s(60)
    assert tell(_head(key, 5, first))["witnessed_at"] == NOW_S * 1000
    assert tell(_head(key, 9, second))["witnessed_at"] == (NOW_S + 60) * 1000
    for body in (_head(key, 9, first), _head(key, 5, first), _head(other_key, 10, first)):
        assert tell(body, 409)["error"]["code"] == "journal_rewritten"
    assert tell(_head(other_key, 1, first, "收银台二"))["now_at"]
    forged = {**_head(key, 12, first), "head": second}
    assert tell(forged, 400)["error"]["code"] == "bad_request"
    assert tell({**_head(key, 12, first), "seq": -1}, 400)
