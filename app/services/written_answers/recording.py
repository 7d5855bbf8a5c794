"""An answer as the ledger knows it: a record without a meeting, counted by the piece."""

from sqlalchemy import select

from app.domain.availability import Mode
from app.domain.need import TopicState
from app.domain.outcome import OutcomeStatus
from app.domain.policy_number import PolicyNumber
from app.domain.service_session import Party, ServiceSessionStatus
from app.models.expert import Expert
from app.models.need import Need, NeedTopic
from app.models.outcome import Outcome, OutcomeVersion
from app.models.person import IdentityLevel, Person, Venture
from app.models.service_session import Attendance, ServiceSession
from app.models.written_answer import WrittenAnswer
from app.services import deadlines
from app.services.bookings.answering import department_of
from app.unit_of_work import UnitOfWork

RESULT = "advised"


def record(uow: UnitOfWork, row: WrittenAnswer, answer: str) -> ServiceSession:
    """Return the record of the answer, waiting for the founder's word.

    The moment of sending is its whole time: a piece has no length, and its month is that of the
    day on which it was sent.
    """
    with uow.beyond_scope("the need that the official answers"):
        need = uow.load(Need, row.need_id)
        founder = uow.load(Person, row.person_id)
        expert = uow.load(Expert, row.expert_id)
        session = uow.add(_session(uow, need, row))
    uow.flush()
    parties = (
        Attendance(
            service_session_id=session.id,
            side=Party.FOUNDER,
            person_id=founder.id,
            is_lead=True,
            identity_level=founder.identity_level,
            is_present=True,
        ),
        Attendance(
            service_session_id=session.id,
            side=Party.EXPERT,
            person_id=expert.person_id,
            expert_id=expert.id,
            is_lead=True,
            identity_level=IdentityLevel.DOCUMENT,
            is_present=True,
        ),
    )
    uow.audit("service_session.written", session, *map(uow.add, parties))
    _outcome(uow, session, row.question, answer)
    return session


def _session(uow: UnitOfWork, need: Need, row: WrittenAnswer) -> ServiceSession:
    venture = uow.load(Venture, need.venture_id) if need.venture_id else None
    topic = uow.one(
        select(NeedTopic.code)
        .where(NeedTopic.need_id == need.id, NeedTopic.state != TopicState.STRUCK)
        .order_by(NeedTopic.position)
        .limit(1)
    )
    return ServiceSession(
        reference=uow.reference("service_session"),
        need_id=need.id,
        founder_person_id=need.person_id,
        lead_expert_id=row.expert_id,
        venture_id=need.venture_id,
        session_type=need.session_type,
        topic=topic,
        mode=Mode.ONLINE,
        place="",
        channel=need.channel,
        department=department_of(uow, topic),
        area=venture.area if venture else need.area,
        street=venture.street if venture else need.street,
        industry=venture.industry if venture else need.industry,
        planned_starts_at=uow.now,
        planned_ends_at=uow.now,
        actual_start=uow.now,
        actual_end=uow.now,
        status=ServiceSessionStatus.FINISHED,
        is_written=True,
    )


def _outcome(uow: UnitOfWork, session: ServiceSession, question: str, answer: str) -> None:
    confirm_by = deadlines.duty(uow, PolicyNumber.CONFIRM)
    outcome = uow.add(
        Outcome(
            service_session_id=session.id,
            status=OutcomeStatus.RECORDED,
            record_by=uow.now,
            recorded_at=uow.now,
            confirm_by=confirm_by,
        )
    )
    uow.flush()
    version = uow.add(
        OutcomeVersion(
            outcome_id=outcome.id,
            number=1,
            question=question,
            advice=answer,
            actions=[],
            result=RESULT,
            author_id=uow.actor.account_id,
            created_at=uow.now,
        )
    )
    uow.audit("outcome.recorded", outcome, version)
    uow.flush()
