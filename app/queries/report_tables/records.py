"""Every record of a stretch, counted or not, with its rule and reason; names nobody."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select

from app.domain.calendar import local_day
from app.domain.report_words import CONFIRMATIONS, STATUSES
from app.domain.stretch import Stretch
from app.models.service_session import ServiceSession
from app.models.standing_record import StandingRecord
from app.queries import vocabularies
from app.queries.report_tables.table import Line
from app.queries.vocabularies import Labels
from app.unit_of_work import Reader

RECORD_HEADINGS = (
    "编号",
    "日期",
    "月份",
    "服务类型",
    "部门",
    "片区",
    "街道",
    "行业",
    "导师类别",
    "服务时长（分钟）",
    "导师时长（分钟）",
    "人次",
    "是否计入",
    "原因",
    "确认方式",
)
_LABELS = (
    ("session_type", "session_type"),
    ("department", "department"),
    ("area", "area"),
    ("street", "street"),
    ("industry", "industry"),
    ("expert_category", "expert_category"),
)
_NAMED = (*(vocabulary for _, vocabulary in _LABELS), "not_counted_reason")
AT_ONCE = 2000


def record_count(reader: Reader, stretch: Stretch) -> int:
    """Return how many records the stretch has."""
    statement = select(func.count()).select_from(StandingRecord).where(_within(stretch))
    return reader.session.execute(statement).scalar_one()


def record_lines(reader: Reader, stretch: Stretch) -> Iterator[Line]:
    """Yield the records in order of their start; memory does not grow with their number."""
    names = vocabularies.labels(reader, *_NAMED)
    found = reader.session.execute(_records(stretch), execution_options={"yield_per": AT_ONCE})
    for reference, row in found:
        yield _line(reference, row, names)


def _records(stretch: Stretch) -> Select[str, StandingRecord]:
    return (
        select(ServiceSession.reference, StandingRecord)
        .join(ServiceSession, ServiceSession.id == StandingRecord.service_session_id)
        .where(_within(stretch))
        .order_by(StandingRecord.started_at, StandingRecord.service_session_id)
    )


def _within(stretch: Stretch) -> Any:
    return StandingRecord.month.between(str(stretch.first), str(stretch.last))


def _line(reference: str, row: StandingRecord, names: Labels) -> Line:
    return (
        reference,
        local_day(row.started_at),
        row.month,
        *(names.of(vocabulary, getattr(row, name)) for name, vocabulary in _LABELS),
        row.minutes,
        row.mentor_minutes,
        row.persons,
        STATUSES[row.status],
        names.of("not_counted_reason", row.reason),
        CONFIRMATIONS.get(row.confirmation or "", ""),
    )
