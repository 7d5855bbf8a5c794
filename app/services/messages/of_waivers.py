"""What a message on a waiver needs to know: for whom, and which ties it covers."""

from sqlalchemy import select

from app.models.expert import Expert
from app.models.need import Need
from app.models.person import Person
from app.models.vocabulary import Term
from app.models.waiver import Waiver
from app.services.messages.concern import Concern
from app.unit_of_work import UnitOfWork


def of_waiver(uow: UnitOfWork, waiver: Waiver) -> Concern:
    """Return what is told of a waiver."""
    need, expert = uow.load(Need, waiver.need_id), uow.load(Expert, waiver.expert_id)
    kinds = uow.all(
        select(Term)
        .where(Term.vocabulary == "conflict_type", Term.code.in_(waiver.kinds))
        .order_by(Term.position)
    )
    return Concern(
        facts={
            "founder": uow.load(Person, need.person_id).name,
            "mentor": expert.name,
            "reference": need.reference,
            "ties_zh": "、".join(kind.zh for kind in kinds),
            "ties_en": "; ".join(kind.en for kind in kinds),
        },
        status=waiver.status.value,
        founder_person_id=need.person_id,
        mentor_person_id=expert.person_id,
        pages={"need_id": str(need.id), "expert_id": str(expert.id)},
    )
