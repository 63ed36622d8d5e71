"""Dianping's old interface in a few lines, for what no sandbox does on command: an answer lost at just this step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from sync.clock import FalseClock
from sync.platforms.dianping.adapter import Dianping
from sync.platforms.dianping.signing import signature
from sync.platforms.http import Question
from sync.platforms.port import Binding, KeepSecret, forget
from tests.platforms.lossy import Json, Lossy

SETTINGS = {"app_key": "9001", "open_shop_uuid": "uuid-1", "terminal": "T1"}
Got = TypeVar("Got")
Answers = Mapping[str, Json] | Callable[[str, Json], Json]
SECRETS = {"app_secret": "hush-hush", "session": "session-1", "refresh_token": "refresh-1"}


@dataclass
class Sold:
    """One code as the platform has it. `group`: coupons of one group are redeemed under each other's codes; `uses`: the
    account behind each use that stands."""

    group: str = "G1"
    units: int = 1
    lot: str = ""
    uses: list[str] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Uses that may still be made."""
        return 0 if self.lot else self.units - len(self.uses)


@dataclass
class Shop:
    """All codes, and the answers that were given under each request id. `echo`: whether what is told of a use names the
    account that made it."""

    sold: dict[str, Sold]
    echo: bool = True
    given: dict[str, Json] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def answer(self, call: str, form: Json) -> Json:
        """What the platform answers, and does."""
        code = form.get("receipt_code", "")
        match call:
            case "prepare":
                return self._prepare(code)
            case "consume":
                self.requests.append(form["requestid"])
                if form["requestid"] not in self.given:
                    answer = self._consume(code, int(form["count"]), form["app_shop_account"])
                    if answer["code"] != 200:
                        return answer
                    self.given[form["requestid"]] = answer
                return self.given[form["requestid"]]
            case "getconsumed":
                sold = self.sold[code]
                return good(self._told(code, sold.uses[-1])) if sold.uses else bad(1010, "该券未验证")
            case "reverseconsume":
                if not self.sold[code].uses:
                    return bad(1010, "该券未验证,无法撤销")
                self.sold[code].uses.pop()
                return good([{"receipt_code": code, "deal_id": 7}])
            case "querylistbydate":
                return self._book(int(form["offset"]), int(form["limit"]))
            case _:
                return bad(601, "参数错误")

    def _prepare(self, code: str) -> Json:
        sold = self.sold.get(code)
        if sold is None:
            return bad(1001, "券码不存在")
        if not sold.left:
            return bad(1005, sold.lot or "该券已被使用")
        return good({**self._about(code), "count": sold.left if sold.units > 1 else len(self._usable(sold.group))})

    def _usable(self, group: str) -> list[str]:
        return [code for code, sold in self.sold.items() if sold.group == group and sold.left and sold.units == 1]

    def _consume(self, code: str, count: int, account: str) -> Json:
        sold = self.sold[code]
        if not sold.left:
            return bad(1005, sold.lot or "该券已被使用")
        usable = [code] * sold.left if sold.units > 1 else [code, *(c for c in self._usable(sold.group) if c != code)]
        if count > len(usable):
            return bad(1004, "可用券数量不足")
        for each in usable[:count]:
            self.sold[each].uses.append(account)
        return good([self._about(each) for each in usable[:count]])

    def _about(self, code: str) -> Json:
        card = self.sold[code].units > 1
        told: Json = {"receipt_code": code, "deal_id": 7, "order_id": "O1", "deal_price": 100.0 if card else 99.0}
        return {**told, "biz_type": 205, "times_card_unit_price": 20.0} if card else {**told, "biz_type": 0}

    def _told(self, code: str, account: str) -> Json:
        who = account if self.echo or account.startswith("x") else ""
        return {
            **self._about(code),
            "verify_account": who,
            "verify_channel": "15",
            "verify_time": "2026-11-18 21:46:40",
        }

    def _book(self, offset: int, limit: int) -> Json:
        records = [self._told(code, account) for code, sold in self.sold.items() for account in sold.uses]
        return good({"total_count": len(records), "records": records[offset : offset + limit]})


def good(data: object) -> Json:
    """A yes."""
    return {"code": 200, "msg": "success", "data": data}


def bad(code: int, words: str) -> Json:
    """A no."""
    return {"code": code, "msg": words, "data": None}


class Line(Lossy):
    """The line to that shop. Every question is checked as the platform checks it."""

    def __init__(self, shop: Shop, lose: int | None = None, how: str = "after") -> None:
        super().__init__(self._answered, lose, how)
        self.shop = shop

    def _answered(self, question: Question) -> Json:
        call, form = called(question)
        sign = form.pop("sign")
        assert sign == signature(SECRETS["app_secret"], form)
        assert form["open_shop_uuid"] == SETTINGS["open_shop_uuid"]
        return self.shop.answer(call, form)


def called(question: Question) -> tuple[str, Json]:
    """A question's call and fields."""
    parts = urlsplit(question.url)
    form = parts.query if question.method == "GET" else (question.body or b"").decode()
    return parts.path.rpartition("/")[2], dict(parse_qsl(form, keep_blank_values=True))


def connected(line: Lossy, **changed: str) -> Dianping:
    """The adapter on that line."""
    return Dianping(Binding("dianping", SETTINGS, {**SECRETS, **changed}, forget), line, FalseClock())


def playing(
    answers: Answers,
    act: Callable[[Dianping], Got],
    keep: KeepSecret = forget,
    asked: list[tuple[str, Json]] | None = None,
    secrets: Mapping[str, str] = MappingProxyType({}),
) -> Got:
    """Do it against a platform that gives these answers, by call."""

    def respond(question: Question) -> Json:
        call, form = called(question)
        if asked is not None:
            asked.append((call, form))
        return answers(call, form) if callable(answers) else answers[call]

    known = {name: value for name, value in {**SECRETS, **secrets}.items() if value}
    return act(Dianping(Binding("dianping", SETTINGS, known, keep), Lossy(respond), FalseClock()))
