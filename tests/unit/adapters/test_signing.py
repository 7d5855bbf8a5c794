"""Keys of seals: made once, kept apart, told apart."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from app.adapters.signing import (
    SealChecker,
    SealKeyError,
    SealSigner,
    checker_from,
    checker_of,
    kept_key,
    signer_from,
    signer_of,
)
from app.domain.audit_entry import Signature, signed_text
from app.settings import Environment
from tests.serving import settings

# RFC 8032, section 7.1, test 2.
SECRET = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
DIGEST = "ab" * 32


@pytest.fixture
def signer() -> SealSigner:
    return SealSigner(Ed25519PrivateKey.from_private_bytes(SECRET))


def test_the_key_is_the_one_of_the_standard(signer: SealSigner) -> None:
    assert signer.public.public_bytes_raw().hex() == PUBLIC
    key = Ed25519PrivateKey.from_private_bytes(SECRET)
    assert key.sign(b"\x72").hex().startswith("92a009a9f0d4cab8720e820b5f642540")


def test_a_signature_holds_for_its_seal_and_key_alone(signer: SealSigner) -> None:
    checker, made = SealChecker([signer.public]), signer.sign(DIGEST)
    assert checker.is_valid(DIGEST, made)
    assert not checker.is_valid("cd" * 32, made)
    assert not checker.is_valid(DIGEST, Signature(made.key_id, made.value[::-1]))
    assert not checker.is_valid(DIGEST, Signature(made.key_id, "no hexadecimal"))
    assert not checker.is_valid(DIGEST, Signature("0" * 64, made.value))
    assert signed_text(DIGEST) == b"jieban seal v1:" + b"ab" * 32


def test_a_key_is_made_once_and_its_owner_alone_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "var" / "seal_key.pem"
    first = kept_key(path)
    assert kept_key(path).key_id == first.key_id == signer_from(path).key_id
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_production_never_makes_a_key(tmp_path: Path) -> None:
    path = tmp_path / "seal_key.pem"
    production = settings(environment=Environment.PRODUCTION, seal_key=path)
    with pytest.raises(SealKeyError, match="cannot be read as a private key"):
        signer_of(production)
    assert not path.exists()
    assert signer_of(settings()) is None
    assert checker_of(settings()) is None


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    path, pub = tmp_path / "other.pem", tmp_path / "other.pub.pem"
    other = X25519PrivateKey.generate()
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    pub.write_bytes(public)
    with pytest.raises(SealKeyError, match="another kind"):
        signer_from(path)
    with pytest.raises(SealKeyError, match="another kind"):
        checker_from([pub])
    pub.write_text("nonsense")
    with pytest.raises(SealKeyError, match="cannot be read as a public key"):
        checker_from([pub])


def test_after_a_change_of_keys_the_former_still_counts(tmp_path: Path) -> None:
    former = kept_key(tmp_path / "former.pem")
    (tmp_path / "2025.pub.pem").write_text(former.public_pem())
    now = settings(seal_key=tmp_path / "seal_key.pem")
    checker = checker_of(now)
    assert checker is not None
    assert checker.is_valid(DIGEST, former.sign(DIGEST))
    present = signer_of(now)
    assert present is not None
    assert present.key_id != former.key_id
    assert checker.is_valid(DIGEST, present.sign(DIGEST))
    outside = checker_from([tmp_path / "2025.pub.pem"])
    assert not outside.is_valid(DIGEST, present.sign(DIGEST))
