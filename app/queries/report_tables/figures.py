"""The figures of a stretch as tables: whole, split, and what changed after closing."""

from collections.abc import Iterator
from datetime import datetime

from app.domain.calendar import local_day
from app.domain.report_words import CAUSES, CONFIRMATIONS, DEFINITIONS, FIGURES, SPLITS
from app.domain.service_record import UNASSIGNED, UNVERIFIED
from app.domain.stretch import Stretch
from app.queries import bureau_desk, vocabularies
from app.queries.report_tables.table import Line, ReportTable
from app.queries.service_counts.stretches import StretchCounts, stretch_counts
from app.queries.vocabularies import Labels
from app.unit_of_work import Reader

_NAMED = (
    *(vocabulary for _, vocabulary in SPLITS.values() if vocabulary != "confirmation"),
    "founder_group",
    "not_counted_reason",
)
_SHOWN = ("sessions", "person_times", "session_minutes", "mentor_minutes")


def figure_tables(reader: Reader, stretch: Stretch, asked_by: str) -> list[ReportTable]:
    """Return the tables before the records: what it is, figures, splits, changes."""
    counts = stretch_counts(reader, stretch)
    names = vocabularies.labels(reader, *_NAMED)
    changes = bureau_desk.late_changes(reader, stretch.months)
    return [
        ReportTable("说明", ("项目", "内容"), _about(counts, asked_by, reader.now), (18, 90)),
        ReportTable(
            "汇总", ("指标", "单位", "已报", "现在", "相差"), _figures(counts), (26, 10, 12, 12, 12)
        ),
        ReportTable(
            "分项",
            ("分项", "名称", *(_named(name) for name in _SHOWN)),
            _splits(counts, names),
            (14, 30, 14, 14, 18, 22),
        ),
        ReportTable("重点群体", ("群体", "人次", "人数"), _groups(counts, names), (30, 12, 12)),
        ReportTable(
            "企业和团队", ("分项", "名称", "企业（家）", "团队（个）"), _ventures(counts, names)
        ),
        ReportTable("未计入", ("原因", "条数"), _left_out(counts, names), (30, 12)),
        ReportTable(
            "结账后的变化",
            ("编号", "原因", "记入月份", *(_named(name) for name in _SHOWN)),
            (
                (
                    each.reference,
                    CAUSES[each.cause],
                    each.posted_month,
                    *(getattr(each.change, name) for name in _SHOWN),
                )
                for each in changes
            ),
            (18, 14, 12, 14, 14, 18, 22),
        ),
    ]


def _about(counts: StretchCounts, asked_by: str, now: datetime) -> Iterator[Line]:
    yield "统计期", f"{counts.stretch.first} 至 {counts.stretch.last}"
    yield "口径", "、".join(counts.policies)
    closed = "、".join(str(period.month) for period in counts.closed)
    yield "已结账的月份", closed or "没有"
    yield "导出人", asked_by
    yield "导出日期", local_day(now)
    for number, definition in enumerate(DEFINITIONS, start=1):
        yield f"口径说明 {number}", definition
    yield "已报与现在", "已报：各月结账时公布的数字；现在：按目前知道的全部情况重新计算。"


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


def _splits(counts: StretchCounts, names: Labels) -> Iterator[Line]:
    for by, parts in counts.known.splits.items():
        for label, figures in sorted(parts.items()):
            zh, name = SPLITS[by.value][0], _label(by.value, label, names)
            yield zh, name, *(getattr(figures, measure) for measure in _SHOWN)


def _groups(counts: StretchCounts, names: Labels) -> Iterator[Line]:
    for group, figures in sorted(counts.known.groups.items()):
        name = "没有核验的群体" if group == UNVERIFIED else names.of("founder_group", group)
        yield name, figures.person_times, figures.distinct_persons


def _ventures(counts: StretchCounts, names: Labels) -> Iterator[Line]:
    for by, parts in counts.known.ventures.items():
        for label, figures in sorted(parts.items()):
            zh, name = SPLITS[by.value][0], _label(by.value, label, names)
            yield zh, name, figures.enterprises, figures.teams


def _left_out(counts: StretchCounts, names: Labels) -> Iterator[Line]:
    for reason, count in sorted(counts.known.not_counted.items()):
        yield names.of("not_counted_reason", reason), count


def _label(by: str, label: str, names: Labels) -> str:
    if label == UNASSIGNED:
        return "未归属"
    return CONFIRMATIONS[label] if by == "confirmation" else names.of(SPLITS[by][1], label)


def _named(name: str) -> str:
    zh, unit = FIGURES[name]
    return f"{zh}（{unit}）"
