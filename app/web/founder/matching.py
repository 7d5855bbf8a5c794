"""A need matched with the pool of today, from a page."""

from uuid import UUID

from app.http.matchers import fitted_pool
from app.http.run import run
from app.services import proposals


def match(need_id: UUID) -> None:
    """Make the need's shortlist anew with the matcher of this process.

    Raises:
        NeedClosedError: the need is a draft, withdrawn or closed.
    """
    run(proposals.refresh, need_id, fitted_pool())
