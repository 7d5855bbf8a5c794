"""`seed reference`, `seed demo`, and what `make run` needs of them."""

from pathlib import Path

import click
from sqlalchemy import select

from app.adapters.attachment_files import files_of
from app.adapters.reference_files import read_reference
from app.adapters.signing import signer_of
from app.cli.command import REFUSED, CommandGroup
from app.cli.demo import Belongings, DemoDistrict
from app.domain.actor import SYSTEM
from app.http.edge import the_settings, the_store
from app.models.duty import DutyPolicyRow
from app.models.expert import Expert
from app.models.point import PointRuleRow
from app.models.signal import SignalPolicyRow
from app.models.vocabulary import Term
from app.services import vocabularies
from app.settings import Environment
from app.unit_of_work import Store
from app.unit_of_work.opening import certificate_key, plan_key

SEEDS = Path(__file__).parents[2] / "seeds"
group = CommandGroup("seed", help="Reference data and the demo district.")


@group.command("reference")
def reference() -> None:
    """Bring vocabularies, calendar days, departments, policy and targets up to the files."""
    click.echo(f"{_reference(the_store())} rows of reference data added or changed")


@group.command("demo")
@click.pass_context
def demo(ctx: click.Context) -> None:
    """Load the demo district into an empty pool."""
    if the_settings().is_production:
        click.echo("the demo district is not for production", err=True)
        ctx.exit(REFUSED)
    store = the_store()
    _reference(store)
    if _has(store, Expert):
        click.echo("the pool is not empty; the demo district stays as it is")
        return
    settings = the_settings()
    own = Belongings(
        signer=signer_of(settings),
        plan_key=plan_key(settings.secret_key),
        certificate_key=certificate_key(settings.secret_key),
        files=files_of(settings),
    )
    events = DemoDistrict(store, SEEDS / "demo", store.clock.now(), own).load()
    click.echo(f"demo district loaded: {events} events of services replayed")


@group.command("start")
@click.pass_context
def start(ctx: click.Context) -> None:
    """Load what is missing at a start: reference data, and in the demo its district."""
    wanted = (Term, DutyPolicyRow, SignalPolicyRow, PointRuleRow)
    if not all(_has(the_store(), model) for model in wanted):
        ctx.invoke(reference)
    if the_settings().environment is Environment.DEMO and not _has(the_store(), Expert):
        ctx.invoke(demo)


def _reference(store: Store) -> int:
    read = vocabularies.Reference(**read_reference(SEEDS / "reference"))
    return store.execute(SYSTEM, vocabularies.import_reference, read)


def _has(
    store: Store, model: type[Expert | Term | DutyPolicyRow | SignalPolicyRow | PointRuleRow]
) -> bool:
    with store.read(SYSTEM) as reader:
        return reader.session.scalars(select(model.id).limit(1)).first() is not None
