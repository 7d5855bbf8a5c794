"""The page on which somebody sees what he consented to, and decides about it."""

from dataclasses import dataclass

from app.domain.errors import NotFoundError
from app.queries.service_desk.persons import ConsentLine, GroupLine, consents_of, groups_of
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class OwnData:
    """What somebody consented to.

    Attributes:
        may_withdraw: a consent for a sensitive group, or such a group, can be taken back.
    """

    consents: tuple[ConsentLine, ...]
    groups: tuple[GroupLine, ...]
    may_withdraw: bool


def own_data(reader: Reader) -> OwnData:
    """Return what the reader consented to; two statements.

    Raises:
        NotFoundError: nothing is kept of him as a person.
    """
    person_id = reader.actor.person_id
    if person_id is None:
        raise NotFoundError("person.not_found")
    consents = consents_of(reader, person_id)
    groups = groups_of(reader, person_id, consents)
    may_withdraw = any(each.stands_for_group for each in consents) or any(
        each.is_sensitive for each in groups
    )
    return OwnData(consents, groups, may_withdraw)
