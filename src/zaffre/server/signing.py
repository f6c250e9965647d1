"""X.509: an authority of one's own, and a certificate that it signs. Loaded only when one is to be made."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_LIVES = timedelta(days=3650)
_SLACK = timedelta(hours=1)
"""How far into the past a certificate holds: for clocks that are slow."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Two keys and two certificates, as PEM."""

    authority_key: bytes
    authority: bytes
    key: bytes
    certificate: bytes


def renewed(key: bytes, authority: bytes, names: Iterable[str], now: float, seconds: float) -> Paper:
    """A new certificate for ``names``; the authority is the one given, or a new one where that does not serve any more."""
    moment = datetime.fromtimestamp(now, UTC)
    kept = _kept(key, authority, moment + timedelta(seconds=seconds))
    signer, root = kept or _new_authority(moment)
    own = ec.generate_private_key(ec.SECP256R1())
    leaf = _certificate(signer, root, own.public_key(), names, (moment, moment + timedelta(seconds=seconds)))
    told = leaf.public_bytes(serialization.Encoding.PEM) + root.public_bytes(serialization.Encoding.PEM)
    return Paper(_private(signer), root.public_bytes(serialization.Encoding.PEM), _private(own), told)


Authority = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


def _kept(key: bytes, authority: bytes, until: datetime) -> Authority | None:
    """The authority of before, where key and certificate belong together and last longer than what they are to sign."""
    try:
        signer = serialization.load_pem_private_key(key, None)
        root = x509.load_pem_x509_certificate(authority)
        root.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return None
    if not isinstance(signer, ec.EllipticCurvePrivateKey) or root.public_key() != signer.public_key():
        return None
    return (signer, root) if root.not_valid_after_utc > until else None


def _new_authority(now: datetime) -> Authority:
    signer = ec.generate_private_key(ec.SECP256R1())
    # A name of its own: two authorities of one name confuse who trusts both.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Zaffre local authority {os.urandom(4).hex()}")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    root = (
        x509.CertificateBuilder(name, name, signer.public_key(), x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + _AUTHORITY_LIVES)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    return signer, root


def _certificate(
    signer: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    key: ec.EllipticCurvePublicKey,
    names: Iterable[str],
    lives: tuple[datetime, datetime],
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Zaffre")])
    return (
        x509.CertificateBuilder(root.subject, name, key, x509.random_serial_number())
        .not_valid_before(lives[0] - _SLACK)
        .not_valid_after(lives[1])
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
