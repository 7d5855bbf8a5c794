"""Whom an event concerns and what each of them is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.actor import Role
from app.domain.calendar_entry import Method


class Audience(StrEnum):
    """Whom an event concerns; of a panel the mentor is each of it, the expert the one named.

    Companions come with the founder; they are told of what is agreed, never of a request.
    Liaisons are those of the departments it concerns; keepers look after accounts, the holder is
    whose account it is, today of those alone that have a term.
    """

    FOUNDER = "founder"
    COMPANIONS = "companions"
    MENTOR = "mentor"
    MENTORS = "mentors"
    EXPERT = "expert"
    SEATED = "seated"
    OFFICERS = "officers"
    MAKER = "maker"
    AUDITORS = "auditors"
    LIAISONS = "liaisons"
    KEEPERS = "keepers"
    HOLDER = "holder"


# Whose accounts an audience is looked for among.
ROLES: Mapping[Audience, tuple[Role, ...]] = {
    Audience.FOUNDER: (Role.FOUNDER,),
    Audience.COMPANIONS: (Role.FOUNDER,),
    Audience.MENTOR: (Role.MENTOR,),
    Audience.MENTORS: (Role.MENTOR,),
    Audience.EXPERT: (Role.MENTOR,),
    Audience.SEATED: (Role.FOUNDER, Role.MENTOR),
    Audience.OFFICERS: (Role.OFFICER, Role.APPROVER),
    Audience.AUDITORS: (Role.AUDITOR, Role.AUDIT_ADMIN),
    Audience.MAKER: (Role.OFFICER, Role.APPROVER),
    Audience.LIAISONS: (Role.DEPT_LIAISON,),
    Audience.KEEPERS: (Role.SEC_ADMIN,),
    Audience.HOLDER: (Role.AUDITOR,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one audience is told of an event.

    Attributes:
        to: the audience.
        words: key of the wording.
        href: pattern of the page it leads to.
        by_mail: whether a letter goes out besides.
        passed_on: the wording instead, where another mentor was asked in the same step.
        unless_by: the side that did it itself and need not be told.
        only_by: told only to the side that did it itself, where its calendar has to learn of it.
        absent: told only when this side was reported absent.
        owner: told only where this side is among the `owners` of what it is about.
        mail_while: the states of the subject in which a letter is of use; empty means always.
        calendar: what the letter asks the reader's calendar to do with the booking.
    """

    to: Audience
    words: str
    href: str
    by_mail: bool = True
    passed_on: str | None = None
    unless_by: str | None = None
    only_by: str | None = None
    absent: str | None = None
    owner: str | None = None
    mail_while: frozenset[str] = frozenset()
    calendar: Method | None = None
