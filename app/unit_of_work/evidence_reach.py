"""Which rows of evidence each reach shows: the bureau's own, or what one put in oneself."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, or_

from app.domain.actor import Actor, Reach
from app.models.attachment import Attachment

Criterion = ColumnElement[bool]
Rule = Callable[[Actor, Reach], Criterion]

_file = Attachment.__table__.c


def attachment_rule(of_session: Rule) -> Rule:
    """Return which files of the meetings in reach are shown.

    Mentor and founder see what they put in themselves, and what is marked for both and not struck.

    Args:
        of_session: which files belong to a meeting that the reach shows.
    """

    def rule(actor: Actor, reach: Reach) -> Criterion:
        within = of_session(actor, reach)
        if reach not in (Reach.OWN, Reach.SERVED):
            return within
        for_both = and_(_file.is_for_both, _file.struck_at.is_(None))
        return and_(within, or_(_file.added_by_id == actor.account_id, for_both))

    return rule
