"""Questions put to the diaries of one expert or of several."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from app.domain.availability import FreeTime, first_of, free_times, upcoming
from app.queries.free_times.diaries import load_diaries
from app.queries.free_times.look import Look


def nearest(
    look: Look,
    expert_ids: Collection[UUID],
    session_type: str,
    modes: Iterable[str],
    count: int = 3,
) -> dict[UUID, Sequence[FreeTime]]:
    """Return the first few free times of each expert within the horizon."""
    days, ways = upcoming(look.now), tuple(modes)
    diaries = load_diaries(look, expert_ids, days)
    found = {}
    for expert_id, diary in diaries.by_expert.items():
        question = diaries.question(expert_id, session_type, ways, look.now)
        found[expert_id] = first_of(free_times(diary, diaries.calendar, question, days), count)
    return found


def of_expert(
    look: Look, expert_id: UUID, session_type: str, modes: Iterable[str], days: Sequence[date]
) -> Sequence[FreeTime]:
    """Return the free times of one expert on the days."""
    diaries = load_diaries(look, [expert_id], days)
    diary = diaries.by_expert.get(expert_id)
    if diary is None:
        return []
    question = diaries.question(expert_id, session_type, tuple(modes), look.now)
    return list(free_times(diary, diaries.calendar, question, days))
