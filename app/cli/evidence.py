"""`evidence export` and `evidence verifier`: what an auditor gets to count again by himself."""

import hashlib
from pathlib import Path

import click

from app.adapters.signing import checker_of
from app.cli.command import CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.http.edge import the_settings, the_store
from app.queries.evidence_bundles import Issuer, bundle, pack

group = CommandGroup("evidence", help="Evidence bundles of closed months.")
VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verify_bundle.py"
MOST_ENTRIES = 10_000_000


@group.command("export")
@click.argument("month")
@click.option(
    "--out", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE"
)
@as_json
def export(month: str, out: Path, is_json: bool) -> None:
    """Write the evidence bundle of a closed month, such as 2026-09."""
    settings = the_settings()
    checker = checker_of(settings)
    issuer = Issuer(settings.site_name, checker.public_keys() if checker else ())
    with the_store().read(SYSTEM) as reader:
        archive = pack(bundle(reader, Month.parse(month), issuer, MOST_ENTRIES))
    out.write_bytes(archive)
    told = {"file": str(out), "bytes": len(archive), "sha256": hashlib.sha256(archive).hexdigest()}
    show(told, is_json, f"{out}: {told['bytes']} bytes, sha256 {told['sha256']}")


@group.command("verifier")
@as_json
def verifier(is_json: bool) -> None:
    """Tell where the stand-alone verifier lies and its SHA-256, to compare copies with."""
    told = {"file": str(VERIFIER), "sha256": hashlib.sha256(VERIFIER.read_bytes()).hexdigest()}
    show(told, is_json, f"{told['sha256']}  {told['file']}")
