"""`evidence export` and `evidence verifier`: what an auditor gets to count again by himself."""

import hashlib
from pathlib import Path

import click

from app.adapters.evidence_files import issuer_of
from app.adapters.evidence_files import verifier as the_verifier
from app.cli.command import CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.http.edge import the_settings, the_store
from app.queries.evidence_bundles import bundle, pack

group = CommandGroup("evidence", help="Evidence bundles of closed months.")
MOST_ENTRIES = 10_000_000


@group.command("export")
@click.argument("month")
@click.option(
    "--out", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE"
)
@as_json
def export(month: str, out: Path, is_json: bool) -> None:
    """Write the evidence bundle of a closed month, such as 2026-09."""
    with the_store().read(SYSTEM) as reader:
        files = bundle(reader, Month.parse(month), issuer_of(the_settings()), MOST_ENTRIES)
    archive = pack(files)
    try:
        out.write_bytes(archive)
    except OSError as error:
        raise click.BadParameter(str(error), param_hint="--out") from error
    told = {"file": str(out), "bytes": len(archive), "sha256": hashlib.sha256(archive).hexdigest()}
    show(told, is_json, f"{out}: {told['bytes']} bytes, sha256 {told['sha256']}")


@group.command("verifier")
@as_json
def verifier(is_json: bool) -> None:
    """Tell where the stand-alone verifier lies and its SHA-256, to compare copies with."""
    program = the_verifier()
    told = {"file": str(program.path), "sha256": program.sha256}
    show(told, is_json, f"{program.sha256}  {program.path}")
