"""Which rows about counting each reach shows: previews of the policy, appeals of mentors."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, false

from app.domain.actor import Actor, Reach
from app.models.appeal import Appeal
from app.models.base import Base
from app.models.policy_change import PolicyPreview, PolicyPreviewMonth

Criterion = ColumnElement[bool]
Rule = Callable[[Actor, Reach], Criterion]

_appeal = Appeal.__table__.c


def _appeal_rule(actor: Actor, reach: Reach) -> Criterion:
    # Between the mentor and the bureau: founders and liaisons know nothing of it.
    return _appeal.expert_id == actor.expert_id if reach is Reach.SERVED else false()


def _bureau_rule(_actor: Actor, _reach: Reach) -> Criterion:
    # A preview holds the records of everybody.
    return false()


RULES: dict[type[Base], Rule] = {
    Appeal: _appeal_rule,
    PolicyPreview: _bureau_rule,
    PolicyPreviewMonth: _bureau_rule,
}
