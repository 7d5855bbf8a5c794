"""What a message on an expert's term or stand-down is about."""

from app.domain.calendar import day_ends_at
from app.models.expert import Appointment, Expert
from app.models.stand_down import StandDown
from app.services.messages.concern import Concern, text
from app.unit_of_work import UnitOfWork


def of_appointment(uow: UnitOfWork, term: Appointment) -> Concern:
    """Return whose term it is and when it ends."""
    expert = uow.load(Expert, term.expert_id)
    return Concern(
        facts={"mentor": expert.name, "deadline": text(day_ends_at(term.ends_on))},
        status="",
        mentor_person_id=expert.person_id,
        pages={"expert_id": str(expert.id)},
    )


def of_stand_down(uow: UnitOfWork, row: StandDown) -> Concern:
    """Return who stands down and until when."""
    expert = uow.load(Expert, row.expert_id)
    return Concern(
        facts={"mentor": expert.name, "deadline": text(day_ends_at(row.last_on))},
        status="",
        mentor_person_id=expert.person_id,
        pages={"expert_id": str(expert.id)},
    )
