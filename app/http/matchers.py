"""The fitted matcher of this process, for pages and API alike."""

from typing import cast

from flask import current_app

from app.http.run import reading
from app.services.proposals import FittedPool, MatcherCache

MATCHERS = "jieban_matchers"


def fitted_pool() -> FittedPool:
    """Return the pool as it is now, fitted; made anew only when it has changed."""
    held = cast(MatcherCache, current_app.extensions.setdefault(MATCHERS, MatcherCache()))
    with reading() as reader:
        return held.pool(reader)
