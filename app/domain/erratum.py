"""An erratum 勘误: what was wrong beside the figures of a closed month, said by two people."""

from enum import StrEnum

from app.domain.errors import ConflictError, RuleError

LONGEST_WORDS = 500


class ErratumStatus(StrEnum):
    """An erratum waits for its checker."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class MonthOpenError(RuleError):
    """The month is not closed: what is wrong in it is still put right, not explained."""

    default_code = "erratum.month_open"


class ErratumCheckedError(ConflictError):
    """The erratum has been approved or refused in the meantime."""

    default_code = "erratum.already_checked"


class ErratumCheckerError(RuleError):
    """Who proposed an erratum cannot check it."""

    default_code = "erratum.same_person"
