"""Appraisals 考评: an officer's mark of an expert after an event, and what marks add up to."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.calendar import WorkingCalendar
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.policy_number import PolicyNumber

BEST = 100
LONGEST_WORDS = 1000
LONGEST_REASON = 1000
_ONE_DAY = timedelta(days=1)
# The honour for which good marks propose an expert.
SENIOR = "senior_mentor"


class Grade(StrEnum):
    """What a mark comes to 等次."""

    EXCELLENT = "excellent"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"


class NotHeldError(RuleError):
    """Only a meeting that was held is appraised, and in it only who was there."""

    default_code = "appraisal.not_held"


class OwnAppraisalError(RuleError):
    """Nobody appraises himself."""

    default_code = "appraisal.own"


class AppraisedError(ConflictError):
    """The expert has been appraised for this meeting; a correction says why."""

    default_code = "appraisal.exists"


NUMBERS = (
    PolicyNumber.APPRAISAL,
    PolicyNumber.APPRAISAL_EXCELLENT,
    PolicyNumber.APPRAISAL_QUALIFIED,
    PolicyNumber.SENIOR_EVENTS,
    PolicyNumber.APPRAISAL_YEARS,
)


@dataclass(frozen=True, slots=True)
class AppraisalPolicy:
    """The numbers of appraisals in force on a day.

    Attributes:
        days: working days after the event in which it is appraised.
        excellent: the least mark that is excellent.
        passing: the least mark that is qualified; an average below it asks for a review.
        events: how many marks, all excellent, propose an expert as senior.
        years: how many years of events are looked at.
    """

    days: int
    excellent: int
    passing: int
    events: int
    years: int

    def grade(self, score: int) -> Grade:
        """Return what a mark comes to."""
        if score >= self.excellent:
            return Grade.EXCELLENT
        return Grade.QUALIFIED if score >= self.passing else Grade.UNQUALIFIED

    def since(self, today: date) -> date:
        """Return the first day of the years that are looked at."""
        year = today.year - self.years
        try:
            return today.replace(year=year)
        except ValueError:
            return today.replace(year=year, day=28)


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one expert in the years looked at, the latest event first."""

    policy: AppraisalPolicy
    scores: tuple[int, ...]

    @property
    def average(self) -> str:
        """The mean to one decimal, half up; empty without any."""
        if not self.scores:
            return ""
        tenths = (sum(self.scores) * 20 + len(self.scores)) // (2 * len(self.scores))
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def is_low(self) -> bool:
        """Tell whether the average is below the pass mark; exact, whatever is printed."""
        return bool(self.scores) and sum(self.scores) < self.policy.passing * len(self.scores)

    @property
    def is_senior(self) -> bool:
        """Tell whether there are events enough, and every mark is excellent."""
        enough = len(self.scores) >= self.policy.events
        return enough and min(self.scores) >= self.policy.excellent


def ensure_score(score: int) -> int:
    """Return the mark.

    Raises:
        InvalidInputError: at field `score`.
    """
    if not 0 <= score <= BEST:
        raise InvalidInputError.at("score", "input.too_large", low=0, high=BEST)
    return score


def overdue_before(calendar: WorkingCalendar, today: date, working_days: int) -> date:
    """Return the day such that what was held before it should be appraised by now.

    The duty clock turned round: its last working day has ended.
    """
    day = today
    for _ in range(working_days):
        day -= _ONE_DAY
        while not calendar.is_working(day):
            day -= _ONE_DAY
    return day
