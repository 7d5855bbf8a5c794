"""What became known after closing, with whom it moves and by whose hand; errata; what waits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.domain.calendar import local_day
from app.domain.privacy import mask_name
from app.domain.report_words import CAUSES, PENDING, measure_name
from app.domain.stretch import Rhythm, Stretch
from app.queries import bureau_desk
from app.queries import errata as errata_of
from app.queries.bureau_desk import LateChange
from app.queries.bureau_desk.late_changes import Moved
from app.queries.errata import ErratumRow
from app.queries.report_tables.splits import SHOWN
from app.queries.report_tables.table import Line, ReportTable
from app.queries.service_counts import PostedChange, measures
from app.unit_of_work import Reader

_HEADINGS = (
    "编号",
    "原因",
    "所属月份",
    "记入月份",
    "加入（人）",
    "减少（人）",
    "加入的人",
    "减少的人",
    "提出",
    "复核",
    *map(measure_name, SHOWN),
)
_WIDTHS = (18, 12, 12, 12, 12, 12, 24, 24, 14, 14, 14, 14, 18, 22)


def change_tables(reader: Reader, stretch: Stretch) -> list[ReportTable]:
    """Return the changes of a stretch; a month tells besides what was posted in it, and waits."""
    late = bureau_desk.late_changes(reader, stretch.months)
    tables = [ReportTable("结账后的变化", _HEADINGS, _changes(late), _WIDTHS)]
    if stretch.rhythm is Rhythm.MONTH:
        tables += _of_month(reader, stretch)
    errata = errata_of.errata(reader, stretch.months).printed
    headings = ("复核日期", "月份", "勘误", "提出", "复核")
    return [*tables, ReportTable("勘误", headings, _errata(errata), (14, 12, 80, 14, 14))]


def _of_month(reader: Reader, stretch: Stretch) -> list[ReportTable]:
    _, posted = bureau_desk.month_changes(reader, stretch.first)
    counts = measures(reader, stretch.first)
    waiting = ((PENDING[kind], count) for kind, count in counts.pending.items())
    return [
        ReportTable("上期调整", _HEADINGS, _posted(counts.adjustments, posted), _WIDTHS),
        ReportTable("还在等待", ("等什么", "条数"), waiting, (30, 12)),
    ]


def _posted(
    adjustments: Iterable[PostedChange], posted: Mapping[str, Sequence[LateChange]]
) -> Iterator[Line]:
    for change in adjustments:
        yield from _changes(posted[change.month])
        effect = change.recomputed
        words = (
            f"更正影响：人数 {effect.distinct_persons:+d}，企业 {effect.enterprises:+d}，"
            f"团队 {effect.teams:+d}"
        )
        gaps = (None,) * 7
        sums = (getattr(change.additive, name) for name in SHOWN)
        yield "合计", words, change.month, *gaps, *sums


def _changes(changes: Iterable[LateChange]) -> Iterator[Line]:
    for each in changes:
        hands = each.hands
        yield (
            each.reference,
            CAUSES[each.cause],
            each.month,
            each.posted_month,
            each.added.count,
            each.removed.count,
            _names(each.added),
            _names(each.removed),
            hands.maker if hands else "按口径自动记入",
            hands.checker if hands else None,
            *(getattr(each.change, name) for name in SHOWN),
        )


def _names(moved: Moved) -> str | None:
    return "、".join(map(mask_name, moved.names)) or None


def _errata(rows: Iterable[ErratumRow]) -> Iterator[Line]:
    for row in rows:
        day = local_day(row.checked_at) if row.checked_at else None
        yield day, row.month, row.words, row.made_by, row.checked_by
