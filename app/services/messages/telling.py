"""Events turned into messages for the people they concern, and letters where those have mail."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.domain.availability.zones import DISTRICT
from app.domain.job import ClaimedJob
from app.domain.message import NEAR, ROLES, Audience, Channel, Notice, addresses, notices
from app.domain.wording import fill
from app.models.account import Account, AccountRole
from app.models.expert import Expert
from app.models.message import Message
from app.models.person import Person
from app.queries.message_texts import written
from app.services.messages.announcing import announce
from app.services.messages.concern import Concern
from app.services.messages.concerning import concern_of
from app.services.messages.inviting import invite
from app.services.messages.planning import Way, choices_of, plan_deliveries
from app.unit_of_work import UnitOfWork

_BOOKING = "/bookings/{booking_id}"


class _Recipient(NamedTuple):
    """Whose message it is; `zone` is that of an expert's own clock."""

    account_id: UUID
    name: str
    email: str | None
    phone: str | None
    person_id: UUID | None
    zone: str | None


def notify(uow: UnitOfWork, job: ClaimedJob) -> list[Message]:
    """Tell everybody concerned by the event a use case told."""
    facts = dict(job.payload)
    event, revision = str(facts.pop("event")), int(str(facts.pop("revision")))
    if job.subject_id is None:
        raise ValueError(f"event {event} tells of nothing")
    return tell(uow, event, job.subject_id, revision, facts, job=job)


def tell(
    uow: UnitOfWork,
    event: str,
    subject_id: UUID,
    revision: int,
    facts: Mapping[str, object],
    *,
    job: ClaimedJob | None = None,
) -> list[Message]:
    """Leave a message with each account concerned, once for each revision of the subject.

    Args:
        uow: the transaction.
        event: what happened.
        subject_id: to what.
        revision: which occurrence; telling the same again changes nothing.
        facts: what the use case knows besides.
        job: what tells it; when that was due is kept, and until when a letter is of use.
    """
    concern = concern_of(uow, event, subject_id, facts)
    already = uow.all(
        select(Message.account_id).where(
            Message.event == event, Message.subject_id == subject_id, Message.revision == revision
        )
    )
    told = set(already)
    messages = []
    for notice in notices(event, facts):
        for reader in _recipients(uow, notice, concern):
            if reader.account_id in told:
                continue
            told.add(reader.account_id)
            message = _message(notice, concern, reader)
            message.account_id, message.created_at = reader.account_id, uow.now
            message.event, message.subject_id, message.revision = event, subject_id, revision
            message.due_at = job.first_due_at if job else None
            messages.append(uow.add(message))
            if notice.by_mail:
                _send(uow, message, reader, notice, (concern, job))
    at = job.first_due_at if job else uow.now
    announce(uow, event, subject_id, revision, concern, at)
    return messages


def _message(notice: Notice, concern: Concern, reader: _Recipient) -> Message:
    passed_on = notice.passed_on if "successor" in concern.facts else None
    words = passed_on or notice.words
    facts = {**concern.facts, "zone": reader.zone}
    title, text = written(words, facts, "zh")
    return Message(
        title=title,
        text=text,
        href=fill(_BOOKING if passed_on else notice.href, concern.pages),
        facts={**facts, "words": words, "name": reader.name},
    )


def _send(
    uow: UnitOfWork,
    message: Message,
    reader: _Recipient,
    notice: Notice,
    told_by: tuple[Concern, ClaimedJob | None],
) -> None:
    concern, job = told_by
    ways = addresses(reader.email, reader.phone)
    email = ways.get(Channel.EMAIL)
    invitation = invite(uow, notice, message.subject_id, reader.person_id, email) if email else None
    plan_deliveries(
        uow,
        message,
        Way(
            addresses=ways,
            choices=choices_of(uow, reader.account_id),
            zone=reader.zone or DISTRICT,
            is_near=_is_near(concern, uow.now),
        ),
        is_of_use=_is_of_use(notice, concern),
        until=job.not_after if job else None,
        invitation=invitation,
    )


def _is_near(concern: Concern, now: datetime) -> bool:
    starts_at = concern.facts.get("starts_at")
    return starts_at is not None and datetime.fromisoformat(starts_at) - now < NEAR


def _is_of_use(notice: Notice, concern: Concern) -> bool:
    return not notice.mail_while or concern.status in notice.mail_while


def _recipients(uow: UnitOfWork, notice: Notice, concern: Concern) -> list[_Recipient]:
    audience = notice.to
    statement = (
        select(
            Account.id,
            Account.name,
            Person.email,
            Person.phone,
            Account.person_id,
            Expert.time_zone,
        )
        .join(AccountRole, AccountRole.account_id == Account.id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(Expert, Expert.person_id == Account.person_id)
        .where(Account.is_active, AccountRole.role.in_(ROLES[audience]))
        .order_by(Account.id)
    )
    if audience is Audience.MAKER:
        statement = statement.where(Account.id == concern.maker_id)
    elif audience is Audience.LIAISONS:
        statement = statement.where(AccountRole.department.in_(concern.departments))
    elif audience is Audience.MENTORS:
        statement = statement.where(Account.person_id.in_(concern.mentors))
    elif audience is Audience.SEATED:
        statement = statement.where(Account.person_id.in_(concern.seated)).distinct()
    elif audience is Audience.HOLDER:
        statement = statement.where(Account.id == concern.account_id)
    elif audience not in _ALL_OF_THEIR_ROLE:
        statement = statement.where(Account.person_id.in_(_persons(audience, concern)))
    return [_Recipient(*row) for row in uow.session.execute(statement)]


_ALL_OF_THEIR_ROLE = frozenset({Audience.OFFICERS, Audience.AUDITORS, Audience.KEEPERS})


def _persons(audience: Audience, concern: Concern) -> Sequence[UUID | None]:
    """Return the people of the side that is told: the experts of a panel are several."""
    if audience is Audience.FOUNDER:
        return [concern.founder_person_id]
    if audience is Audience.COMPANIONS:
        return concern.companions
    if audience is Audience.MENTOR and concern.panel:
        return concern.panel
    return [concern.mentor_person_id]
