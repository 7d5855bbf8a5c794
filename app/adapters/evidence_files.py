"""What is handed out for an audit: the archive of a month, and the program to verify it with."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from app.adapters.signing import checker_of
from app.queries.evidence_bundles import Issuer
from app.settings import Settings

_VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verify_bundle.py"


@dataclass(frozen=True, slots=True)
class Program:
    """The stand-alone verifier as it lies with this installation."""

    path: Path
    content: bytes

    @property
    def sha256(self) -> str:
        """Its hash, to compare copies with."""
        return hashlib.sha256(self.content).hexdigest()


def verifier() -> Program:
    """Return the stand-alone verifier."""
    return Program(_VERIFIER, _VERIFIER.read_bytes())


def issuer_of(settings: Settings) -> Issuer:
    """Return who hands bundles out here, with the public keys of its seals."""
    checker = checker_of(settings)
    return Issuer(settings.site_name, checker.public_keys() if checker else ())
