"""WeChat Shop in a few lines, for what no sandbox does on command: an answer lost at just this step."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from sync.clock import FalseClock
from sync.platforms.http import Question
from sync.platforms.port import Binding
from sync.platforms.wechat_shop.adapter import WechatShop
from tests.platforms.lossy import Json, Lossy

Got = TypeVar("Got")
Answers = Mapping[str, Json] | Callable[[str, Json], Json]
SETTINGS = {"app_id": "wx1", "store_name": "河畔小馆", "out_store_id": "s1", "terminal": "T1"}
SECRETS = {"app_secret": "hush-hush"}
TOKEN = {"access_token": "token-1", "expires_in": 7200}


@dataclass
class Sold:
    """One voucher as the platform has it. `uses`: the numbers under which it was consumed; `late`: what stands against
    it shows from the first consume on, as if it came about between look and deed."""

    sku_id: str
    units: int = 1
    lot: int = 1
    uses: list[str] = field(default_factory=list)
    last: str = ""
    withdrawn: str = ""
    late: bool = False

    def told(self, code: str) -> Json:
        """As voucher/get has it."""
        spent, lot = len(self.uses) >= self.units, 1 if self.late else self.lot
        voucher = {
            "code": code,
            "sku_id": self.sku_id,
            "order_id": "O1",
            "status": 2 if lot == 1 and spent and not self.late else lot,
            "voucher_buy_amount": 9900,
            "last_consume_no": self.last,
            "last_withdraw_consume_no": self.withdrawn,
            "update_time": 1_795_000_100,
        }
        if self.uses:
            voucher["consume_time"] = 1_795_000_050
        if self.units > 1:
            left = self.units - len(self.uses)
            voucher["time_card"] = {
                "total_count": self.units,
                "available_count": left,
                "consumed_count": self.units - left,
            }
        return voucher


@dataclass
class Shop:
    """All vouchers, and the answers that were given under each number. `names_failed`: whether a refusal says which
    vouchers stood in its way."""

    sold: dict[str, Sold]
    names_failed: bool = True
    given: dict[str, Json] = field(default_factory=dict)

    def answer(self, call: str, body: Json) -> Json:
        """What the platform answers, and does."""
        match call:
            case "voucher/get":
                return self._get(body)
            case "voucher/consume":
                return self._once(body["consume_request_no"], lambda: self._consume(body))
            case "voucher/revoke":
                return self._once(body["revoke_request_no"], lambda: self._revoke(body))
            case _:
                return {"errcode": 40066, "errmsg": "invalid url"}

    def _once(self, number: str, act: Callable[[], Json]) -> Json:
        if number not in self.given:
            answer = act()
            if answer["errcode"]:
                return answer
            self.given[number] = answer
        return self.given[number]

    def _get(self, body: Json) -> Json:
        code = body.get("code") or body["encrypted_code"].removeprefix("cipher of ")
        sold = self.sold.get(code)
        if sold is None or body.get("sku_id", sold.sku_id) != sold.sku_id:
            return {"errcode": 10023002, "errmsg": "券不存在"}
        return {"errcode": 0, "errmsg": "ok", "voucher": sold.told(code)}

    def _consume(self, body: Json) -> Json:
        codes: list[str] = body["codes"]
        assert 1 <= len(codes) <= 10
        for code in codes:
            if code in self.sold:
                self.sold[code].late = False
        failed = [
            {"code": code, "sku_id": body["sku_id"], "ret_code": 7, "ret_msg": why}
            for code in dict.fromkeys(codes)
            if (why := self._why_not(code, body["sku_id"], codes.count(code)))
        ]
        if failed:
            return {"errcode": 10023001, "errmsg": "fail", "fail_voucher_list": failed if self.names_failed else []}
        for code in codes:
            self.sold[code].uses.append(body["consume_request_no"])
            self.sold[code].last = body["consume_request_no"]
        return {
            "errcode": 0,
            "errmsg": "ok",
            "voucher_list": [self.sold[code].told(code) for code in dict.fromkeys(codes)],
        }

    def _why_not(self, code: str, sku_id: str, count: int) -> str:
        sold = self.sold.get(code)
        if sold is None or sold.sku_id != sku_id:
            return "券不存在"
        if sold.lot != 1:
            return {3: "券已退", 4: "券已过期"}[sold.lot]
        return "券已被使用" if len(sold.uses) + count > sold.units else ""

    def _revoke(self, body: Json) -> Json:
        for each in body["reovke_vouchers"]:
            sold = self.sold[each["code"]]
            if body["consume_request_no"] not in sold.uses:
                return {"errcode": 10023001, "errmsg": "券未核销", "fail_voucher_list": []}
            sold.uses.remove(body["consume_request_no"])
            sold.withdrawn = body["revoke_request_no"]
        return {"errcode": 0, "errmsg": "ok"}


class Line(Lossy):
    """The line to that shop."""

    def __init__(self, shop: Shop, lose: int | None = None, how: str = "after") -> None:
        super().__init__(self._answered, lose, how)
        self.shop = shop

    def _answered(self, question: Question) -> Json:
        call, body = called(question)
        return TOKEN if call == "token" else self.shop.answer(call, body)

    def calls(self, name: str) -> list[Json]:
        """The bodies that one call was sent with."""
        return [body for call, body in map(called, self.asked) if call == name]


def called(question: Question) -> tuple[str, Json]:
    """A question's call and body."""
    path = urlsplit(question.url).path
    if path == "/cgi-bin/stable_token":
        return "token", {}
    body: Json = json.loads(question.body or b"{}")
    return path.removeprefix("/channels/ec/"), body


def connected(line: Line, **settings: str) -> WechatShop:
    """The adapter on that line."""
    return WechatShop(Binding("wechat_shop", {**SETTINGS, **settings}, SECRETS), line, FalseClock())


def yes(**data: object) -> Json:
    """A yes."""
    return {"errcode": 0, "errmsg": "ok", **data}


def no(number: int, words: str = "", **data: object) -> Json:
    """A no."""
    return {"errcode": number, "errmsg": words, **data}


def playing(
    answers: Answers, act: Callable[[WechatShop], Got], token: Json | None = None, asked: list[Question] | None = None
) -> Got:
    """Do it against a platform that gives these answers, by call."""

    def respond(question: Question) -> Json:
        if asked is not None:
            asked.append(question)
        call, body = called(question)
        if call == "token":
            return TOKEN if token is None else token
        return answers(call, body) if callable(answers) else answers[call]

    return act(WechatShop(Binding("wechat_shop", SETTINGS, SECRETS), Lossy(respond), FalseClock()))
