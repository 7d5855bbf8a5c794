"""Experts of the pool by what an officer types of a name."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain.errors import InvalidInputError
from app.domain.vocabulary import fold
from app.models.expert import Expert
from app.unit_of_work import Reader

LONGEST_NAME = 80
MOST = 20


@dataclass(frozen=True, slots=True)
class NamedExpert:
    """Somebody who bears the name."""

    id: UUID
    name: str
    category: str
    title: str


def experts_named(reader: Reader, text: str) -> tuple[NamedExpert, ...]:
    """Return whose names hold the text, by name; who bears it in full stands alone.

    Raises:
        InvalidInputError: at field `name`, when it is empty, too long, or nobody's.
    """
    wanted = fold(text)
    if not wanted:
        raise InvalidInputError.at("name", "input.required")
    if len(text) > LONGEST_NAME:
        raise InvalidInputError.at("name", "input.too_long", longest=LONGEST_NAME, length=len(text))
    rows = reader.session.execute(
        select(Expert.id, Expert.name, Expert.category, Expert.organisation, Expert.title).order_by(
            Expert.name, Expert.id
        )
    ).all()
    found = [row for row in rows if fold(row.name) == wanted]
    found = found or [row for row in rows if wanted in fold(row.name)]
    if not found:
        raise InvalidInputError.at("name", "expert.name_unknown")
    return tuple(
        NamedExpert(row.id, row.name, row.category.value, f"{row.organisation} {row.title}".strip())
        for row in found[:MOST]
    )
