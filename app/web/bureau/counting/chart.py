"""Drawings of the bureau: the services of a year by month, and how many carry how much."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from app.domain.batch import BUSY_FROM
from app.domain.service_record import SessionType
from app.queries.overview import OTHER, MonthBar
from app.web.shared.charts import Columns, Series, StackedBars


def month_chart(bars: Sequence[MonthBar]) -> StackedBars:
    """Return the drawing of the months, the services named in the reader's language."""
    names = {
        SessionType.CONSULTATION.value: _("创业咨询"),
        SessionType.DIAGNOSIS.value: _("专题诊断"),
        SessionType.TUTORING.value: _("个别辅导"),
        OTHER: _("讲座与集中咨询"),
    }
    return StackedBars(
        names=tuple(_("%(number)s月", number=bar.month.number) for bar in bars),
        series=tuple(
            Series(name, tuple(bar.by_type[code] for bar in bars)) for code, name in names.items()
        ),
    )


def load_chart(spread: Mapping[int, int]) -> Columns:
    """Return the drawing of how many experts have how many services in a month."""
    names = tuple(_("%(number)s 次", number=load) for load in spread)
    return Columns(names, tuple(spread.values()), BUSY_FROM)
