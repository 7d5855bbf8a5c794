"""Experts who were expected at a meeting and did not come: each answers for himself alone."""

from collections.abc import Collection, Set
from uuid import UUID

from app.domain.errors import InvalidInputError
from app.domain.service_session import MENTOR_AWAY, NoShow, PanelHeldError


def absent_of(who: NoShow, expected: Set[UUID], named: Collection[UUID] | None) -> frozenset[UUID]:
    """Return which of the experts a report of an absence calls absent.

    Args:
        who: the side that is said not to have come.
        expected: the experts who were to come.
        named: those who are called absent, all of them when None.

    Raises:
        InvalidInputError: at field `experts`, nobody is named or somebody who was not expected.
    """
    if who not in MENTOR_AWAY:
        if named:
            raise InvalidInputError.at("experts", "service_session.nobody_absent")
        return frozenset()
    absent = frozenset(expected if named is None else named)
    if named is not None and not absent:
        raise InvalidInputError.at("experts", "input.required")
    if not absent <= expected:
        raise InvalidInputError.at("experts", "service_session.unknown_expert")
    return absent


def ensure_not_held(who: NoShow, came: Collection[UUID], lead_id: UUID, quorum: int) -> None:
    """Refuse to call a panel missed of which the lead and the quorum came to meet the founder.

    Raises:
        PanelHeldError: it is finished like any meeting, and the record names who was missing.
    """
    if who is NoShow.MENTOR and lead_id in came and len(came) >= quorum:
        raise PanelHeldError(quorum=quorum)


def ensure_held(expected: Set[UUID], absent: Set[UUID], lead_id: UUID, quorum: int) -> None:
    """Refuse to call a meeting held for which too few of the experts came.

    Raises:
        InvalidInputError: at field `absent_experts`; without its lead or its quorum the meeting
            did not come about, and is reported so.
    """
    if not absent <= expected:
        raise InvalidInputError.at("absent_experts", "service_session.unknown_expert")
    if lead_id in absent:
        raise InvalidInputError.at("absent_experts", "service_session.lead_needed")
    if absent and len(expected - absent) < quorum:
        raise InvalidInputError.at("absent_experts", "service_session.below_quorum", quorum=quorum)
