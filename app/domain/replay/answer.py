"""Answers the questions of a replay file without looking at the answers it expects."""

import re
from collections.abc import Mapping
from datetime import datetime

from app.domain.calendar import InvalidMonthError, Month, local_day
from app.domain.replay.document import Document, read_document
from app.domain.replay.errors import UnknownReplayInputError
from app.domain.replay.times import END_OF_TIME
from app.domain.service_record import (
    Decision,
    Measures,
    Status,
    closing_opens_at,
    corrected,
    cut_instant,
    decide_all,
    tally,
)

# What is answered about a month when the file does not name the figures it wants.
FIGURES = (
    "sessions",
    "person_times",
    "distinct_persons",
    "session_minutes",
    "session_hours",
    "mentor_minutes",
    "mentor_hours",
    "enterprises",
    "teams",
    "review_sessions",
    "review_projects",
    "review_mentor_minutes",
    "anonymous_heads",
)
# A month needs a next one, with enough days in it to close.
_LAST_YEAR = 9997
_CLOSE_DAY = re.compile(r"working_days_to_close_(\d{4})_(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4}-\d{2})_(own|as_reported|restated)", re.ASCII)


def replay(data: object) -> dict[str, object]:
    """Return the answer to every key of the file's `expected`, whose values are never read.

    A month is answered with the figures named under its key, or with the usual ones when none
    is named. `own` and `restated` rest on everything the file says, `as_reported` on what was
    known at the cut.

    Raises:
        UnknownReplayInputError: when anything in the file is not understood.
    """
    ledger = _Ledger(read_document(data))
    return {key: _answer(ledger, key, asked) for key, asked in ledger.document.questions.items()}


class _Ledger:
    """The decisions on the records of a file, taken once for each instant of knowledge."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._decided: dict[datetime, tuple[Decision, ...]] = {}

    def decisions(self, asof: datetime) -> tuple[Decision, ...]:
        """Return the decision on every record as known then, corrections applied."""
        if asof not in self._decided:
            known = self.document
            records = (corrected(record, known.corrections, asof) for record in known.records)
            self._decided[asof] = decide_all(records, [known.policy], asof)
        return self._decided[asof]

    def reported_by(self, month: Month) -> datetime:
        """Return the cut of the month."""
        return cut_instant(month, self.document.calendar, self.document.policy.close_working_day)

    def close_day(self, month: Month) -> str:
        """Return the day on which the month may close."""
        working_day = self.document.policy.close_working_day
        return local_day(closing_opens_at(month, self.document.calendar, working_day)).isoformat()


def _answer(ledger: _Ledger, key: str, asked: object) -> object:
    if key == "not_counted":
        return _not_counted(ledger)
    if match := _CLOSE_DAY.fullmatch(key):
        return ledger.close_day(_month(f"{match[1]}-{match[2]}", key))
    if match := _MONTH.fullmatch(key):
        month = _month(match[1], key)
        asof = ledger.reported_by(month) if match[2] == "as_reported" else END_OF_TIME
        return _figures(tally(ledger.decisions(asof), month), _names(asked), key)
    raise UnknownReplayInputError.of("expected", key)


def _not_counted(ledger: _Ledger) -> dict[str, str]:
    return {
        d.session_id: d.reason.value
        for d in ledger.decisions(END_OF_TIME)
        if d.status is Status.NOT_COUNTED and d.reason is not None
    }


def _figures(measures: Measures, names: tuple[str, ...], key: str) -> dict[str, int | str]:
    figures = measures.figures()
    for name in names:
        if name not in figures:
            raise UnknownReplayInputError.of(f"expected.{key}", name)
    return {name: figures[name] for name in names}


def _month(text: str, key: str) -> Month:
    try:
        month = Month.parse(text)
    except InvalidMonthError as error:
        raise UnknownReplayInputError.of("expected", key) from error
    if month.year > _LAST_YEAR:
        raise UnknownReplayInputError.of("expected", key)
    return month


def _names(asked: object) -> tuple[str, ...]:
    """Return the names of the figures asked for, never what stands behind them."""
    if not isinstance(asked, Mapping) or not asked:
        return FIGURES
    return tuple(str(name) for name in asked)
