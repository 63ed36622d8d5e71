"""Putting the concrete parts together: the only file that names them."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from sync.clock import Clock
from sync.domain.codes import DIANPING, MEITUAN
from sync.domain.reasons import Code, because
from sync.errors import KnownError, LedgerError, SecretsError, SettingsError
from sync.ledger import ledger as ledger_file
from sync.ledger.ledger import FILE_NAME, Ledger
from sync.ledger.sealing import Sealer
from sync.ledger.writer import connect
from sync.platforms import registry
from sync.platforms.grant import Authorisation
from sync.platforms.http import Door
from sync.platforms.port import Binding, Platform, TrustSource
from sync.secrets.key_file import KeyFile
from sync.secrets.sealed_file import SealedFile
from sync.secrets.store import LEDGER_KEY, TERMINAL_KEY, SecretStore
from sync.secrets.system import Keyring
from sync.services.people import People
from sync.services.profile import Profile
from sync.services.store import Store
from sync.services.timekeeping import Timekeeper
from terminal import settings as settings_file
from terminal.bindings import BindingSection
from terminal.passphrase import passphrase
from terminal.settings import Settings, limits_of, tolerance_of

KEY_FILE_NAME, SEALED_FILE_NAME = "secrets.json", "secrets.sealed"


def open_store(data: Path, clock: Clock, lock_wait_s: float = 5) -> Store:
    """The store in a folder that `initialise` made. Raises KnownError with what to do."""
    settings = settings_file.read(data / settings_file.FILE_NAME)
    secrets = secret_store(settings, data, clock)
    sealer = Sealer(_needed(secrets, LEDGER_KEY), clock)
    terminal_key = _needed(secrets, TERMINAL_KEY)
    ledger = Ledger(data / FILE_NAME, sealer, clock, lock_wait_s)
    try:
        keeper = Timekeeper(ledger, clock)
        door = Door(clock, settings.hosts)
        platforms = _platforms(settings, secrets, clock, keeper, door)
        sources = [source for source in map(registry.trust_source, platforms.values()) if source is not None]
        source: TrustSource | None = sources[0] if sources else None
        told = {name: registry.statement_source(platform) for name, platform in platforms.items()}
        statements = {name: found for name, found in told.items() if found is not None}
        profile = profile_of(settings)
        return Store(ledger, clock, profile, platforms, keeper, source, terminal_key, door.close, statements)
    except BaseException:
        ledger.close()
        raise


def initialise(data: Path, profile: Path, clock: Clock) -> Store:
    """Set a terminal up from a profile, without questions. Raises KnownError. The settings are written last: without
    them a set-up was cut short and may be begun again."""
    settings = settings_file.read(profile)
    if (data / settings_file.FILE_NAME).exists() or _holds_facts(data / FILE_NAME):
        raise KnownError(because(Code.LEDGER_EXISTS, path=str(data)))
    try:
        data.mkdir(parents=True, exist_ok=True)
        secrets = secret_store(settings, data, clock)
        _keep_secrets(settings, secrets, clock)
        _begin_ledger(data / FILE_NAME)
        _take_on(settings, secrets, data, clock)
        settings_file.write(settings, data / settings_file.FILE_NAME)
    except OSError as error:
        raise KnownError(because(Code.LEDGER_READ_ONLY, path=str(data)), str(error.strerror)) from error
    return open_store(data, clock)


def _begin_ledger(path: Path) -> None:
    """An empty ledger in place of what a set-up that was cut short may have left."""
    try:
        with FileLock(path.with_suffix(".lock"), timeout=5):
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            ledger_file.create(path)
    except Timeout as error:
        raise LedgerError(because(Code.LEDGER_IN_USE), "another program holds the ledger") from error


def _holds_facts(path: Path) -> bool:
    """Whether a ledger stands there with more in it than a set-up that was cut short could have left."""
    if not path.exists():
        return False
    try:
        with closing(connect(path, read_only=True)) as connection:
            found = connection.execute("SELECT 1 FROM journal WHERE kind <> 'staff.kept' LIMIT 1").fetchone()
    except sqlite3.Error:
        # What can't be read must not be thrown away.
        return True
    return found is not None


def _take_on(settings: Settings, secrets: SecretStore, data: Path, clock: Clock) -> None:
    ledger = Ledger(data / FILE_NAME, Sealer(_needed(secrets, LEDGER_KEY), clock), clock)
    try:
        people = People(ledger, Timekeeper(ledger, clock), clock)
        for person in settings.staff:
            people.add(person.id, person.name, person.role, person.pin)
    finally:
        ledger.close()


@contextmanager
def authorising(data: Path, platform: str, clock: Clock) -> Iterator[Authorisation]:
    """How the manager authorises this terminal at a platform; nothing else runs over the folder meanwhile, as it would
    go on with the tokens that this replaces. Raises KnownError."""
    settings = settings_file.read(data / settings_file.FILE_NAME)
    if platform not in settings.bindings:
        detail = f"there is no section [{platform[:40]}]"
        raise SettingsError(because(Code.SETTINGS_BROKEN, path=settings_file.FILE_NAME, detail=detail), detail)
    binding = binding_of(platform, settings, secret_store(settings, data, clock))
    door = Door(clock, settings.hosts)
    try:
        with FileLock((data / FILE_NAME).with_suffix(".lock"), timeout=5):
            found = registry.authorisation(binding, door, clock)
            if found is None:
                detail = f"{platform[:40]} needs no authorisation"
                raise SettingsError(because(Code.SETTINGS_BROKEN, path=settings_file.FILE_NAME, detail=detail), detail)
            yield found
    except Timeout as error:
        raise LedgerError(because(Code.LEDGER_IN_USE), "another program holds the ledger") from error
    finally:
        door.close()


def secret_store(settings: Settings, data: Path, clock: Clock) -> SecretStore:
    """The store of secrets that the settings choose."""
    if settings.secrets_backend == "key_file":
        return KeyFile(data / KEY_FILE_NAME)
    if settings.secrets_backend == "sealed_file":
        return SealedFile(data / SEALED_FILE_NAME, clock, passphrase)
    folder = hashlib.sha256(str(data.absolute()).encode()).hexdigest()[:12]
    return Keyring(f"hexiao {settings.store.terminal} {folder}")


def profile_of(settings: Settings) -> Profile:
    """What the services need of the settings."""
    own = settings.miniprogram
    return Profile(
        terminal=settings.store.terminal,
        zone=settings.store.zone,
        cutoff_hour=settings.store.cutoff_hour,
        own_store=own.store if own else "",
        root_key=own.root_key if own else "",
        limits=limits_of(settings.limits),
        tolerance=tolerance_of(settings.tolerance),
        shops=shops_of(settings),
    )


def shops_of(settings: Settings) -> dict[str, str]:
    """What each platform calls this store. Dianping knows it as Meituan does, unless an old contract names it."""
    shops = {name: section.shop for name, section in settings.bindings.items()}
    if MEITUAN in shops:
        shops.setdefault(DIANPING, shops[MEITUAN])
    return shops


def _platforms(
    settings: Settings, secrets: SecretStore, clock: Clock, keeper: Timekeeper, door: Door
) -> dict[str, Platform]:
    bindings = [binding_of(name, settings, secrets) for name in settings.bindings]
    return registry.connect_all(bindings, door, clock, keeper.learnt)


def binding_of(name: str, settings: Settings, secrets: SecretStore) -> Binding:
    """What the registry needs to connect one platform. Raises SecretsError where a secret is wanting."""
    section = settings.bindings[name]
    plain = section.model_dump(mode="json", exclude=set(section.SECRETS), exclude_none=True)
    kept = {secret: _kept(name, secret, section, secrets) for secret in section.SECRETS}

    def keep(secret: str, value: str) -> None:
        secrets.put(f"{name}.{secret}", value.encode())

    present = {secret: value for secret, value in kept.items() if value is not None}
    return Binding(name, plain | {"terminal": settings.store.terminal}, present, keep)


def _kept(platform: str, secret: str, section: BindingSection, secrets: SecretStore) -> str | None:
    name = f"{platform}.{secret}"
    found = secrets.get(name) if secret in section.LATER else _needed(secrets, name)
    return None if found is None else found.decode()


def _keep_secrets(settings: Settings, secrets: SecretStore, clock: Clock) -> None:
    for name in (LEDGER_KEY, TERMINAL_KEY):
        if secrets.get(name) is None:
            secrets.put(name, clock.random_bytes(32))
    for platform, section in settings.bindings.items():
        for secret in section.SECRETS:
            value: str | None = getattr(section, secret)
            if value is not None:
                secrets.put(f"{platform}.{secret}", value.encode())


def _needed(secrets: SecretStore, name: str) -> bytes:
    found = secrets.get(name)
    if found is None:
        detail = f"{name} is not in the secret store"
        raise SecretsError(because(Code.SECRETS_UNAVAILABLE, detail=detail), detail)
    return found
