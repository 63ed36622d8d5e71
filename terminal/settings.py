"""The settings of one terminal: their shape, where they may come from, and what a real store must not have."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import tomli_w
from pydantic import Field, ValidationError, field_validator, model_validator

from sync.domain.reasons import Code, because
from sync.domain.shift import TOLERANCE, Tolerance
from sync.domain.staff import Role
from sync.domain.trust import Budget, Limits, Tier
from sync.errors import SettingsError
from terminal.bindings import (
    BindingSection,
    DianpingSection,
    DouyinSection,
    ListenerSection,
    MeituanSection,
    MiniprogramSection,
    Section,
    Text,
    WechatShopSection,
)

FILE_NAME = "settings.toml"
_STREAMS = ("rtsp", "rtsps", "http", "https")
_USB = re.compile(r"usb:[0-9a-f]{4}:[0-9a-f]{4}(:.+)?", re.IGNORECASE)


class StoreSection(Section):
    """Who and where this terminal is."""

    name: Text
    terminal: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,16}$")] = "T1"
    zone: Text = "Asia/Shanghai"
    cutoff_hour: Annotated[int, Field(ge=0, le=12)] = 4
    language: Literal["zh", "en"] = "zh"
    counter_staff: str | None = None

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("is no time zone that this machine knows") from error
        return zone


class SecretsSection(Section):
    """Where secrets are kept: the system's keyring, a file sealed with a passphrase, or a key file of mode 600 that the
    owner accepts."""

    backend: Literal["keyring", "sealed_file", "key_file"] = "keyring"


class BudgetSection(Section):
    """What the owner changed of one tier's limits in an outage; fen, pieces, hours. What is left out keeps its
    default; "none" takes a limit away."""

    voucher_fen: Annotated[int, Field(gt=0)] | None = None
    amount_fen: Annotated[int, Field(gt=0)] | Literal["none"] | None = None
    count: Annotated[int, Field(gt=0)] | Literal["none"] | None = None
    hours: Annotated[int, Field(gt=0)] | Literal["none"] | None = None

    def over(self, default: Budget) -> Budget:
        """The default with what was changed."""
        given: dict[str, Any] = self.model_dump(exclude_none=True)
        changes: dict[str, Any] = {name: None if value == "none" else value for name, value in given.items()}
        return replace(default, **changes)


class LimitsSection(Section):
    """What the owner changed of the limits of trust (product.md A5)."""

    permit: BudgetSection | None = None
    chain: BudgetSection | None = None
    recorded: BudgetSection | None = None
    recorded_by_manager: BudgetSection | None = None
    isolated: BudgetSection | None = None
    account_a_day: Annotated[int, Field(gt=0)] | None = None
    max_age_hours: dict[Tier, Annotated[int, Field(gt=0)]] = Field(default_factory=dict)


class WindowSection(Section):
    """How the window looks and sounds."""

    theme: Literal["light", "dark", "system"] = "light"
    sound: bool = True
    reduced_motion: bool = False


class ScannerSection(Section):
    """Scanners: keyboard wedge always, a serial port where one is named (a port's name, or usb:VID:PID[:SERIAL]).
    Gap and silence in ms."""

    gap_ms: Annotated[int, Field(ge=5, le=200)] = 35
    prefix: Annotated[str, Field(max_length=8)] = ""
    suffix: Literal["enter", "tab", "none"] = "enter"
    serial: Annotated[str, Field(max_length=200)] = ""
    baud: Annotated[int, Field(ge=1200, le=921600)] = 9600
    silence_ms: Annotated[int, Field(ge=10, le=1000)] = 50

    @field_validator("prefix")
    @classmethod
    def _typed(cls, prefix: str) -> str:
        if not prefix.isprintable():
            raise ValueError("holds characters that no key types")
        return prefix

    @field_validator("serial")
    @classmethod
    def _port(cls, serial: str) -> str:
        _refuse_odd(serial)
        if serial.lower().startswith("usb:") and not _USB.fullmatch(serial):
            raise ValueError("is no usb:VID:PID[:SERIAL] of four hex digits each")
        return serial


class CameraSection(Section):
    """The camera: its number or name, the address of a stream (rtsp, http), or the path of a picture or video that
    stands for one; empty for none."""

    source: Annotated[str, Field(max_length=500)] = ""

    @field_validator("source")
    @classmethod
    def _camera(cls, source: str) -> str:
        _refuse_odd(source)
        if "://" in source:
            try:
                address = urlsplit(source)
                known = address.scheme.lower() in _STREAMS and bool(address.hostname)
            except ValueError:
                known = False
            if not known:
                raise ValueError(f"is no address of a stream ({', '.join(_STREAMS)})")
        return source


class ToleranceSection(Section):
    """How far a count may be off before a manager has to approve the close: fen, pieces; "none": as far as it likes.
    What is left out keeps its default."""

    cash_fen: Annotated[int, Field(ge=0)] | Literal["none"] | None = None
    slips: Annotated[int, Field(ge=0)] | Literal["none"] | None = None

    def over(self, default: Tolerance) -> Tolerance:
        """The default with what was changed."""
        given: dict[str, Any] = self.model_dump(exclude_none=True)
        return replace(default, **{name: None if value == "none" else value for name, value in given.items()})


class StaffSection(Section):
    """Somebody taken on at set-up; the PIN is kept only as an argon2 hash in the ledger."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
    name: Text
    role: Role
    pin: Annotated[str, Field(pattern=r"^[0-9]{4,12}$")] | None = None


class Settings(Section):
    """The whole file. `hosts` points official hosts elsewhere and is for the demo alone."""

    demo: bool = False
    store: StoreSection
    secrets: SecretsSection | None = None
    douyin: DouyinSection | None = None
    meituan: MeituanSection | None = None
    dianping: DianpingSection | None = None
    miniprogram: MiniprogramSection | None = None
    wechat_shop: WechatShopSection | None = None
    hosts: dict[str, str] = Field(default_factory=dict)
    limits: LimitsSection = LimitsSection()
    tolerance: dict[Role, ToleranceSection] = Field(default_factory=dict)
    window: WindowSection = WindowSection()
    scanner: ScannerSection = ScannerSection()
    camera: CameraSection = CameraSection()
    listener: ListenerSection = ListenerSection()
    staff: tuple[StaffSection, ...] = ()

    @model_validator(mode="after")
    def _real_stores_talk_to_real_hosts(self) -> "Settings":
        for host, url in self.hosts.items():
            if not self.demo or urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
                raise ValueError(f"hosts: {host} may be pointed elsewhere only in a demo, and only to this machine")
        return self

    @property
    def bindings(self) -> dict[str, BindingSection]:
        """The platforms that this store is bound to, by name."""
        sections = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: section for name, section in sections.items() if isinstance(section, BindingSection)}

    @property
    def secrets_backend(self) -> str:
        """A demo keeps its secrets in a key file, a real store in the keyring unless its owner says otherwise."""
        if self.secrets is not None:
            return self.secrets.backend
        return "key_file" if self.demo else "keyring"


