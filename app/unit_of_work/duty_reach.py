"""Which rows of duties each reach shows: points and certificates, to whom they belong."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, false, or_

from app.domain.actor import Actor, Reach
from app.domain.honour import HonourStatus
from app.models.appraisal import Appraisal
from app.models.base import Base
from app.models.certificate import Certificate
from app.models.claim import Claim
from app.models.dismissal import Dismissal, RenewalReason
from app.models.honour import Honour
from app.models.point import PointEntry

Criterion = ColumnElement[bool]
Rule = Callable[[Actor, Reach], Criterion]


def _own(model: type[PointEntry | Certificate | Dismissal | Appraisal]) -> Rule:
    def rule(actor: Actor, reach: Reach) -> Criterion:
        if reach is Reach.SERVED:
            return model.__table__.c.expert_id == actor.expert_id
        return false()

    return rule


def _honour(actor: Actor, reach: Reach) -> Criterion:
    # Everybody may read what was confirmed; its bearer also what became of the rest.
    column = Honour.__table__.c
    confirmed = column.status == HonourStatus.CONFIRMED
    if reach is Reach.SERVED:
        return or_(confirmed, column.expert_id == actor.expert_id)
    return confirmed


def _nothing(_actor: Actor, _reach: Reach) -> Criterion:
    return false()


RULES: dict[type[Base], Rule] = {
    PointEntry: _own(PointEntry),
    Certificate: _own(Certificate),
    Appraisal: _own(Appraisal),
    # He answers what is proposed against him; the bureau's other papers he need not see.
    Dismissal: _own(Dismissal),
    RenewalReason: _nothing,
    Claim: _nothing,
    Honour: _honour,
}
