"""`hexiao bind`: the page for the manager, the code that it gives, and tokens that are kept and nowhere shown."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sync.secrets.key_file import KeyFile
from terminal import settings as settings_file
from terminal.bindings import MeituanSection
from terminal.bootstrap import KEY_FILE_NAME
from tests.terminal.desk import Desk


def bound(desk: Desk, business_id: str = "58", **more: str) -> dict[str, str]:
    """The till with a binding to Meituan that nobody has authorised yet."""
    described = dict(desk.sandbox.describe()["meituan" if business_id == "58" else "meituan_dining"])
    section = MeituanSection(developer_id=described["developer_id"], business_id=described["business_id"])
    hosts = {"api-open-cater.meituan.com": desk.sandbox.url}
    path = desk.data / settings_file.FILE_NAME
    changed = settings_file.read(path)
    whole = changed.model_copy(update={"meituan": section, "hosts": {**changed.hosts, **hosts}})
    settings_file.write(whole, path)
    secrets = KeyFile(desk.data / KEY_FILE_NAME)
    nothing = {"app_auth_token": "", "refresh_token": ""}
    for name, value in {"sign_key": described["sign_key"], **nothing, **more}.items():
        secrets.put(f"meituan.{name}", value.encode())
    return described


def kept(desk: Desk, name: str) -> str:
    return (KeyFile(desk.data / KEY_FILE_NAME).get(f"meituan.{name}") or b"").decode()


def test_a_platform_that_is_not_set_up_is_named(desk: Desk) -> None:
    path = desk.data / settings_file.FILE_NAME
    settings_file.write(settings_file.read(path).model_copy(update={"meituan": None}), path)
    said = desk.told("bind", "meituan", code=1)
    assert said["reason"] == "settings_broken"
    assert "meituan" in said["message"]
    assert desk.told("bind", "nobody", code=1)["reason"] == "settings_broken"


def test_a_platform_whose_secrets_are_all_there_is_to_it_needs_none(desk: Desk) -> None:
    assert desk.told("bind", "douyin", code=1)["reason"] == "settings_broken"


def test_without_a_code_the_page_is_shown_and_no_secret(desk: Desk) -> None:
    described = bound(desk)
    said = desk.told("bind", "meituan")
    parts = urlsplit(said["page"])
    assert (parts.scheme, parts.hostname, parts.path) == ("https", "open-erp.meituan.com", "/general/auth")
    fields = parse_qs(parts.query)
    assert {name: values[0] for name, values in fields.items() if name != "timestamp"} == {
        "developerId": described["developer_id"],
        "businessId": "58",
        "charset": "UTF-8",
        "state": "hexiao",
        "scope": "tuangou",
        "sign": fields["sign"][0],
    }
    assert described["sign_key"] not in said["page"]
    assert said["bound"] is False
    assert said["page"] in desk.run("bind", "meituan").stdout.replace("\n", "") or "general/auth" in said["page"]


def test_a_code_becomes_tokens_that_work_and_are_shown_nowhere(desk: Desk) -> None:
    bound(desk)
    before = desk.told("lookup", desk.coupon("meituan")["code"], "--platform", "meituan", code=1)
    assert before["reason"] == "authorisation_ended"
    code = desk.post("authorisations", {"platform": "meituan"})["code"]
    result = desk.run("bind", "meituan", "--code", f" {code} ")
    assert result.exit_code == 0, result.output
    access, refresh = kept(desk, "app_auth_token"), kept(desk, "refresh_token").partition(" ")[0]
    assert access
    assert refresh
    assert access not in result.output
    assert refresh not in result.output
    assert desk.told("redeem", desk.coupon("meituan")["code"], "--platform", "meituan")["outcome"] == "redeemed"


@pytest.mark.parametrize("code", ["wrong", ""])
def test_a_code_that_the_platform_does_not_know_changes_nothing(desk: Desk, code: str) -> None:
    bound(desk, app_auth_token="old", refresh_token="older")
    assert desk.told("bind", "meituan", "--code", code, code=1)["outcome"] == "refused"
    assert (kept(desk, "app_auth_token"), kept(desk, "refresh_token")) == ("old", "older")


def test_a_code_is_good_once(desk: Desk) -> None:
    bound(desk)
    code = desk.post("authorisations", {"platform": "meituan"})["code"]
    desk.told("bind", "meituan", "--code", code)
    first = kept(desk, "app_auth_token")
    desk.told("bind", "meituan", "--code", code, code=1)
    assert kept(desk, "app_auth_token") == first


def test_a_token_that_was_given_for_good_is_asked_for_and_not_echoed(desk: Desk) -> None:
    described = bound(desk, "1")
    token = described["app_auth_token"]
    result = desk.run("bind", "meituan", "--token", stdin=f"{token}\n")
    assert result.exit_code == 0, result.output
    assert token not in result.output
    assert kept(desk, "app_auth_token") == token
    assert desk.told("redeem", desk.coupon("meituan")["code"], "--platform", "meituan")["outcome"] == "redeemed"
    assert "storemap" in desk.told("bind", "meituan")["page"]


def test_nothing_is_bound_without_a_line(desk: Desk) -> None:
    bound(desk)
    code = desk.post("authorisations", {"platform": "meituan"})["code"]
    desk.line_down()
    try:
        assert desk.told("bind", "meituan", "--code", code, code=1)["outcome"] == "refused"
    finally:
        desk.line_up()
    assert kept(desk, "app_auth_token") == ""


def test_code_and_token_exclude_each_other(desk: Desk) -> None:
    assert desk.run("bind", "meituan", "--code", "x", "--token").exit_code == 2


def test_no_folder_no_binding(tmp_path: Path, desk: Desk) -> None:
    other = Desk(desk.sandbox, tmp_path / "nowhere", desk.control)
    assert other.told("bind", "meituan", code=1)["reason"] == "settings_missing"
