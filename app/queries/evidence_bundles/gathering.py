"""Which rows of which tables a month rests on."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from app.domain.calendar import Month, day_starts_at
from app.models.attachment import Attachment
from app.models.availability import CalendarDay
from app.models.base import Base
from app.models.expert import Appointment
from app.models.log_line import LogLine
from app.models.outcome import Confirmation, Dispute, Outcome, OutcomeVersion
from app.models.period import Adjustment, Period, PublishedFigure, PublishedReport
from app.models.person import PersonAlias, Venture
from app.models.place import Place
from app.models.service_record import Correction, CountingPolicyRow, ServiceRecord
from app.models.service_session import Attendance, ServiceSession
from app.models.stand_down import StandDown
from app.models.venture_registration import VentureRegistration
from app.models.waiver import Waiver
from app.queries.diagnosis_rows import diagnosis_keys
from app.queries.policy_rows import stands
from app.queries.service_counts.neighbours import with_neighbours
from app.unit_of_work import Reader

MOST_KEYS = 500
Keys = Collection[UUID]
Key = TypeVar("Key", UUID, int)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows a closed month rests on, each list in order of its keys.

    `sessions` are all meetings of the month, decided or not, and those of the nights before and
    after that may claim an expert's time twice; `records` all decisions on them,
    `attachments` the files of these meetings, struck or not, `diagnoses` by table all rows about
    diagnoses among them.
    """

    period: Period
    figures: Sequence[PublishedFigure]
    adjustments: Sequence[Adjustment]
    sessions: Sequence[ServiceSession]
    records: Sequence[ServiceRecord]
    policies: Sequence[CountingPolicyRow]
    days: Sequence[CalendarDay]
    attachments: Sequence[Attachment]
    diagnoses: Mapping[type[Base], Sequence[Any]]
    others: Sequence[Base]

    def keys(self) -> set[tuple[str, UUID]]:
        """Return table and key of every row."""
        listed: list[Base] = [self.period, *self.figures, *self.adjustments, *self.sessions]
        listed += [*self.records, *self.policies, *self.days, *self.attachments, *self.others]
        listed += [row for rows in self.diagnoses.values() for row in rows]
        return {(row.__tablename__, row.id) for row in listed}


def rows_of(reader: Reader, period: Period) -> Rows:
    """Return the rows the month rests on."""
    session_ids = _session_ids(reader, Month.parse(period.month))
    sessions = _among(reader, ServiceSession, ServiceSession.id, session_ids)
    outcomes = _among(reader, Outcome, Outcome.service_session_id, session_ids)
    outcome_ids = {row.id for row in outcomes}
    attendances = _among(reader, Attendance, Attendance.service_session_id, session_ids)
    experts = {row.expert_id for row in attendances if row.expert_id}
    needs = {row.need_id for row in sessions if row.need_id}
    of_sessions = [
        row
        for model in (Dispute, Correction, LogLine)
        for row in _among(reader, model, model.service_session_id, session_ids)
    ]
    of_outcomes = [
        row
        for model in (OutcomeVersion, Confirmation)
        for row in _among(reader, model, model.outcome_id, outcome_ids)
    ]
    records = _among(reader, ServiceRecord, ServiceRecord.service_session_id, session_ids)
    kept = _among(reader, PublishedReport, PublishedReport.period_id, {period.id})
    of_people = [
        *_among(reader, Appointment, Appointment.expert_id, experts),
        *_among(reader, StandDown, StandDown.expert_id, experts),
        *_among(reader, Waiver, Waiver.need_id, needs),
        *_all(reader, PersonAlias),
    ]
    return Rows(
        period=period,
        figures=_among(reader, PublishedFigure, PublishedFigure.period_id, {period.id}),
        adjustments=_among(reader, Adjustment, Adjustment.period_id, {period.id}),
        sessions=sessions,
        records=records,
        policies=_policies(reader),
        days=_all(reader, CalendarDay),
        attachments=_among(reader, Attachment, Attachment.service_session_id, session_ids),
        diagnoses=_diagnoses(reader, session_ids),
        others=[
            *outcomes,
            *attendances,
            *of_sessions,
            *of_outcomes,
            *of_people,
            *_of_ventures(reader, _ventures_of(sessions, records)),
            *kept,
        ],
    )


def _of_ventures(reader: Reader, ventures: Keys) -> list[Base]:
    return [
        *_among(reader, Venture, Venture.id, ventures),
        *_among(reader, VentureRegistration, VentureRegistration.venture_id, ventures),
    ]


def _ventures_of(sessions: Iterable[ServiceSession], records: Iterable[ServiceRecord]) -> set[UUID]:
    """Return the ventures the meetings name, as recorded and as decided."""
    recorded = {row.venture_id for row in sessions if row.venture_id}
    named = ((row.inputs or {}).get("venture") for row in records)
    return recorded | {UUID(venture["venture_id"]) for venture in named if venture}


def _diagnoses(reader: Reader, session_ids: Keys) -> dict[type[Base], list[Any]]:
    found: dict[type[Base], list[Any]] = {}
    for some in in_batches(sorted(session_ids)):
        for model, keys in diagnosis_keys(some).items():
            rows = reader.session.scalars(select(model).where(model.id.in_(keys)))
            found.setdefault(model, []).extend(rows)
    return {model: sorted(rows, key=lambda row: row.id) for model, rows in found.items()}


def place_names(reader: Reader) -> frozenset[str]:
    """Return the names of the bureau's own rooms."""
    return frozenset(reader.session.scalars(select(Place.name)))


def _session_ids(reader: Reader, month: Month) -> set[UUID]:
    """Return the meetings ever decided in the month, planned or held in it, and what bears on them.

    A meeting that runs over midnight may lead to the month before or after.
    """
    decided = select(ServiceRecord.service_session_id).where(ServiceRecord.month == str(month))
    starts_at = func.coalesce(ServiceSession.actual_start, ServiceSession.planned_starts_at)
    first, after = day_starts_at(month.first_on), day_starts_at(month.following().first_on)
    held = select(ServiceSession.id).where(starts_at >= first, starts_at < after)
    own = {*reader.session.scalars(decided), *reader.session.scalars(held)}
    return own | with_neighbours(reader, own)


def _among(reader: Reader, model: Any, column: Any, keys: Keys) -> list[Any]:
    found = [
        row
        for some in in_batches(sorted(keys))
        for row in reader.session.scalars(select(model).where(column.in_(some)))
    ]
    return sorted(found, key=lambda row: row.id)


def _all(reader: Reader, model: Any) -> list[Any]:
    return list(reader.session.scalars(select(model).order_by(model.id)))


def _policies(reader: Reader) -> list[CountingPolicyRow]:
    """Return the rows a day is judged by; one withdrawn before its first day never was."""
    rows = select(CountingPolicyRow).where(stands()).order_by(CountingPolicyRow.id)
    return list(reader.session.scalars(rows))


def in_batches(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Yield keys a few hundred at a time, as many as one statement may name."""
    for start in range(0, len(keys), MOST_KEYS):
        yield keys[start : start + MOST_KEYS]
