"""A pairing that a tie forbids: refused without a word of the tie, others of the list named."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from app.domain.expert import RecusalError
from app.http.run import reading
from app.queries import proposals

MOST_OTHERS = 3


@contextmanager
def naming_others(need_id: UUID, expert_id: UUID) -> Iterator[None]:
    """Name beside the refusal who else is proposed for the need and can be asked."""
    try:
        yield
    except RecusalError as error:
        with reading() as reader:
            page = proposals.list_for_need(reader, need_id)
        others = [
            {"id": row.expert.id, "name": row.expert.name}
            for row in page.items
            if row.expert.id != expert_id and row.can_be_asked
        ]
        raise RecusalError(**{**error.facts, "experts": others[:MOST_OTHERS]}) from error
