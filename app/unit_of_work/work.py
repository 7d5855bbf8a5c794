"""What a use case holds in its hands: rows, permission, time, audit, words to others."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select, text

from app.domain.actor import SYSTEM, Actor, Permission, may
from app.domain.calendar import DayKind, WorkingCalendar, local_day
from app.domain.errors import ForbiddenError, NotFoundError
from app.models.availability import CalendarDay
from app.models.base import Base
from app.models.job import Job
from app.unit_of_work.scope import ScopedSession
from app.unit_of_work.trail import Trail

Row = TypeVar("Row", bound=Base)
Value = TypeVar("Value")

# Whoever only refers to the row, by a foreign key, need not wait.
_LOCKED = {"key_share": True}
REFERENCE_PREFIXES = {
    "need": "XQ",
    "booking": "YY",
    "service_session": "TZ",
    "dispute": "CJ",
    "sample": "CC",
}


class UnitOfWork:
    """One transaction on behalf of one actor at one instant."""

    def __init__(self, session: ScopedSession, actor: Actor, now: datetime, trail: Trail) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self._trail = trail

    @property
    def today(self) -> date:
        """Return the district's day."""
        return local_day(self.now)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Return the published calendar as it stands in this transaction."""
        rows = self.session.execute(
            select(CalendarDay.day, CalendarDay.kind).where(~CalendarDay.is_withdrawn)
        )
        return WorkingCalendar({day: DayKind(kind) for day, kind in rows})

    def read_calendar(self) -> WorkingCalendar:
        """Return the calendar read anew, which holds from now on: its days have changed."""
        self.__dict__.pop("calendar", None)
        return self.calendar

    def load(self, model: type[Row], key: UUID, *, lock: bool = False) -> Row:
        """Return the row, locked until the end of the transaction when asked.

        Raises:
            NotFoundError: when there is none or the actor may not know of it.
        """
        row = self.session.get(model, key, with_for_update=_LOCKED if lock else None)
        if row is None:
            raise NotFoundError(f"{_noun(model)}.not_found")
        return row

    def one(self, statement: Select[Value]) -> Value | None:
        """Return the only value in scope, None when there is none."""
        return self.session.scalars(statement).one_or_none()

    def all(self, statement: Select[Value]) -> Sequence[Value]:
        """Return the values in scope."""
        return self.session.scalars(statement).all()

    def add(self, row: Row) -> Row:
        """Keep a new row; it is written with the next flush."""
        self.session.add(row)
        return row

    def require(self, permission: Permission, *, experts: frozenset[UUID] | None = None) -> None:
        """Refuse an actor who is not allowed, or does not act for one of the experts.

        Raises:
            ForbiddenError: naming the permission.
        """
        if not may(self.actor, permission, experts=experts):
            raise ForbiddenError(permission=permission.value)

    @contextmanager
    def beyond_scope(self, reason: str) -> Iterator[None]:
        """See all rows for a while; the reason is written into this transaction's audit."""
        if reason not in self._trail.reasons:
            self._trail.reasons.append(reason)
        own, self.session.actor = self.session.actor, SYSTEM
        try:
            yield
        finally:
            self.session.actor = own

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Try a part of the use case; when it is refused, nothing of that part remains."""
        with self._trail.attempt(), self.session.begin_nested():
            yield

    def audit(self, action: str, *rows: Base, **facts: object) -> None:
        """Append one entry for each row to the trail, with the row as it will be committed."""
        self._trail.pending.extend((action, row, dict(facts)) for row in rows)

    def tell(
        self, event: str, subject: Base, *, revision: int | None = None, **facts: object
    ) -> None:
        """Have everybody concerned told, once for each revision, by default the row's version."""
        if revision is None:
            revision = getattr(subject, "version", None) or 1
            revision += subject in self.session.dirty
        self.later(
            "notify",
            f"notify:{event}:{subject.id}:{revision}",
            self.now,
            subject_id=subject.id,
            payload={"event": event, "revision": revision, **facts},
        )

    def later(
        self,
        kind: str,
        key: str,
        run_at: datetime,
        *,
        subject_id: UUID | None = None,
        payload: dict[str, Any] | None = None,
        not_after: datetime | None = None,
    ) -> Job:
        """Have a job done at the business time, once for each key."""
        return self.add(
            Job(
                kind=kind,
                dedupe_key=key,
                subject_id=subject_id,
                payload=payload or {},
                run_at=run_at,
                not_after=not_after,
                # What is planned for a moment that has passed is not late for that.
                due_at=self.now if run_at < self.now else None,
            )
        )

    def reference(self, noun: str) -> str:
        """Return the next reference of the noun that people see, such as XQ2026-000123."""
        if self.session.get_bind().dialect.name == "postgresql":
            statement = text(f"SELECT nextval('reference_{noun}')")
            number = self.session.execute(statement).scalar_one()
        else:
            statement = text(
                "INSERT INTO reference_numbers (noun, last) VALUES (:noun, 1)"
                " ON CONFLICT (noun) DO UPDATE SET last = last + 1 RETURNING last"
            )
            number = self.session.execute(statement, {"noun": noun}).scalar_one()
        return f"{REFERENCE_PREFIXES[noun]}{self.today.year}-{number:06d}"

    def flush(self) -> None:
        """Send what was changed to the database, so that its constraints speak now."""
        self.session.flush()


def _noun(model: type[Base]) -> str:
    name = model.__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
