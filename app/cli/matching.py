"""`matching`: measured, asked for one need or a round, and taught by what came of its lists."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import click
from sqlalchemy import or_, select

from app.cli.command import CALLED_WRONGLY, REFUSED, CommandGroup, as_json, show
from app.domain.actor import SYSTEM
from app.domain.batch import LARGEST_CAP, Objective, Terms
from app.domain.calendar import Month
from app.domain.errors import NotFoundError
from app.domain.ids import parse_id
from app.domain.proposal import LONGEST_SHORTLIST, SHORTLIST
from app.http.edge import the_store
from app.http.matchers import the_matchers
from app.models.need import Need
from app.models.proposal import MatcherVersion
from app.queries.batches import document as batch_document
from app.queries.matcher_versions import VersionRow, list_versions
from app.queries.proposals import document, list_for_need
from app.services import batches, proposals
from app.unit_of_work import Reader
from matching import EmbeddingEncoder, Matcher, ModelError
from matching.evaluate import Fields, evaluate_folder

group = CommandGroup("matching", help="The matcher: measured, asked, taught.")


@group.command("evaluate", with_appcontext=False)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--fields", type=click.Choice(["text", "full"]), default="full", show_default=True)
@click.option("--embedding-model", type=click.Path(exists=True, file_okay=False, path_type=Path))
@as_json
@click.pass_context
def evaluate(
    context: click.Context,
    folder: Path,
    fields: str,
    embedding_model: Path | None,
    *,
    is_json: bool,
) -> None:
    """Measure the matcher on a test collection; needs no database."""
    encoder = EmbeddingEncoder(str(embedding_model)) if embedding_model else None
    try:
        measured = evaluate_folder(folder, cast(Fields, fields), matcher=Matcher(encoder=encoder))
    except ModelError as error:
        click.echo(str(error), err=True)
        context.exit(CALLED_WRONGLY)
    except (ValueError, OSError) as error:
        click.echo(f"the folder holds no collection: {error}", err=True)
        context.exit(CALLED_WRONGLY)
    show(measured, is_json, "\n".join(_lines(measured)))


@group.command("propose")
@click.option("--need", "ref", required=True, help="Reference, source id or id of the need.")
@click.option("--limit", type=click.IntRange(1, LONGEST_SHORTLIST), default=SHORTLIST)
@as_json
def propose(ref: str, limit: int, *, is_json: bool) -> None:
    """Match one need with the pool of today and print the shortlist with reasons."""
    store = the_store()
    with store.read(SYSTEM) as reader:
        need = _need(reader, ref)
        pool = the_matchers().pool(reader)
    store.execute(SYSTEM, proposals.refresh, need.id, pool, limit)
    with store.read(SYSTEM) as reader:
        page = list_for_need(reader, need.id, limit)
    names = (f"{row.rank}. {row.expert.name} {row.score:.6f}" for row in page.items)
    show(document(page), is_json, "\n".join(names))


@group.command("round")
@click.option("--month", required=True, help="YYYY-MM, in which the pairs are to meet.")
@click.option(
    "--objective",
    type=click.Choice([each.value for each in Objective]),
    default=Objective.TOTAL.value,
    show_default=True,
)
@click.option("--cap", type=click.IntRange(1, LARGEST_CAP), help="The most for one expert.")
@as_json
@click.pass_context
def share_out(
    context: click.Context, month: str, objective: str, cap: int | None, *, is_json: bool
) -> None:
    """Share the pool out over the needs that wait, as a draft; nobody is told."""
    store, terms = the_store(), Terms.usual(Objective(objective), cap)
    made = store.execute(SYSTEM, batches.draft, Month.parse(month), terms, by_job=False)
    with store.read(SYSTEM) as reader:
        pool = proposals.fit_matcher(reader)
    while (parcel := store.execute(SYSTEM, batches.prepare, made.id, pool)) is not None:
        store.execute(SYSTEM, batches.record, batches.compute(parcel))
    with store.read(SYSTEM) as reader:
        told = batch_document(reader, made.id)
    show(told, is_json, "\n".join(_round_lines(told)))
    if told["failure"]:
        context.exit(REFUSED)


@group.command("recompute")
@click.option("--round", "key", required=True, help="Id of the round.")
@as_json
@click.pass_context
def recompute(context: click.Context, key: str, *, is_json: bool) -> None:
    """Compute a round anew from what was kept and say whether it equals its receipt."""
    batch_id = parse_id(key)
    if batch_id is None:
        raise NotFoundError("batch.not_found")
    with the_store().read(SYSTEM) as reader:
        found = batches.recompute(reader, batch_id)
    show(
        {"equal": found.is_equal, **asdict(found)},
        is_json,
        "equal" if found.is_equal else "different",
    )
    if not found.is_equal:
        context.exit(REFUSED)


def _round_lines(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['month']} no. {told['number']}: {told['status']}, id {told['id']}"
    for pair in told["pairs"]:
        yield f"{pair['need']['reference']} {pair['expert']['name']} {pair['score']:.6f}"
    for unmet in told["unmet"]:
        yield f"{unmet['need']['reference']} – {unmet['reason']}"


@group.command("learn")
@as_json
def learn(*, is_json: bool) -> None:
    """Learn a version from what was shown and what came of it; it ranks only once promoted."""
    _tell(the_store().execute(SYSTEM, proposals.learn), is_json)


@group.command("shadow")
@click.option("--number", type=int, help="A version; by default the newest learned.")
@as_json
def shadow(number: int | None, *, is_json: bool) -> None:
    """Let a version make lists beside those shown, kept and seen by nobody."""
    _tell(the_store().execute(SYSTEM, proposals.observe, number), is_json)


@group.command("promote")
@click.option("--number", type=int, help="A version; by default the one in the shadow.")
@as_json
def promote(number: int | None, *, is_json: bool) -> None:
    """Let a version rank; refused unless later needs prove it better than what is live."""
    _tell(the_store().execute(SYSTEM, proposals.promote, number), is_json)


@group.command("rollback")
@as_json
def rollback(*, is_json: bool) -> None:
    """Let what ranked before the live version rank again."""
    restored = the_store().execute(SYSTEM, proposals.roll_back)
    if restored is None:
        show({"live": None}, is_json, "the base score ranks alone")
    else:
        _tell(restored, is_json)


@group.command("versions")
@as_json
def versions(*, is_json: bool) -> None:
    """List what was learned, by whom, with the proof; the newest first."""
    with the_store().read(SYSTEM) as reader:
        found, ranking = list_versions(reader), proposals.ranking_number(reader)
    told = {"learning_is_on": found.learning_is_on, "ranking": ranking, "items": found.items}
    lines = [
        f"learning is {'on' if found.learning_is_on else 'off'}",
        f"version {ranking} ranks" if ranking else "the base score ranks alone",
        *(_line(row) + _beside(row) for row in found.items),
    ]
    show(told, is_json, "\n".join(lines))


@group.command("on")
@as_json
def switch_on(*, is_json: bool) -> None:
    """Switch learning on: the live version ranks, and places are shared out."""
    _switch(is_json, is_on=True)


@group.command("off")
@as_json
def switch_off(*, is_json: bool) -> None:
    """Switch learning off: the base score ranks alone, and no place is shared out."""
    _switch(is_json, is_on=False)


def _switch(is_json: bool, *, is_on: bool) -> None:
    the_store().execute(SYSTEM, proposals.switch_learning, is_on)
    show({"learning_is_on": is_on}, is_json, f"learning is {'on' if is_on else 'off'}")


def _tell(version: MatcherVersion, is_json: bool) -> None:
    told = {
        "number": version.number,
        "name": version.name,
        "state": version.state,
        "learned_until": version.learned_until,
        "evidence": version.evidence,
    }
    show(told, is_json, _line(version))


def _line(version: MatcherVersion | VersionRow) -> str:
    trial = version.evidence["trial"]
    return (
        f"{version.number} {version.name} {version.state.value}: ahead by"
        f" {trial['candidate'] - trial['present']:+.3f} places"
        f" ({trial['low']:+.3f} to {trial['high']:+.3f}) on {trial['needs']} later needs,"
        f" {'proven' if trial['is_won'] else 'not proven'}"
    )


def _beside(row: VersionRow) -> str:
    if row.beside is None:
        return ""
    return (
        f"; in the shadow {row.beside.lists} lists, {row.beside.same_first:.0%} begin with the same"
        f" expert, {row.beside.in_common:.0%} of those shown stand in them"
    )


def _need(reader: Reader, ref: str) -> Need:
    named = or_(Need.reference == ref, Need.source_ref == ref, Need.id == parse_id(ref))
    need = reader.session.scalars(select(Need).where(named).limit(1)).first()
    if need is None:
        raise NotFoundError("need.not_found")
    return need


def _lines(measured: dict[str, Any]) -> list[str]:
    return [f"{name} {value}" for name, value in measured.items()]
