"""Whether a founder and each expert of the pool have a time in common."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.domain.availability import Diary, ExceptionKind, Question, free_times, upcoming
from app.models.booking import ResourceKind
from app.queries.free_times import Diaries, Look, claims_of, load_diaries


@dataclass(frozen=True, slots=True)
class CommonTime:
    """What comparing two diaries shows.

    Attributes:
        exists: None when the expert has never said when he can be met.
        taken_at: where there is none, the nearest time that would do if nobody had it.
    """

    exists: bool | None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to meet, by which kind of service and in which ways; no way means any."""

    person_id: UUID
    session_type: str
    modes: tuple[str, ...]


def common_times(look: Look, expert_ids: Collection[UUID], wish: Wish) -> Mapping[UUID, CommonTime]:
    """Compare the founder's diary with each expert's, as far as can be booked; seven statements."""
    if not expert_ids:
        return {}
    days = upcoming(look.now)
    diaries = load_diaries(look, expert_ids, days)
    own = claims_of(look, ResourceKind.FOUNDER, [wish.person_id], days)[wish.person_id]
    found = {}
    for expert_id, diary in diaries.by_expert.items():
        question = diaries.question(
            expert_id, wish.session_type, wish.modes, look.now, also_busy=tuple(own)
        )
        found[expert_id] = _compare(diaries, diary, question)
    return found


def _compare(diaries: Diaries, diary: Diary, question: Question) -> CommonTime:
    if not _has_hours(diary):
        return CommonTime(None)
    modes = tuple(mode for mode in question.modes or sorted(diary.modes) if mode in diary.modes)
    if not modes:
        # That they cannot meet in any way is another rule's to say.
        return CommonTime(None)
    asked = replace(question, modes=modes)
    if _first(diaries, diary, asked) is not None:
        return CommonTime(True)
    taken = _first(diaries, replace(diary, claims=()), replace(asked, also_busy=()))
    return CommonTime(False, taken)


def _has_hours(diary: Diary) -> bool:
    opened = any(special.kind is ExceptionKind.EXTRA for special in diary.special_days)
    return diary.is_official or bool(diary.rules) or bool(diary.clinics) or opened


def _first(diaries: Diaries, diary: Diary, question: Question) -> datetime | None:
    times = free_times(diary, diaries.calendar, question, upcoming(question.now))
    return next((time.starts_at for time in times), None)
