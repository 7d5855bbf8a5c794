"""Which rows about counting each reach shows: previews of the policy."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, false

from app.domain.actor import Actor, Reach
from app.models.base import Base
from app.models.policy_change import PolicyPreview, PolicyPreviewMonth

Criterion = ColumnElement[bool]
Rule = Callable[[Actor, Reach], Criterion]


def _bureau_rule(_actor: Actor, _reach: Reach) -> Criterion:
    # A preview holds the records of everybody.
    return false()


RULES: dict[type[Base], Rule] = {
    PolicyPreview: _bureau_rule,
    PolicyPreviewMonth: _bureau_rule,
}
