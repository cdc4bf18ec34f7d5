"""A certificate of one's own, so that a phone's camera may be used against a laptop."""

import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Phones refuse server certificates that live longer.
LIFE = timedelta(days=397)
RENEW_BEFORE = timedelta(days=14)


def certificate(folder: Path, addresses: list[str]) -> tuple[Path, Path]:
    """The files of a certificate and its key for `addresses` (names and IPs), made new when they do not fit."""
    wanted = {*addresses, "localhost", "127.0.0.1", socket.gethostname()}
    paths = folder / "tls-certificate.pem", folder / "tls-key.pem"
    if not _fits(paths, wanted):
        folder.mkdir(parents=True, exist_ok=True)
        _make(paths, wanted)
    return paths


def _fits(paths: tuple[Path, Path], wanted: set[str]) -> bool:
    if not all(path.is_file() for path in paths):
        return False
    kept = x509.load_pem_x509_certificate(paths[0].read_bytes())
    names = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = {str(name.value) for name in names}
    return wanted <= known and kept.not_valid_after_utc - datetime.now(UTC) > RENEW_BEFORE


def _make(paths: tuple[Path, Path], wanted: set[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Enishi on this machine")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFE)
        .add_extension(
            x509.SubjectAlternativeName([_general_name(text) for text in sorted(wanted)]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(paths[1], private)
    _write(paths[0], made.public_bytes(serialization.Encoding.PEM))


def _general_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _write(path: Path, content: bytes) -> None:
    """Readable by its owner only, from the first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
