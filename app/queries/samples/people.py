"""One record drawn as its caller reads it: what the record says, whom to ask, the calls made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.errors import NotFoundError
from app.domain.sample import Difference, SampleResult
from app.domain.service_session import Party
from app.models.account import Account
from app.models.expert import Expert
from app.models.person import Person
from app.models.sample import Sample, SampleCall
from app.models.service_record import Correction, CorrectionStatus
from app.models.service_session import Attendance, ServiceSession
from app.queries.free_times import Look
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody of the founder's side who can be asked, and whether he is recorded as present."""

    id: UUID
    name: str
    phone: str | None
    is_present: bool


@dataclass(frozen=True, slots=True)
class CallMade:
    """A call about a record; `correction` is what was proposed because of it."""

    id: UUID
    called: str
    called_at: datetime
    result: SampleResult
    differs: tuple[Difference, ...]
    said: str | None
    officer: str | None
    correction: CorrectionStatus | None


@dataclass(frozen=True, slots=True)
class CallTold:
    """A call that found a difference, as the reason of a correction names it."""

    id: UUID
    reference: str
    place: int
    called: str
    called_at: datetime
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """One record drawn: what is to be asked about, whom, and what was said."""

    sample: Sample
    place: int
    session: ServiceSession
    expert: str
    people: tuple[Asked, ...]
    calls: tuple[CallMade, ...]
    may_call: bool

    @property
    def answer(self) -> CallMade | None:
        """The call that reached somebody."""
        return next((e for e in self.calls if e.result is not SampleResult.NOT_REACHED), None)


def callable_ids(look: Look, session: ServiceSession) -> set[UUID]:
    """Return the persons of the founder's side of a meeting."""
    rows = look.session.scalars(
        select(Attendance.person_id).where(
            Attendance.service_session_id == session.id,
            Attendance.side == Party.FOUNDER,
            Attendance.voided_at.is_(None),
        )
    )
    asker = {session.founder_person_id} if session.founder_person_id else set()
    return {*rows, *asker}


def record_page(reader: Reader, sample_id: UUID, session_id: UUID) -> RecordPage:
    """Return one record drawn.

    Raises:
        NotFoundError: there is no such sample, or the meeting was not drawn.
    """
    sample = reader.session.get(Sample, sample_id)
    if sample is None:
        raise NotFoundError("sample.not_found")
    if str(session_id) not in sample.session_ids:
        raise NotFoundError("sample.not_drawn")
    session, expert = reader.session.execute(
        select(ServiceSession, Expert.name)
        .join(Expert, Expert.id == ServiceSession.lead_expert_id)
        .where(ServiceSession.id == session_id)
    ).one()
    calls = calls_of(reader, sample_id).get(session_id, ())
    return RecordPage(
        sample=sample,
        place=sample.session_ids.index(str(session_id)) + 1,
        session=session,
        expert=expert,
        people=_people(reader, session),
        calls=calls,
        may_call=may(reader.actor, Permission.CALL_SAMPLE)
        and all(each.result is SampleResult.NOT_REACHED for each in calls),
    )


def call_told(reader: Reader, call_id: UUID) -> CallTold:
    """Return the call behind a correction.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    found = reader.session.execute(
        select(SampleCall, Sample)
        .join(Sample, Sample.id == SampleCall.sample_id)
        .where(SampleCall.id == call_id)
    ).first()
    if found is None:
        raise NotFoundError("sample.call_not_found")
    call, sample = found
    place = sample.session_ids.index(str(call.service_session_id)) + 1
    return CallTold(call.id, sample.reference, place, call.called, call.called_at, call.said or "")


def calls_of(reader: Reader, sample_id: UUID) -> Mapping[UUID, tuple[CallMade, ...]]:
    """Return the calls of a sample by meeting, each in the order they were made."""
    rows = reader.session.execute(
        select(SampleCall, Correction.status)
        .outerjoin(Correction, Correction.sample_call_id == SampleCall.id)
        .where(SampleCall.sample_id == sample_id)
        .order_by(SampleCall.called_at, SampleCall.id, Correction.made_at)
    ).all()
    with reader.beyond_scope("colleagues who made calls, by name"):
        accounts = select(Account.id, Account.name).where(
            Account.id.in_({call.officer_id for call, _ in rows})
        )
        names = {key: name for key, name in reader.session.execute(accounts)}
    found: dict[UUID, dict[UUID, CallMade]] = {}
    for call, status in rows:
        # The newest correction of a call is the one that tells.
        made = _made(call, status, names.get(call.officer_id))
        found.setdefault(call.service_session_id, {})[call.id] = made
    return {key: tuple(calls.values()) for key, calls in found.items()}


def _made(call: SampleCall, status: CorrectionStatus | None, officer: str | None) -> CallMade:
    return CallMade(
        id=call.id,
        called=call.called,
        called_at=call.called_at,
        result=call.result,
        differs=tuple(Difference(code) for code in call.differs.split()),
        said=call.said,
        officer=officer,
        correction=status,
    )


def _people(reader: Reader, session: ServiceSession) -> tuple[Asked, ...]:
    keys = callable_ids(reader, session)
    present = set(
        reader.session.scalars(
            select(Attendance.person_id).where(
                Attendance.service_session_id == session.id, Attendance.is_present
            )
        )
    )
    rows = reader.session.execute(
        select(Person.id, Person.name, Person.phone).where(Person.id.in_(keys)).order_by(Person.id)
    )
    return tuple(Asked(key, name, phone, key in present) for key, name, phone in rows)
