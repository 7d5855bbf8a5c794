"""Which rows of activities each reach shows: a seat is its holder's, a sheet is its judge's."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, false, select

from app.domain.actor import Actor, Reach
from app.models.activity import (
    ActivityExpert,
    Registration,
    ReviewProject,
    ReviewRecusal,
    ScoreSheet,
)
from app.models.base import Base

Criterion = ColumnElement[bool]
Rule = Callable[[Actor, Reach], Criterion]

_front = ActivityExpert.__table__.c
_registration = Registration.__table__.c
_project = ReviewProject.__table__.c


def _registration_rule(actor: Actor, reach: Reach) -> Criterion:
    # An expert listens to others too; who listens to him he need not know.
    if reach in (Reach.OWN, Reach.SERVED):
        return _registration.person_id == actor.person_id
    return false()


def _project_rule(actor: Actor, reach: Reach) -> Criterion:
    if reach is Reach.OWN:
        return _project.person_id == actor.person_id
    if reach is Reach.SERVED:
        judged = select(_front.activity_id).where(_front.expert_id == actor.expert_id)
        return _project.activity_id.in_(judged)
    return false()


def _judges_own(model: type[Base]) -> Rule:
    column = model.__table__.c.expert_id
    return lambda actor, reach: column == actor.expert_id if reach is Reach.SERVED else false()


RULES: dict[type[Base], Rule] = {
    Registration: _registration_rule,
    ReviewProject: _project_rule,
    ReviewRecusal: _judges_own(ReviewRecusal),
    ScoreSheet: _judges_own(ScoreSheet),
}
