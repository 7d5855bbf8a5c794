"""The splits of a stretch: exclusive ones with their sum, and the overlapping one without."""

from collections.abc import Iterator, Mapping

from app.domain.report_words import SPLITS, label_name, measure_name
from app.domain.service_record import UNVERIFIED, PersonFigures
from app.queries.report_tables.table import Line, ReportTable
from app.queries.service_counts.stretches import StretchCounts
from app.queries.vocabularies import Labels

SHOWN = ("sessions", "person_times", "session_minutes", "mentor_minutes")
_SUM = "合计"


def split_tables(
    counts: StretchCounts, labels: Mapping[str, PersonFigures], names: Labels
) -> list[ReportTable]:
    """Return the splits as their page shows them.

    Args:
        counts: the figures of the stretch.
        labels: person-times and persons by every verified label.
        names: what the codes are called.
    """
    return [
        ReportTable(
            "分项",
            ("分项", "名称", *map(measure_name, SHOWN)),
            _splits(counts, names),
            (14, 30, 14, 14, 18, 22),
        ),
        ReportTable(
            "重点群体", ("群体", "人次", "人数"), _groups(counts.known.groups, names), (30, 12, 12)
        ),
        ReportTable(
            "重点群体（可重叠）",
            ("群体", "人次", "人数"),
            _overlapping(labels, names),
            (30, 12, 12),
            ("可重叠：一个人核验了几类，就在几类里各算一次，所以各行不能相加。",),
        ),
        ReportTable(
            "企业和团队", ("分项", "名称", "企业（家）", "团队（个）"), _ventures(counts, names)
        ),
        ReportTable("未计入", ("原因", "条数"), _left_out(counts, names), (30, 12)),
    ]


def _splits(counts: StretchCounts, names: Labels) -> Iterator[Line]:
    for by, parts in counts.known.splits.items():
        zh = SPLITS[by.value][0]
        for label, figures in sorted(parts.items()):
            name = label_name(by.value, label, names.of)
            yield zh, name, *(getattr(figures, measure) for measure in SHOWN)
        sums = (sum(getattr(part, measure) for part in parts.values()) for measure in SHOWN)
        yield zh, _SUM, *sums


def _groups(groups: Mapping[str, PersonFigures], names: Labels) -> Iterator[Line]:
    for group, figures in sorted(groups.items()):
        name = "没有核验的群体" if group == UNVERIFIED else names.of("founder_group", group)
        yield name, figures.person_times, figures.distinct_persons
    parts = groups.values()
    yield _SUM, sum(p.person_times for p in parts), sum(p.distinct_persons for p in parts)


def _overlapping(labels: Mapping[str, PersonFigures], names: Labels) -> Iterator[Line]:
    for label, figures in labels.items():
        yield names.of("founder_group", label), figures.person_times, figures.distinct_persons


def _ventures(counts: StretchCounts, names: Labels) -> Iterator[Line]:
    for by, parts in counts.known.ventures.items():
        zh = SPLITS[by.value][0]
        for label, figures in sorted(parts.items()):
            yield zh, label_name(by.value, label, names.of), figures.enterprises, figures.teams
        heads = parts.values()
        yield zh, _SUM, sum(p.enterprises for p in heads), sum(p.teams for p in heads)


def _left_out(counts: StretchCounts, names: Labels) -> Iterator[Line]:
    for reason, count in sorted(counts.known.not_counted.items()):
        yield names.of("not_counted_reason", reason), count
    yield _SUM, sum(counts.known.not_counted.values())