def limits_of(section: LimitsSection) -> Limits:
    """The default limits with what the owner changed."""
    changed: dict[str, Any] = {}
    for name in ("permit", "chain", "recorded", "recorded_by_manager", "isolated"):
        budget: BudgetSection | None = getattr(section, name)
        if budget is not None:
            changed[name] = budget.over(getattr(Limits(), name))
    if section.account_a_day is not None:
        changed["account_a_day"] = section.account_a_day
    if section.max_age_hours:
        changed["max_age_hours"] = Limits().max_age_hours | section.max_age_hours
    return Limits(**changed)


def tolerance_of(sections: Mapping[Role, ToleranceSection]) -> dict[Role, Tolerance]:
    """The default tolerances with what the owner changed."""
    changed = {role: section.over(TOLERANCE.get(role, Tolerance(0, 0))) for role, section in sections.items()}
    return {**TOLERANCE, **changed}


def read(path: Path) -> Settings:
    """The settings in a file. Raises SettingsError(SETTINGS_MISSING, SETTINGS_BROKEN) naming file and field."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError(because(Code.SETTINGS_MISSING, path=str(path))) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(path, "it can't be read as text") from error
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _broken(path, f"not valid TOML: {error}") from error
    except ValidationError as error:
        raise _invalid(path, error) from error


def write(settings: Settings, path: Path) -> None:
    """Write settings without any secret and without PINs, all of them or none. Raises OSError."""
    secret: dict[str, Any] = {name: set(section.SECRETS) for name, section in settings.bindings.items()}
    secret["staff"] = True
    body = settings.model_dump(mode="json", exclude=secret, exclude_none=True)
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(tomli_w.dumps(body))
        file.flush()
        # Otherwise a power cut may leave the new name on an empty file.
        os.fsync(file.fileno())
    part.replace(path)


def amend(path: Path, change: Callable[[Settings], Settings]) -> Settings:
    """Change some of the settings in a file; what somebody wrote into it meanwhile stays. Raises SettingsError."""
    before = read(path)
    try:
        changed = change(before)
        write(changed, path)
    except OSError as error:
        raise _broken(path, "it can't be written") from error
    except ValidationError as error:
        raise _invalid(path, error) from error
    return changed


def with_section(settings: Settings, section: str, changes: Mapping[str, object]) -> Settings:
    """The settings with some fields of one section changed. Raises ValidationError naming the fields."""
    before: Section = getattr(settings, section)
    after = type(before).model_validate({**before.model_dump(), **changes})
    return settings.model_copy(update={section: after})


def _refuse_odd(name: str) -> None:
    if name != name.strip() or not name.isprintable():
        raise ValueError("begins or ends with a blank, or holds characters that can't be seen")


def _invalid(path: Path, error: ValidationError) -> SettingsError:
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return _broken(path, f"{where}: {first['msg']}" if where else first["msg"])


def _broken(path: Path, detail: str) -> SettingsError:
    return SettingsError(because(Code.SETTINGS_BROKEN, path=str(path), detail=detail[:300]), detail[:300])
