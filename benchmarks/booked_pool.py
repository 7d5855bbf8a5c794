"""A pool of experts with bookings, on a database of each kind, for measurements of times."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert

from app.db import open_engine
from app.domain.availability import Mode
from app.domain.booking import BookingStatus
from app.domain.clock import FixedClock
from app.domain.ids import new_id
from app.domain.need import Channel
from app.models.booking import Booking, Resource, ResourceClaim, ResourceKind
from app.unit_of_work import Store
from tests import databases, postgres
from tests.builders import a_founder, a_need, an_expert, keep
from tests.moments import START, at

EXPERTS = 200
# Each expert has them all, in the month to come.
BOOKED = [f"09-{on} {clock}" for on in range(18, 30, 2) for clock in ("10:00", "15:30")]
MEETING, PAUSE = timedelta(minutes=60), timedelta(minutes=15)


@contextmanager
def booked_pools() -> Iterator[Iterator[tuple[Store, list[UUID]]]]:
    """Give a pool on SQLite and one on a durable PostgreSQL, each with the keys of its experts."""
    postgres.prepare(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="jieban-times-") as folder:
            yield map(_pool, _urls(Path(folder)))
    finally:
        postgres.stop()


def _urls(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{databases.sqlite_template(folder)}"
    server = postgres.url()
    databases.postgresql_template(folder, server)
    databases.create(server, "times", databases.TEMPLATE)
    yield databases.database(server, "times")


def _pool(url: str) -> tuple[Store, list[UUID]]:
    store = Store(open_engine(url), FixedClock(START), databases.AUDIT_KEY)
    experts = [an_expert(store, name=f"E{number}").id for number in range(EXPERTS)]
    founder = a_founder(store)
    need = a_need(store, founder.person_id)
    bookings = [_booking(need.id, founder.person_id, experts[0], at(text)) for text in BOOKED]
    keep(store, *bookings)
    resources = [Resource(kind=ResourceKind.EXPERT, ref_id=key) for key in experts]
    keep(store, *resources)
    claims = [
        {
            "id": new_id(),
            "booking_id": booking.id,
            "resource_id": resource.id,
            "starts_at": booking.starts_at,
            "ends_at": booking.ends_at + PAUSE,
            "is_active": True,
        }
        for booking in bookings
        for resource in resources
    ]
    with store.engine.begin() as connection:
        connection.execute(insert(ResourceClaim.__table__), claims)
    return store, experts


def _booking(need_id: UUID, person_id: UUID, expert_id: UUID, starts_at: datetime) -> Booking:
    return Booking(
        reference=f"YY-{starts_at:%m%d%H%M}",
        need_id=need_id,
        founder_person_id=person_id,
        lead_expert_id=expert_id,
        session_type="consultation",
        mode=Mode.ONSITE,
        starts_at=starts_at,
        ends_at=starts_at + MEETING,
        status=BookingStatus.ACCEPTED,
        channel=Channel.WEB,
        place="",
    )
