"""The door over TLS, as in a real shop: kept connections, deadlines and cut answers, and whom it trusts."""

import datetime
import ssl
from pathlib import Path

import pytest
import requests.adapters
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sync.clock import SystemClock
from sync.errors import NeverSent, OutcomeUnknown
from sync.platforms.http import Answer, Door, Question
from tests.platforms.scripted import Scripted, answer, drip, reset, say

GOOD = say(answer(b'{"n":1}'))
GET = Question("GET", "https://open.example.com/thing", "thing", repeatable=True)
POST = Question("POST", "https://open.example.com/thing", "thing", body=b"{}")


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = folder / f"{name}.pem", folder / f"{name}.key"
    certificate_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_path, key_path


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server whose certificate for localhost the client trusts."""
    certificate_path, key_path = certificate(tmp_path, "localhost")
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(certificate_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_path, key_path)
    return context


def ask(server: Scripted, door: Door, question: Question = GET, within_ms: int = 2000) -> Answer:
    return door.ask(question, SystemClock().monotonic_ms() + within_ms)


def door_to(server: Scripted, host: str = "localhost") -> Door:
    return Door(SystemClock(), {"open.example.com": f"https://{host}:{server.port}"})


def test_one_connection_is_kept_and_replaced_when_it_was_closed(tls: ssl.SSLContext) -> None:
    with Scripted([[GOOD, GOOD], [GOOD]], tls=tls).running() as server:
        door = door_to(server)
        assert ask(server, door).body == ask(server, door, POST).body == b'{"n":1}'
        assert server.closed.acquire(timeout=5)
        assert ask(server, door, POST).status == 200
        door.close()


def test_a_dripping_and_a_reset_answer_leave_the_outcome_unknown(tls: ssl.SSLContext) -> None:
    with Scripted([[drip(answer(b" " * 900))], [reset]], tls=tls).running() as server:
        door = door_to(server)
        with pytest.raises(OutcomeUnknown) as caught:
            ask(server, door, POST, within_ms=300)
        assert caught.value.reason.facts["wrong"] == "timeout"
        with pytest.raises(OutcomeUnknown):
            ask(server, door, POST)


def test_another_name_or_an_unknown_issuer_is_not_spoken_to(
    tls: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Scripted([[GOOD], [GOOD]], tls=tls).running() as server:
        with pytest.raises(NeverSent):
            ask(server, door_to(server, "127.0.0.1"), POST)
        stranger, _ = certificate(tmp_path, "stranger")
        monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(stranger))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "localhost.pem"))
        with pytest.raises(NeverSent):
            ask(server, door_to(server), POST)
    assert server.requests == []
