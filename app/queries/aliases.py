"""Records of persons that were found to be one person."""

from sqlalchemy import select

from app.models.person import PersonAlias
from app.queries.free_times import Look


def load_aliases(look: Look) -> dict[str, str]:
    """Return for each double of a person the person it stands for."""
    rows = look.session.execute(select(PersonAlias.alias_id, PersonAlias.person_id))
    return {str(alias_id): str(person_id) for alias_id, person_id in rows}
