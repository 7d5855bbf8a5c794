"""Every event and who hears of it."""

from collections.abc import Mapping

from app.domain.message.activities import ACTIVITIES
from app.domain.message.appeals import APPEALS
from app.domain.message.bookings import BOOKINGS
from app.domain.message.diagnoses import DIAGNOSES
from app.domain.message.experts import EXPERTS
from app.domain.message.matching import MATCHING
from app.domain.message.needs import NEEDS
from app.domain.message.notice import Notice
from app.domain.message.plan import PLAN
from app.domain.message.report_files import REPORT_FILES
from app.domain.message.services import SERVICES
from app.domain.message.tickets import TICKETS
from app.domain.message.written_answers import WRITTEN_ANSWERS

EVENTS: Mapping[str, tuple[Notice, ...]] = {
    **NEEDS,
    **BOOKINGS,
    **SERVICES,
    **DIAGNOSES,
    **TICKETS,
    **APPEALS,
    **PLAN,
    **REPORT_FILES,
    **MATCHING,
    **ACTIVITIES,
    **WRITTEN_ANSWERS,
    **EXPERTS,
}
_ABSENT = {
    "no_show_founder": frozenset({"founder"}),
    "no_show_mentor": frozenset({"mentor"}),
    "no_show_both": frozenset({"founder", "mentor"}),
    "tech_failure": frozenset({"founder", "mentor"}),
}


class UnknownEventError(LookupError):
    """An event was told that no row of the table names."""


def notices(event: str, facts: Mapping[str, object]) -> tuple[Notice, ...]:
    """Return who is told of the event, as its facts have it.

    Args:
        event: its name.
        facts: `by` names the side that acted, `who` the absence that was reported, `owners` the
            sides whose it is.

    Raises:
        UnknownEventError: when the table does not name the event.
    """
    try:
        rows = EVENTS[event]
    except KeyError:
        raise UnknownEventError(event) from None
    absent = _ABSENT.get(str(facts.get("who")), frozenset())
    owners = facts.get("owners")
    sides = frozenset(owners) if isinstance(owners, list) else frozenset()
    return tuple(
        row
        for row in rows
        if (row.unless_by is None or row.unless_by != facts.get("by"))
        and (row.only_by is None or row.only_by == facts.get("by"))
        and (row.absent is None or row.absent in absent)
        and (row.owner is None or row.owner in sides)
    )
