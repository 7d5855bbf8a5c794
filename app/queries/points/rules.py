"""The dated rules of points as the domain knows them."""

from sqlalchemy import select

from app.domain.point import PointRule
from app.models.point import PointRuleRow
from app.queries.free_times import Look


def load_point_rules(look: Look) -> tuple[PointRule, ...]:
    """Return every rule, the earliest first."""
    rows = look.session.scalars(
        select(PointRuleRow).order_by(PointRuleRow.valid_from, PointRuleRow.event)
    )
    return tuple(
        PointRule(row.id, row.event, row.part, row.points, row.cap, row.valid_from, row.valid_to)
        for row in rows
    )
