"""The tables of a report before its records: what it is, figures, splits, changes."""

from collections.abc import Iterator

from app.domain.report_words import FIGURES, SPLITS
from app.domain.service_record import SessionType
from app.domain.stretch import Stretch
from app.queries import vocabularies
from app.queries.report_tables.about import about_table
from app.queries.report_tables.changes import change_tables
from app.queries.report_tables.splits import split_tables
from app.queries.report_tables.table import Line, ReportTable
from app.queries.service_counts.group_labels import by_every_label
from app.queries.service_counts.stretches import StretchCounts, stretch_counts
from app.queries.vocabularies import Labels
from app.unit_of_work import Reader

_NAMED = (
    *(vocabulary for _, vocabulary in SPLITS.values() if vocabulary != "confirmation"),
    "founder_group",
    "not_counted_reason",
)


def figure_tables(reader: Reader, stretch: Stretch, asked_by: str) -> list[ReportTable]:
    """Return everything that the page of the stretch shows, table by table."""
    counts = stretch_counts(reader, stretch)
    names = vocabularies.labels(reader, *_NAMED)
    labels = by_every_label(reader, stretch.first, stretch.last)
    return [
        about_table(reader, counts, asked_by, names),
        ReportTable(
            "汇总", ("指标", "单位", "已报", "现在", "相差"), _figures(counts), (26, 10, 12, 12, 12)
        ),
        _by_month(counts, names),
        *split_tables(counts, labels, names),
        *change_tables(reader, stretch),
    ]


def _figures(counts: StretchCounts) -> Iterator[Line]:
    now = counts.known.measures.figures()
    then = counts.as_reported.figures() if counts.as_reported else {}
    for name, (zh, unit) in FIGURES.items():
        yield _figure(zh, unit, then.get(name), now[name])
    for zh, name in (("服务时长合计", "session_hours"), ("导师服务时长合计", "mentor_hours")):
        yield zh, "小时", then.get(name), now[name], None


def _figure(zh: str, unit: str, then: int | str | None, now: int | str) -> Line:
    difference = int(now) - int(then) if then is not None else None
    return zh, unit, then, now, difference


def _by_month(counts: StretchCounts, names: Labels) -> ReportTable:
    """Return the services of each month by type, with their sums."""
    types = [each.value for each in SessionType]
    found = {code for parts in counts.by_month.values() for code in parts}
    shown = [code for code in types if code in found]
    headings = ("月份", *(names.of("session_type", code) for code in shown), "合计（场）")
    lines: list[Line] = [
        (str(month), *(parts.get(code, 0) for code in shown), sum(parts.values()))
        for month, parts in counts.by_month.items()
    ]
    sums = [sum(parts.get(code, 0) for parts in counts.by_month.values()) for code in shown]
    return ReportTable("每月场次", headings, [*lines, ("合计", *sums, sum(sums))])
