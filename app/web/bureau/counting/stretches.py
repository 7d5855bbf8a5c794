"""季报、半年报、年报: a stretch of months as it was reported and as it is known now."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.calendar import Month, local_day
from app.domain.service_record import Reason, SplitBy
from app.domain.stretch import Rhythm
from app.http.policy import policy
from app.http.run import reading
from app.queries import bureau_desk, vocabularies
from app.queries import errata as queries
from app.queries.overview import OTHER, SHOWN_TYPES, MonthBar
from app.queries.service_counts.group_labels import by_every_label
from app.queries.service_counts.stretches import stretch_counts
from app.web.bureau.address import stretch_asked
from app.web.bureau.counting.chart import month_chart
from app.web.shared.layout import reader_locale

NAMED = ("street", "department", "area", "industry", "not_counted_reason", "founder_group")
SPLITS = (
    SplitBy.TYPE,
    SplitBy.EXPERT_CATEGORY,
    SplitBy.STREET,
    SplitBy.AREA,
    SplitBy.DEPARTMENT,
    SplitBy.INDUSTRY,
    SplitBy.CONFIRMATION,
)


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/reports/stretches/<stretch>")(stretch_report)


@policy(Permission.READ_COUNTS)
def stretch_report(stretch: str) -> ResponseReturnValue:
    """Show the report of a quarter, half a year or a year, fit to be printed."""
    wanted = stretch_asked(stretch)
    if wanted.rhythm is Rhythm.MONTH:
        return redirect(url_for("bureau.report", month=wanted.first))
    with reading() as reader:
        counts = stretch_counts(reader, wanted)
        errata = queries.errata(reader, wanted.months)
        labels = by_every_label(reader, wanted.first, wanted.last)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
        changes = bureau_desk.late_changes(reader, wanted.months)
        today, made_at = local_day(reader.now), reader.now
    bars = [_bar(month, by_type) for month, by_type in counts.by_month.items()]
    reasons = counts.known.not_counted
    return render_template(
        "bureau/counting/stretch.html",
        counts=counts,
        chart=month_chart(bars),
        bars=bars,
        reasons={each.value: reasons[each.value] for each in Reason if each.value in reasons},
        splits={by: counts.known.splits[by] for by in SPLITS},
        changes=changes,
        labels=labels,
        errata=errata,
        names=names,
        made_at=made_at,
        is_running=wanted.last.following().first_on > today,
    )


def _bar(month: Month, by_type: Mapping[str, int]) -> MonthBar:
    shown = {each.value: by_type.get(each.value, 0) for each in SHOWN_TYPES}
    rest = sum(by_type.values()) - sum(shown.values())
    return MonthBar(month, {**shown, OTHER: rest})
