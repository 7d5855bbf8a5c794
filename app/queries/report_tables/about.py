"""What a report file is: its stretch, the policy it was counted by, its months, its definitions."""

from collections.abc import Collection, Iterator
from datetime import datetime

from app.domain.calendar import ZONE, local_day
from app.domain.report_words import DEFINITIONS, policy_text
from app.domain.service_record import CountingPolicy
from app.queries import bureau_desk
from app.queries.report_tables.table import Line, ReportTable
from app.queries.service_counts.closed import ClosedMonth
from app.queries.service_counts.policies import load_policies
from app.queries.service_counts.stretches import StretchCounts
from app.queries.vocabularies import Labels
from app.unit_of_work import Reader


def about_table(reader: Reader, counts: StretchCounts, asked_by: str, names: Labels) -> ReportTable:
    """Return what stands before the figures."""
    lines = [
        ("统计期", f"{counts.stretch.first} 至 {counts.stretch.last}"),
        ("口径", "、".join(counts.policies)),
        *_policies(load_policies(reader), counts.policies, names),
        *_months(reader, counts.closed),
        ("导出人", asked_by),
        ("导出日期", local_day(reader.now)),
        *((f"口径说明 {number}", text) for number, text in enumerate(DEFINITIONS, start=1)),
        ("已报与现在", "已报：各月结账时公布的数字；现在：按目前知道的全部情况重新计算。"),
    ]
    return ReportTable("说明", ("项目", "内容"), lines, (18, 90))


def _policies(
    policies: Collection[CountingPolicy], codes: Collection[str], names: Labels
) -> Iterator[Line]:
    for policy in policies:
        if policy.code in codes:
            types = {code: names.of("session_type", code) for code in policy.min_minutes}
            yield f"口径 {policy.code}", policy_text(policy, types)


def _months(reader: Reader, closed: Collection[ClosedMonth]) -> Iterator[Line]:
    """Tell of each closed month when it was closed, and by which seal that can be proved."""
    if not closed:
        yield "已结账的月份", "没有"
    for period in closed:
        seal = bureau_desk.seal_of_month(reader, period.month)
        proof = f"；封存第 {seal.number} 批，摘要 {seal.digest}" if seal else ""
        yield (
            f"{period.month} 已结账",
            f"结账 {_moment(period.closed_at)}，截止 {_moment(period.cut_at)}，"
            f"口径 {period.policy_code}{proof}",
        )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"
