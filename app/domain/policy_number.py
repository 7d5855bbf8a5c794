"""Numbers of policy that no counting rule uses: dated, each day has the one that began last."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import ClassVar

from app.domain.errors import RuleError


class PolicyNumber(StrEnum):
    """What each number sets; its unit ends its name."""

    APPEAL_WINDOW = "appeal_window_working_days"
    APPEAL_ANSWER = "appeal_answer_working_days"
    BOOKING_ANSWER = "booking_answer_working_days"
    WRITTEN_ANSWER = "written_answer_working_days"
    RECORD = "record_working_days"
    CONFIRM = "confirm_working_days"
    CONTEST = "contest_working_days"
    RULING = "ruling_working_days"
    TICKET = "ticket_working_days"
    ABSENCE_REVIEW = "absence_review_working_days"
    SUSPENSION = "suspension_working_days"
    BOARD_POST = "board_post_working_days"
    ASK_BUREAU = "ask_bureau_working_days"
    EXTENSION = "extension_days"
    APPRAISAL = "appraisal_working_days"
    APPRAISAL_EXCELLENT = "appraisal_excellent_score"
    APPRAISAL_QUALIFIED = "appraisal_qualified_score"
    APPRAISAL_YEARS = "appraisal_years"
    SENIOR_EVENTS = "senior_events"
    RECORD_RETENTION = "record_retention_years"
    ACCOUNT_END_WARNING = "account_end_warning_days"


class NoPolicyNumberError(RuleError):
    """The number is not set for the day."""

    default_code: ClassVar[str] = "policy_number.none_in_force"


def number_on(name: PolicyNumber, rows: Iterable[tuple[date, int]], day: date) -> int:
    """Return the number in force on the day.

    Args:
        name: which number.
        rows: its first days with its values.
        day: the day.

    Raises:
        NoPolicyNumberError: when every row starts later, or there is none.
    """
    started = [row for row in rows if row[0] <= day]
    if not started:
        raise NoPolicyNumberError(name=name.value, day=day.isoformat())
    return max(started)[1]
