"""The profile that sets a terminal up against this sandbox: what `hexiao init --profile` takes."""

import json
import os
from pathlib import Path

from sync.sandbox.credentials import OWN_HOST, STORE_NAME, Credentials

OFFICIAL_HOSTS = (
    "open.douyin.com",
    "v.douyin.com",
    "www.iesdouyin.com",
    "api-open-cater.meituan.com",
    "openapi.dianping.com",
    "api.weixin.qq.com",
    OWN_HOST,
)

# What a terminal is bound to. Its Dianping comes with Meituan, and one line of Meituan is as much as a shop has.
BOUND = ("douyin", "meituan", "miniprogram", "wechat_shop")

STORE: dict[str, str | int] = {
    "name": STORE_NAME,
    "terminal": "T1",
    "zone": "Asia/Shanghai",
    "cutoff_hour": 4,
    "language": "zh",
}

STAFF = (
    {"id": "c1", "name": "收银员一", "role": "cashier", "pin": "1111"},
    {"id": "c2", "name": "收银员二", "role": "cashier", "pin": "2222"},
    {"id": "m1", "name": "店长", "role": "manager", "pin": "8888"},
    {"id": "t1", "name": "实施", "role": "technician", "pin": "7777"},
)


def _table(header: str, values: dict[str, str | int]) -> list[str]:
    # A TOML basic string is written like a JSON string.
    lines = [f"{json.dumps(name) if '.' in name else name} = {_value(value)}" for name, value in values.items()]
    return [header, *lines, ""]


def _value(value: str | int) -> str:
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


def profile_text(url: str, credentials: Credentials) -> str:
    """The profile as TOML: store, credentials, staff, and each official host mapped to `url`."""
    lines = ["demo = true", ""]
    lines += _table("[store]", STORE)
    described = credentials.described()
    for platform in BOUND:
        lines += _table(f"[{platform}]", dict(described[platform]))
    lines += _table("[hosts]", dict.fromkeys(OFFICIAL_HOSTS, url))
    for person in STAFF:
        lines += _table("[[staff]]", dict(person))
    return "\n".join(lines)


def write_profile(path: Path, text: str) -> None:
    """Write it whole or not at all; it holds secrets, so only the owner may read it."""
    half = path.with_name(path.name + ".new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
