"""The calendar is looked after: from November on somebody must import the next year."""

from app.domain.actor import Permission
from app.domain.calendar import day_starts_at
from app.domain.calendar_year import missing_year
from app.domain.task import TaskKind, key_of_year
from app.models.task import Task
from app.queries.calendar_years import known_years
from app.services import tasks
from app.unit_of_work import UnitOfWork


def watch(uow: UnitOfWork) -> Task | None:
    """Give the bureau one task for the year whose notice is due and not imported, if any."""
    uow.require(Permission.RUN_JOBS)
    year = missing_year(uow.today, known_years(uow))
    if year is None:
        return None
    due_by = day_starts_at(uow.today.replace(year=year, month=1, day=1))
    return tasks.open_once(
        uow, TaskKind.CALENDAR_MISSING, key_of_year(year), due_by=due_by, year=year
    )
