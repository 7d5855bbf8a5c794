"""Ed25519 keys of seals, kept in files outside the database (RFC 8032)."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from app.domain.audit_entry import Signature, signed_text
from app.settings import Settings


class SealKeyError(RuntimeError):
    """The file of a key is missing, unreadable or holds another kind of key; the text says so."""


class SealSigner:
    """Signs seals with one private key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key()
        self.key_id = fingerprint(self.public)

    def sign(self, seal_digest: str) -> Signature:
        """Return the signature over the seal."""
        return Signature(self.key_id, self._key.sign(signed_text(seal_digest)).hex())

    def public_pem(self) -> str:
        """Return the public key as others keep it."""
        return self.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class SealChecker:
    """Checks signatures with public keys, found by their fingerprints."""

    def __init__(self, keys: Iterable[Ed25519PublicKey]) -> None:
        self._keys = {fingerprint(key): key for key in keys}

    def public_keys(self) -> tuple[str, ...]:
        """Return the raw public keys in hexadecimal, sorted."""
        return tuple(sorted(key.public_bytes_raw().hex() for key in self._keys.values()))

    def is_valid(self, seal_digest: str, signature: Signature) -> bool:
        """Tell whether the key that the signature names made it, and is one that may."""
        key = self._keys.get(signature.key_id)
        if key is None:
            return False
        try:
            key.verify(bytes.fromhex(signature.value), signed_text(seal_digest))
        except (InvalidSignature, ValueError):
            return False
        return True


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of the raw public key, in hexadecimal; it is printed on reports."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def signer_of(settings: Settings) -> SealSigner | None:
    """Return who signs seals; outside production the key is made at the first call.

    Raises:
        SealKeyError: the file holds no such key.
    """
    if settings.seal_key is None:
        return None
    if settings.is_production:
        return signer_from(settings.seal_key)
    return kept_key(settings.seal_key)


def checker_of(settings: Settings) -> SealChecker | None:
    """Return who checks seals: the present key and former ones, `*.pub.pem` beside its file.

    Raises:
        SealKeyError: one of the files holds no such key.
    """
    signer = signer_of(settings)
    if signer is None or settings.seal_key is None:
        return None
    former = sorted(settings.seal_key.parent.glob("*.pub.pem"))
    return SealChecker([signer.public, *map(_public_key, former)])


def kept_key(path: Path) -> SealSigner:
    """Return the key kept in the file, made at the first call; readable by its owner only.

    Raises:
        SealKeyError: the file holds something else.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Ed25519PrivateKey.generate()
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    except FileExistsError:
        return signer_from(path)
    return SealSigner(made)


def signer_from(path: Path) -> SealSigner:
    """Return the signer whose private key lies in the file, as PEM without a password.

    Raises:
        SealKeyError: there is none.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise SealKeyError(f"{path} cannot be read as a private key: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SealKeyError(f"{path} holds a key of another kind; Ed25519 is wanted")
    return SealSigner(key)


def checker_from(paths: Iterable[Path]) -> SealChecker:
    """Return a checker for the public keys in the files, as PEM.

    Raises:
        SealKeyError: one of them holds none.
    """
    return SealChecker(map(_public_key, paths))


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SealKeyError(f"{path} cannot be read as a public key: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise SealKeyError(f"{path} holds a key of another kind; Ed25519 is wanted")
    return key
