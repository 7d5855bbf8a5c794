"""Evidence bundles in tests: how one is made, taken apart, changed and verified."""

import importlib.util
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.adapters.signing import SealChecker, SealSigner
from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.domain.service_record import CorrectionOp
from app.queries.evidence_bundles import Issuer, bundle, pack
from app.services import audit_entries
from app.unit_of_work import Store
from tests.journeys.district import District
from tests.journeys.test_closed_month import SEPTEMBER, Autumn, plain_autumn
from tests.scenes import after

SIGNER = SealSigner(Ed25519PrivateKey.from_private_bytes(b"jieban".ljust(32, b".")))
VERIFIER = Path(__file__).parents[1] / "docs" / "verify_bundle.py"
ENTRIES, SEALS = "trail/entries.jsonl", "trail/seals.jsonl"


def load_verifier() -> ModuleType:
    """Return the stand-alone program as a module."""
    spec = importlib.util.spec_from_file_location("verify_bundle", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verifier = load_verifier()


@dataclass(frozen=True)
class Sealed:
    """A closed and amended September, sealed, with what was printed on its report."""

    district: District
    head: tuple[int, str]


def seal(store: Store) -> None:
    store.execute(SYSTEM, audit_entries.seal, store.audit_key(), SIGNER)


@after(plain_autumn)
def sealed_autumn(autumn: Autumn) -> Sealed:
    """Sealed before the closing, after it, which is what the report prints, and after the news."""
    district = autumn.district
    seal(district.store)
    district.close(SEPTEMBER, "10-13 09:00")
    seal(district.store)
    files = exported(district.store)
    manifest = json.loads(files["manifest.json"])
    district.confirm(autumn.f5, autumn.a8, "10-14 10:00")
    strike = CorrectionOp.REMOVE_ATTENDEE
    district.correct(autumn.a2, strike, autumn.f3.person_id, "10-20 10:00")
    seal(district.store)
    return Sealed(district, (manifest["head"]["number"], manifest["head"]["digest"]))


def exported(store: Store, month: Month = SEPTEMBER) -> dict[str, bytes]:
    issuer = Issuer("历城", SealChecker([SIGNER.public]).public_keys())
    with store.read(SYSTEM) as reader:
        return bundle(reader, month, issuer)


def verdict(
    files: dict[str, bytes] | bytes,
    head: tuple[int, str] | None = None,
    fingerprint: str | None = SIGNER.key_id,
) -> list[str]:
    """Return what the program finds wrong, in words."""
    archive = files if isinstance(files, bytes) else pack(files)
    found, _ = verifier.verify(io.BytesIO(archive), fingerprint, head)
    return [verifier.TEXTS[code][0].format(*facts) for code, facts in found.faults]


def with_manifest(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with a manifest that fits them, as whoever changes them would make it."""
    manifest = json.loads(files["manifest.json"])
    others = {name: content for name, content in files.items() if name != "manifest.json"}
    manifest["files"] = {
        name: {"sha256": verifier.hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in others.items()
    }
    return {**others, "manifest.json": json.dumps(manifest).encode()}


def changed(files: dict[str, bytes], name: str, change: Callable[[Any], Any]) -> dict[str, bytes]:
    """Return the files with one of them changed, and the manifest made to fit."""
    value = read(files, name)
    answer = change(value)
    value = value if answer is None else answer
    return with_manifest({**files, name: write(name, value)})


def read(files: dict[str, bytes], name: str) -> Any:
    if name.endswith(".jsonl"):
        return [json.loads(line) for line in files[name].splitlines()]
    return json.loads(files[name])


def write(name: str, value: Any) -> bytes:
    if name.endswith(".jsonl"):
        return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in value)
    return json.dumps(value, ensure_ascii=False).encode()


def raw_archive(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()
