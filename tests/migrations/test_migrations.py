import re
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from app.adapters.schema import MIGRATIONS, downgrade, is_newest, upgrade
from app.db import metadata, open_engine
from app.domain.actor import SYSTEM, Actor
from app.domain.availability import Mode
from app.domain.booking import status_pairs
from app.domain.ids import new_id
from app.domain.proposal import PlacedBy
from app.models import guards
from app.models.booking import ResourceClaim
from app.models.expert import Expert
from app.models.outcome import Outcome
from app.models.proposal import Proposal
from app.models.service_session import ServiceSession
from app.services import bookings, service_sessions
from app.services.bookings import Choice
from app.unit_of_work import Store, UnitOfWork, unscoped
from tests import databases
from tests.builders import a_founder, a_mentor, a_need, a_shortlist, an_expert
from tests.moments import at
from tests.turns import DIALECTS
from tests.turns import on_both as dialect

__all__ = ["dialect"]

VERSIONS = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))


@pytest.fixture
def empty(dialect: str, tmp_path: Path, request: pytest.FixtureRequest):
    yield from _empty(dialect, tmp_path / "empty.db", request)


@pytest.fixture
def created(dialect: str, tmp_path: Path, request: pytest.FixtureRequest):
    for engine in _empty(dialect, tmp_path / "created.db", request):
        metadata.create_all(engine)
        yield engine


def _empty(dialect: str, path: Path, request: pytest.FixtureRequest):
    if dialect == "sqlite":
        engine = open_engine(f"sqlite:///{path}")
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"empty_{path.parent.name}_{path.stem}"[:60].lower()
    databases.create(server, name)
    engine = open_engine(databases.database(server, name))
    yield engine
    engine.dispose()
    databases.drop(server, name)


def shape(engine: Engine) -> dict:
    inspector = inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"])
                for column in inspector.get_columns(table)
            },
            # SQLite does not tell the name of a key that came with a new column.
            "keys": sorted(
                str({**key, "name": None} if engine.dialect.name == "sqlite" else key)
                for key in inspector.get_foreign_keys(table)
            ),
            "unique": sorted(
                str(sorted(u.items(), key=str)) for u in inspector.get_unique_constraints(table)
            ),
            "checks": sorted(
                (check["name"], re.sub(r"\s+", " ", check["sqltext"]))
                for check in inspector.get_check_constraints(table)
            ),
            "indexes": sorted(
                (index["name"], str(index["column_names"]))
                for index in inspector.get_indexes(table)
            ),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def laws(engine: Engine) -> list[str]:
    if engine.dialect.name == "sqlite":
        query = "SELECT name || sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
    else:
        query = (
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
            " UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'x' UNION ALL SELECT proname || prosrc FROM pg_proc"
            " WHERE proname LIKE 'refuse_%' UNION ALL SELECT sequencename FROM pg_sequences"
            " ORDER BY 1"
        )
    with engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())


def test_numbers_run_from_one_without_gaps_and_each_follows_the_last() -> None:
    numbers = [path.name[:4] for path in VERSIONS]
    assert numbers == [f"{number:04d}" for number in range(1, len(VERSIONS) + 1)]
    for before, path in zip([None, *numbers], VERSIONS, strict=False):
        assert f"down_revision = {before!r}".replace("'", '"') in path.read_text()


def test_migrating_gives_what_the_models_say(empty: Engine, created: Engine) -> None:
    upgrade(empty)
    assert shape(empty) == shape(created)
    assert laws(empty) == laws(created)


def test_up_down_and_up_again_ends_where_it_was(empty: Engine) -> None:
    upgrade(empty)
    first = shape(empty), laws(empty)
    downgrade(empty, "base")
    assert shape(empty) == {}
    upgrade(empty)
    assert (shape(empty), laws(empty)) == first


def test_every_migration_goes_down_one_step_and_up_again(empty: Engine) -> None:
    upgrade(empty)
    for number in range(len(VERSIONS) - 1, 0, -1):
        downgrade(empty, f"{number:04d}")
        assert not is_newest(empty)
    upgrade(empty)
    assert is_newest(empty)


def test_the_database_lets_pass_exactly_the_steps_of_the_domain(engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT from_status, to_status FROM booking_transitions"))
        assert {tuple(row) for row in rows} == status_pairs()


def test_lists_made_before_places_were_logged_count_as_made_by_score_alone(
    engine: Engine, store: Store
) -> None:
    need = a_need(store, a_founder(store).person_id)
    a_shortlist(store, need, an_expert(store))
    with unscoped():
        downgrade(engine, "0012")
        upgrade(engine)
    with store.read(SYSTEM) as reader:
        (row,) = reader.session.scalars(select(Proposal))
    assert (row.propensity, row.placed_by) == (1.0, PlacedBy.SCORE)


def test_meetings_and_claims_keep_their_rows_while_their_tables_are_made_anew(
    engine: Engine, store: Store
) -> None:
    founder = a_founder(store)
    session_id = a_held_meeting(store, founder, an_expert(store))
    (step,) = (path.name[:4] for path in VERSIONS if "meetings_of_activities" in path.name)
    with unscoped():
        downgrade(engine, f"{int(step) - 1:04d}")
        upgrade(engine)
    with store.read(SYSTEM) as reader:
        (session,) = reader.session.scalars(select(ServiceSession))
        (outcome,) = reader.session.scalars(select(Outcome))
        (claim,) = reader.session.scalars(select(ResourceClaim))
    assert (session.id, session.founder_person_id, session.activity_id) == (
        session_id, founder.person_id, None,
    )  # fmt: skip
    assert (outcome.service_session_id, claim.booking_id) == (session_id, session.booking_id)
    # Foreign keys to the table made anew are the database's law again.
    with unscoped(), engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(update(Outcome.__table__).values(service_session_id=new_id()))


def a_held_meeting(store: Store, founder: Actor, expert: Expert) -> UUID:
    need = a_need(store, founder.person_id)
    choice = Choice(
        need_id=need.id, expert_id=expert.id, starts_at=at("09-18 14:00"), mode=Mode.ONSITE
    )
    booking = store.execute(founder, bookings.request_now, choice)
    store.execute(a_mentor(store, expert), bookings.accept, booking.id)

    def use_case(uow: UnitOfWork) -> UUID:
        session = uow.session.scalars(select(ServiceSession)).one()
        uow.audit("test.built", service_sessions.open_outcome(uow, session))
        for claim in uow.session.scalars(select(ResourceClaim)).all()[1:]:
            uow.session.delete(claim)
        return session.id

    return store.execute(SYSTEM, use_case)


def test_the_guard_files_hold_what_the_models_say() -> None:
    for kind in DIALECTS:
        held = (MIGRATIONS / "guards" / f"0010_{kind}.sql").read_text()
        assert tuple(held.strip().split("\n\n")) == guards.statements(kind)


def test_a_table_that_came_later_is_guarded_by_its_own_migration() -> None:
    held = "".join(path.read_text(encoding="utf-8") for path in VERSIONS)
    # By its number or, as that may still change until it is merged, by its name.
    made = {path.name[:4] for path in VERSIONS} | {path.stem[5:] for path in VERSIONS}
    for migration, tables in guards.NEVER_DELETED_SINCE.items():
        assert migration in made
        assert all(f"tr_{table}_delete" in held for table in tables)
    for migration, tables in guards.APPEND_ONLY_SINCE.items():
        assert migration in made
        assert all(f"tr_{table}_update" in held for table in tables)
