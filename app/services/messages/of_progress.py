"""What a message on the progress table needs to know: period, last day, whom it waits for."""

from app.models.progress import ProgressEntry, ProgressRound
from app.services.messages.concern import Concern, text
from app.services.plan.progress import waiting_departments
from app.unit_of_work import UnitOfWork


def of_round(uow: UnitOfWork, row: ProgressRound) -> Concern:
    """Return what is told of a round to those whose items are not handed in."""
    waiting = waiting_departments(uow, row.id)
    return Concern(
        facts={
            "period": row.period,
            "deadline": text(row.due_at),
            "departments": str(len(waiting)),
        },
        status="open" if waiting else "done",
        departments=tuple(waiting),
    )


def of_entry(uow: UnitOfWork, row: ProgressEntry) -> Concern:
    """Return what is told of one entry to its department, and to the officers."""
    asked = uow.load(ProgressRound, row.progress_round_id)
    return Concern(
        facts={"period": asked.period, "item": str(row.item), "deadline": text(asked.due_at)},
        status=row.status.value,
        departments=(row.department,),
        pages={"entry_id": str(row.id)},
    )
