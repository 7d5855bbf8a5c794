"""What every story of the demo needs: the store, the parts, the staff and the files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select

from app.cli.demo.history import Cast
from app.domain.actor import SYSTEM, Actor, Role
from app.domain.calendar import WorkingCalendar
from app.domain.clock import FixedClock
from app.models.need import Need
from app.models.outcome import Outcome
from app.models.service_session import ServiceSession
from app.unit_of_work import Store

Told = Mapping[str, Any]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the demo is played; everything on it is done by somebody, at the time of the clock."""

    store: Store
    clock: FixedClock
    folder: Path
    cast: Cast
    staff: Mapping[Role, Actor]
    calendar: WorkingCalendar
    until: datetime

    def by(self, who: Role | Actor, use_case: Callable[..., Value], *args: Any, **how: Any) -> Any:
        """Have one of the staff, or whoever is given, do something, and return what it returns."""
        actor = self.staff[who] if isinstance(who, Role) else who
        return self.store.execute(actor, use_case, *args, **how)

    def told(self, name: str) -> Any:
        """Return what a file of the demo tells."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def find(self, statement: Select[Value]) -> Value:
        """Return the only value there is."""
        with self.store.read(SYSTEM) as reader:
            return reader.session.scalars(statement).one()

    def need(self, ref: str) -> Need:
        """Return a need by its reference in the files."""
        return self.find(select(Need).where(Need.source_ref == ref))

    def session(self, story: str) -> ServiceSession:
        """Return the meeting of a story of the history."""
        booking_id = self.cast.bookings[story]
        return self.find(select(ServiceSession).where(ServiceSession.booking_id == booking_id))

    def mentor_of(self, session: ServiceSession) -> Actor:
        """Return who led a meeting."""
        experts = self.cast.experts
        return next(
            self.cast.mentors[ref] for ref in experts if experts[ref] == session.lead_expert_id
        )

    def outcome(self, session_id: UUID) -> Outcome:
        """Return the outcome of a meeting."""
        return self.find(select(Outcome).where(Outcome.service_session_id == session_id))


def instant(text: str) -> datetime:
    """Return the instant a file tells."""
    return datetime.fromisoformat(text)
