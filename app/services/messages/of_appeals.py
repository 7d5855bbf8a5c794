"""What a message on an appeal needs to know: the meeting, the deadline, the mentor who appealed."""

from app.models.appeal import Appeal
from app.models.expert import Expert
from app.models.service_session import ServiceSession
from app.services.messages.concern import Concern, text
from app.unit_of_work import UnitOfWork


def of_appeal(uow: UnitOfWork, appeal: Appeal) -> Concern:
    """Return what officers and the mentor are told of an appeal."""
    session = uow.load(ServiceSession, appeal.service_session_id)
    expert = uow.load(Expert, appeal.expert_id)
    return Concern(
        facts={
            "reference": session.reference,
            "deadline": text(appeal.answer_by),
            "mentor": expert.name,
        },
        status=appeal.status.value,
        mentor_person_id=expert.person_id,
        pages={"appeal_id": str(appeal.id), "session_id": str(session.id)},
    )
