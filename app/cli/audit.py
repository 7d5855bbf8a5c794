"""`audit seal` and `audit verify`."""

import json

import click

from app.cli.command import REFUSED, CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.http.edge import the_store
from app.services import audit_entries

group = CommandGroup("audit", help="The trail: sealing and proof.")


@group.command("seal")
@as_json
def seal(is_json: bool) -> None:
    """Seal every entry that waits; exit 1 when some are refused."""
    store = the_store()
    batch = store.execute(SYSTEM, audit_entries.seal, store.audit_key())
    sealed = batch.entries
    while batch.is_full:
        batch = store.execute(SYSTEM, audit_entries.seal, store.audit_key())
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
@as_json
def verify(heads: tuple[str, ...], is_json: bool) -> None:
    """Compare the trail with itself, its seals and every ledger row; exit 1 on any fault."""
    published = dict(_head(text) for text in heads)
    store = the_store()
    with store.read(SYSTEM) as reader:
        report = audit_entries.verify(reader, store.audit_key(), published)
    lines = [
        f"{report.entries} entries, {report.seals} seals, {report.rows} rows, "
        f"{report.total} faults",
        *(json.dumps(fault, ensure_ascii=False) for fault in report.faults),
    ]
    show(report.as_json(), is_json, "\n".join(lines))
    if not report.is_ok:
        raise SystemExit(REFUSED)


def _head(text: str) -> tuple[int, str]:
    number, colon, digest = text.partition(":")
    if not colon or not number.isdigit() or not digest:
        raise click.BadParameter("write a head as NUMBER:DIGEST", param_hint="--head")
    return int(number), digest
