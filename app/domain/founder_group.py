"""Seals 群体代号 of sensitive groups: what decisions and the trail hold in place of the group.

A seal means nothing by itself. Which group it stands for is said by the row of the person alone;
when consent is withdrawn that row goes, and nobody can tell any more.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.domain.service_record import Aliases, Decision, SessionFacts, canonical

PREFIX = "sealed:"
WITHDRAWN = "withdrawn"
_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")


def new_seal() -> str:
    """Return a seal that nobody can guess; of letters only, so that it looks like no number."""
    return PREFIX + secrets.token_hex(16).translate(_LETTERS)


def is_sealed(group: str | None) -> bool:
    """Tell whether a group is told by its seal."""
    return group is not None and group.startswith(PREFIX)


def opened(group: str | None, seals: Mapping[str, str]) -> str | None:
    """Return the group behind a seal, `WITHDRAWN` where nobody can tell it any more.

    Args:
        group: a code, a seal, or None.
        seals: the groups behind those seals that are kept.
    """
    if group is None or not is_sealed(group):
        return group
    return seals.get(group, WITHDRAWN)


def counted_as(group: str | None, seals: Mapping[str, str]) -> str | None:
    """Return the group somebody is counted by now: none where his consent was withdrawn.

    Args:
        group: a code, a seal, or None.
        seals: the groups behind those seals that are kept.
    """
    found = opened(group, seals)
    return None if found == WITHDRAWN else found


def with_groups_opened(
    decisions: Iterable[Decision], seals: Mapping[str, str], *, as_reported: bool = False
) -> tuple[Decision, ...]:
    """Return the decisions with groups in place of their seals, to be counted by them.

    Args:
        decisions: those that hold seals and those that do not.
        seals: the groups behind those seals that are kept.
        as_reported: tell withdrawn groups apart from none, as what was published counted them.
    """
    told = opened if as_reported else counted_as
    return tuple(
        replace(d, groups=tuple((person, told(group, seals)) for person, group in d.groups))
        if any(is_sealed(group) for _, group in d.groups)
        else d
        for d in decisions
    )


def with_kept_seals(
    facts: SessionFacts, stood: Decision, seals: Mapping[str, str], aliases: Aliases
) -> SessionFacts:
    """Return the facts of a closed month with the seals it was closed with, where these are gone.

    Args:
        facts: of the meeting, as known now.
        stood: the decision that stands on it.
        seals: the groups behind those seals that are kept.
        aliases: who is one person.
    """
    gone = {
        canonical(person, aliases): group
        for person, group in stood.groups
        if opened(group, seals) == WITHDRAWN
    }
    if not gone:
        return facts
    attendees = tuple(
        replace(each, group=gone.get(canonical(each.person_id, aliases), each.group))
        for each in facts.attendees
    )
    return replace(facts, attendees=attendees)
