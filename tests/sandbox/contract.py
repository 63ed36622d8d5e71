"""The own platform's OpenAPI document as a judge of whether an answer keeps to it."""

import functools
import json
import re
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator


@functools.cache
def document() -> dict[str, Any]:
    """The document as it ships."""
    text = (resources.files("resources") / "openapi" / "own-platform.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@functools.cache
def _validator(schema_text: str) -> Draft202012Validator:
    schema = json.loads(schema_text)
    return Draft202012Validator({**schema, "components": document()["components"]})


def check(schema: dict[str, Any], value: object) -> None:
    """Raises jsonschema's ValidationError unless the value fits a schema of the document."""
    _validator(json.dumps(schema)).validate(value)


def operation(method: str, path: str) -> dict[str, Any]:
    """The operation that serves this path."""
    for shape, methods in document()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", shape), path) and method.lower() in methods:
            found: dict[str, Any] = methods[method.lower()]
            return found
    raise AssertionError(f"the document has no {method} {path}")


def check_answer(method: str, path: str, status: int, body: object) -> None:
    """The answer has a status that the document names for this call, and that answer's form."""
    responses = operation(method, path)["responses"]
    assert str(status) in responses, f"the document has no {status} for {method} {path}"
    response = responses[str(status)]
    if "$ref" in response:
        response = document()["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    check(response["content"]["application/json"]["schema"], body)


def check_question(method: str, path: str, body: object) -> None:
    """The request body fits the document."""
    check(operation(method, path)["requestBody"]["content"]["application/json"]["schema"], body)
