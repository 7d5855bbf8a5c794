"""The report of a month as it was published: one text, made at the closing and never again."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from app.domain.calendar import ZONE, Month
from app.domain.report_words import FIGURES, SPLITS, label_name, measure_name
from app.domain.service_record import (
    ADDITIVE_NAMES,
    Additive,
    CountingPolicy,
    Decision,
    Measures,
    SplitBy,
    split,
    tally,
)

# What a table program needs to read the text as UTF-8.
_MARK = "\ufeff"
Line = Sequence[object]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a closing published.

    Attributes:
        prints: the SHA-256 of each published figure, by measure.
        named: tells the Chinese name of a code of a vocabulary, as it is called at the closing.
    """

    month: Month
    policy: CountingPolicy
    closed_at: datetime
    cut_at: datetime
    decisions: Sequence[Decision]
    prints: Mapping[str, str]
    named: Callable[[str, str], str]


def report_text(stated: Stated) -> str:
    """Return the report as comma-separated text; the same closing gives the same text for ever."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerows(_lines(stated))
    return _MARK + target.getvalue()


def hash_of(text: str) -> str:
    """Return the SHA-256 of a report, over the bytes in which it is handed out."""
    return hashlib.sha256(text.encode()).hexdigest()


def _lines(stated: Stated) -> Iterator[Line]:
    measures = tally(stated.decisions, stated.month)
    yield ("月份", str(stated.month))
    yield ("口径", stated.policy.code, f"{stated.policy.valid_from} 起执行")
    yield ("数据截止", _moment(stated.cut_at))
    yield ("结账时间", _moment(stated.closed_at))
    yield ()
    yield ("指标", "公布数", "代码", "校验值（SHA-256）")
    for name, value in _figures(measures):
        yield (measure_name(name), value, name, stated.prints.get(name, ""))
    yield ("服务时长（小时）", measures.session_hours, "session_hours", "")
    yield ("导师服务时长（小时）", measures.mentor_hours, "mentor_hours", "")
    for by in SplitBy:
        if by.value in SPLITS:
            yield from _split(stated, by)


def _split(stated: Stated, by: SplitBy) -> Iterator[Line]:
    parts = split(stated.decisions, stated.month, by)
    shown = [name for name in ADDITIVE_NAMES if any(getattr(each, name) for each in parts.values())]
    if not shown:
        return
    yield ()
    yield (f"按{SPLITS[by.value][0]}", "代码", *(measure_name(name) for name in shown))
    for label, part in sorted(parts.items()):
        name = label_name(by.value, label, stated.named)
        yield (name, label, *(getattr(part, each) for each in shown))
    whole = Additive.total(parts.values())
    yield ("合计", "", *(getattr(whole, each) for each in shown))


def _figures(measures: Measures) -> Iterable[tuple[str, int]]:
    known = {
        **asdict(measures.additive),
        "distinct_persons": measures.distinct_persons,
        "enterprises": measures.enterprises,
        "teams": measures.teams,
    }
    return ((name, known[name]) for name in FIGURES)


def _moment(instant: datetime) -> str:
    return instant.astimezone(ZONE).isoformat(timespec="seconds")
