"""A need matched with the pool of today, from a page."""

from typing import cast
from uuid import UUID

from flask import current_app

from app.http.run import reading, run
from app.services import proposals
from app.services.proposals import MatcherCache

MATCHERS = "jieban_matchers"


def match(need_id: UUID) -> None:
    """Make the need's shortlist anew with the matcher of this process.

    Raises:
        NeedClosedError: the need is a draft, withdrawn or closed.
    """
    held = cast(MatcherCache, current_app.extensions.setdefault(MATCHERS, MatcherCache()))
    with reading() as reader:
        pool = held.pool(reader)
    run(proposals.refresh, need_id, pool)
