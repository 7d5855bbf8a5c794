"""When several experts can meet a founder together."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.domain.availability import Mode, Question, free_times, joint_times, upcoming
from app.domain.calendar import local_day
from app.domain.panel import SERVICE, SOON_DAYS
from app.models.booking import ResourceKind
from app.models.need import Need
from app.queries.free_times import Diaries, Look, claims_of, load_diaries


@dataclass(frozen=True, slots=True)
class Meeting:
    """A time at which people can meet in one way."""

    starts_at: datetime
    ends_at: datetime
    mode: Mode


@dataclass(frozen=True, slots=True)
class PanelTimes:
    """The times at which experts can meet the founder of a need in one of his ways.

    Attributes:
        days: those that can be booked, in order.
        soon_until: the last day that counts as soon.
    """

    diaries: Diaries
    question: Question
    days: Sequence[date]
    soon_until: date

    def soon(self) -> Mapping[UUID, frozenset[Meeting]]:
        """Return the times of every expert that are soon."""
        days = [day for day in self.days if day <= self.soon_until]
        return {
            expert_id: frozenset(self._meetings(expert_id, days))
            for expert_id in self.diaries.by_expert
        }

    def in_order(self, meetings: Iterable[Meeting]) -> list[Meeting]:
        """Sort times by their start, and at one start by the founder's order of ways to meet."""
        order = self.question.modes.index
        return sorted(meetings, key=lambda each: (each.starts_at, order(each.mode)))

    def first_together(self, expert_ids: Iterable[UUID]) -> Meeting | None:
        """Return the earliest time at which all can meet; None when none of them can be booked.

        Where they can meet in several ways then, it is in the one that the founder names first.
        """
        people = [self.diaries.by_expert[each] for each in expert_ids]
        times = joint_times(people, None, self.diaries.calendar, self.question, self.days)
        first = next(times, None)
        if first is None:
            return None
        return Meeting(first.starts_at, first.ends_at, Mode(first.modes[0]))

    def _meetings(self, expert_id: UUID, days: Sequence[date]) -> Iterator[Meeting]:
        diary = self.diaries.by_expert[expert_id]
        for time in free_times(diary, self.diaries.calendar, self.question, days):
            for mode in time.modes:
                yield Meeting(time.starts_at, time.ends_at, Mode(mode))


def panel_times(look: Look, need: Need, expert_ids: Collection[UUID]) -> PanelTimes:
    """Return the times of the experts for a need, in seven statements.

    They are those that each expert's own diary offers, as long as a diagnosis usually takes;
    what the founder has at a time leaves it out.
    """
    days = upcoming(look.now)
    diaries = load_diaries(look, expert_ids, days)
    busy = claims_of(look, ResourceKind.FOUNDER, [need.person_id], days)[need.person_id]
    modes = tuple(need.modes) or tuple(mode.value for mode in Mode)
    question = Question(diaries.length(SERVICE), modes, look.now, also_busy=tuple(busy))
    soon_until = diaries.calendar.add_working_days(local_day(look.now), SOON_DAYS)
    return PanelTimes(diaries, question, days, soon_until)
