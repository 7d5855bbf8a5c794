"""The verbs of an outcome: the mentor records, the founder confirms or disputes."""

from app.services.outcomes.confirming import (
    certify,
    confirm,
    confirm_on_paper,
    lapse,
    rate,
    say,
)
from app.services.outcomes.doubting import doubt
from app.services.outcomes.recording import (
    Action,
    Record,
    ensure_complete,
    ensure_seen,
    of_session,
    record,
    write_record,
)
from app.services.outcomes.reporting import report, revise
from app.services.outcomes.signing import OwnWord

__all__ = [
    "Action",
    "OwnWord",
    "Record",
    "certify",
    "confirm",
    "confirm_on_paper",
    "doubt",
    "ensure_complete",
    "ensure_seen",
    "lapse",
    "of_session",
    "rate",
    "record",
    "report",
    "revise",
    "say",
    "write_record",
]
