"""`audit seal`, `audit verify`, and samples drawn again."""

import json
from pathlib import Path

import click

from app.adapters.signing import checker_from, checker_of, signer_of
from app.cli.command import REFUSED, CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.http.edge import the_settings, the_store
from app.queries.samples import redraw, sample_list
from app.services import audit_entries

group = CommandGroup("audit", help="The trail: sealing and proof.")


@group.command("seal")
@as_json
def seal(is_json: bool) -> None:
    """Seal every entry that waits; exit 1 when some are refused."""
    store, signer = the_store(), signer_of(the_settings())
    batch = store.execute(SYSTEM, audit_entries.seal, store.audit_key(), signer)
    sealed = batch.entries
    while batch.is_full:
        batch = store.execute(SYSTEM, audit_entries.seal, store.audit_key(), signer)
        sealed += batch.entries
    answer = {"sealed": sealed, "refused": [str(key) for key in batch.refused]}
    show(answer, is_json, f"sealed {sealed}, refused {len(batch.refused)}")
    if batch.refused:
        raise SystemExit(REFUSED)


@group.command("verify")
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="NUMBER:DIGEST",
    help="A seal as it was published earlier; may be given several times.",
)
@click.option(
    "--public-key",
    "keys",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A public key as PEM: believe it alone, and nothing that this installation keeps secret.",
)
@as_json
def verify(heads: tuple[str, ...], keys: tuple[Path, ...], is_json: bool) -> None:
    """Compare the trail with itself, its seals and every ledger row; exit 1 on any fault."""
    published = dict(_head(text) for text in heads)
    store = the_store()
    own = None if keys else store.audit_key()
    checker = checker_from(keys) if keys else checker_of(the_settings())
    with store.read(SYSTEM) as reader:
        report = audit_entries.verify(reader, own, published, checker)
    lines = [
        f"{report.entries} entries, {report.seals} seals, {report.rows} rows, "
        f"{report.total} faults",
        *(json.dumps(fault, ensure_ascii=False) for fault in report.faults),
    ]
    show(report.as_json(), is_json, "\n".join(lines))
    if not report.is_ok:
        raise SystemExit(REFUSED)


@group.command("key")
@as_json
def key(is_json: bool) -> None:
    """Show the public key of the seals and its fingerprint, as printed on reports."""
    signer = signer_of(the_settings())
    if signer is None:
        raise click.ClickException("this installation has no key for seals")
    pem = signer.public_pem()
    show({"fingerprint": signer.key_id, "public_key": pem}, is_json, f"{signer.key_id}\n{pem}")


@group.group("sample")
def sample() -> None:
    """Samples drawn for an audit."""


@sample.command("verify")
@click.argument("references", nargs=-1, metavar="[REFERENCE]...")
@as_json
def verify_samples(references: tuple[str, ...], is_json: bool) -> None:
    """Draw samples again from their seeds, all or some; exit 1 where another draw comes out."""
    with the_store().read(SYSTEM) as reader:
        known = {row.sample.reference: row.sample for row in sample_list(reader)}
        unknown = sorted(set(references) - known.keys())
        if unknown:
            raise click.BadParameter(f"no such sample: {', '.join(unknown)}")
        again = [redraw(reader, known[name]) for name in references or sorted(known)]
    answer = {
        "ok": all(each.is_same for each in again),
        "samples": [
            {"reference": each.reference, "ok": each.is_same, "faults": list(each.faults)}
            for each in again
        ],
    }
    lines = [f"{each.reference}: {', '.join(each.faults) or 'the same'}" for each in again]
    show(answer, is_json, "\n".join(lines) or "no sample has been drawn")
    if not answer["ok"]:
        raise SystemExit(REFUSED)


def _head(text: str) -> tuple[int, str]:
    number, colon, digest = text.partition(":")
    if not colon or not number.isdigit() or not digest:
        raise click.BadParameter("write a head as NUMBER:DIGEST", param_hint="--head")
    return int(number), digest
