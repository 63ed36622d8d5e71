"""The OpenAPI document: valid, served, complete, and its own examples keep to it."""

import pytest
from openapi_spec_validator import validate

from sync.sandbox.miniprogram.dialect import ROUTES
from tests.sandbox import contract
from tests.sandbox.client import TIMEOUT_S, Miniprogram

HTTP = ("get", "post")


def test_it_is_a_valid_document() -> None:
    validate(contract.document())


def test_it_is_served_without_a_token(mini: Miniprogram) -> None:
    answer = mini.session.get(f"{mini.sandbox.url}/dq/v1/openapi.json", timeout=TIMEOUT_S)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json() == contract.document()


def test_it_names_every_call_and_no_other() -> None:
    told = {(method.upper(), path) for path, item in contract.document()["paths"].items() for method in item}
    assert told == {(route.method, route.path) for route in ROUTES}


def test_calls_that_need_no_token_say_so() -> None:
    for route in ROUTES:
        told = contract.operation(route.method, route.path)
        assert (told.get("security") == []) == route.open, route.path


def test_its_examples_keep_to_its_schemas() -> None:
    checked = 0
    holders = [
        holder
        for item in contract.document()["paths"].values()
        for method in item.values()
        for holder in [*method["responses"].values(), method.get("requestBody", {})]
    ]
    for holder in [*holders, *contract.document()["components"]["responses"].values()]:
        content = holder.get("content", {}).get("application/json", {})
        for example in content.get("examples", {}).values():
            contract.check(content["schema"], example["value"])
            checked += 1
    assert checked > 40


def test_every_refusal_of_the_contract_has_an_example() -> None:
    told = {
        code
        for response in contract.document()["components"]["responses"].values()
        for code in response["content"]["application/json"]["examples"]
    }
    assert told >= {
        "bad_request",
        "invalid_client",
        "token_expired",
        "token_invalid",
        "store_not_allowed",
        "not_found",
        "request_id_reused",
        "journal_rewritten",
        "too_fast",
        "internal",
        "unavailable",
    }


@pytest.mark.parametrize(("amount", "status"), [(500.0, 200), (500.5, 400), (True, 400), ("500", 400), (1e300, 400)])
def test_a_whole_number_is_one_however_json_writes_it(mini: Miniprogram, amount: object, status: int) -> None:
    record = {"request_id": "r-1", "voucher": None, "code_tail": "1234", "tier": "recorded", "accepted_at": 1}
    records = [{**record, "amount_fen": amount}]
    mini.post("/dq/v1/trust-records", {"terminal": "T1", "records": records}, status)
    assert [one["amount_fen"] for one in mini.book()["trust_records"]] == ([500] if status == 200 else [])
