"""What one HTTP request and one answer are inside the sandbox, and how a JSON body is read without trust."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

JSON_TYPE = "application/json; charset=utf-8"


class BadInput(Exception):
    """The request cannot be understood; the message is a sentence that says why. Nothing was done."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came: header names are lower case, the query holds the last value of each name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    params: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Json:
        """The body as a JSON object; BadInput otherwise."""
        return parse_object(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `headers` come on top of type, length and date."""

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: tuple[tuple[str, str], ...] = ()


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def parse_object(body: bytes) -> Json:
    """Bytes to a JSON object. BadInput for empty, non-UTF-8, non-JSON, too deep, or another JSON type."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as problem:
        raise BadInput("the body is not UTF-8") from problem
    except RecursionError as problem:
        raise BadInput("the body is nested too deeply") from problem
    except ValueError as problem:
        raise BadInput(f"the body is not JSON: {problem}") from problem
    if not isinstance(value, dict):
        raise BadInput("the body must be a JSON object")
    return value


def dump(value: Json) -> bytes:
    """JSON bytes; a lone surrogate goes out as its JSON escape, so that any string that came in can go out."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def json_answer(status: int, value: Json, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """An answer that carries a JSON object."""
    return Answer(status, dump(value), JSON_TYPE, headers)
