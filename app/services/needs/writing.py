"""A need as a founder writes it, or somebody at a desk for him."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from app.db import StaleVersionError
from app.domain.actor import Permission, Role
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.need import DESK_CHANNELS, Channel, NeedStatus, ensure_editable
from app.domain.privacy import mask_identities
from app.models.need import Need, NeedTopic
from app.models.person import Person, Venture, VentureMember
from app.services import board_posts
from app.services.bookings import claims
from app.services.bookings.holding import holds_of
from app.services.bookings.waiting import close_line, offer_freed
from app.services.needs.coding import NeedInput, coded
from app.services.needs.topics import understand_anew
from app.services.ventures import register
from app.unit_of_work import UnitOfWork


def draft(
    uow: UnitOfWork,
    given: NeedInput,
    *,
    person_id: UUID | None = None,
    draft_id: UUID | None = None,
) -> Need:
    """Keep what is written so far; nobody but its author sees to it yet.

    Raises:
        InvalidInputError: a code is unknown, or the text too long.
    """
    need = _written(uow, given, person_id, draft_id, is_complete=False)
    uow.audit("need.drafted", need)
    return need


def submit(
    uow: UnitOfWork,
    given: NeedInput,
    *,
    person_id: UUID | None = None,
    draft_id: UUID | None = None,
) -> Need:
    """Submit a founder's need; he is told, and its clock starts.

    Args:
        uow: the transaction.
        given: the need.
        person_id: the founder, when somebody at a desk writes for him.
        draft_id: the draft that is now complete.

    Raises:
        InvalidInputError: naming each field.
        NotFoundError: the person, the venture or the draft is not the actor's to use.
    """
    need = _written(uow, given, person_id, draft_id, is_complete=True)
    need.status, need.submitted_at = NeedStatus.SUBMITTED, uow.now
    person = uow.load(Person, need.person_id)
    person.street = person.street or need.street
    uow.audit("need.submitted", need, channel=need.channel, session_type=need.session_type)
    uow.tell("need.submitted", need)
    uow.flush()
    return need


def edit(uow: UnitOfWork, need_id: UUID, given: NeedInput, *, version: int | None = None) -> Need:
    """Change a need that nothing is booked for yet.

    Raises:
        StaleVersionError: somebody changed it since `version`.
        NeedInServiceError, NeedClosedError: it cannot be changed any more.
    """
    need = uow.load(Need, need_id, lock=True)
    uow.require(Permission.SUBMIT_NEED)
    if version is not None and version != need.version:
        raise StaleVersionError
    ensure_editable(need.status)
    is_submitted = need.status is NeedStatus.SUBMITTED
    _write(uow, need, coded(uow, given, is_complete=is_submitted))
    uow.audit("need.edited", need)
    uow.flush()
    return need


def withdraw(uow: UnitOfWork, need_id: UUID) -> None:
    """Take a need back; a draft is gone, a submitted need stays on record as withdrawn.

    Raises:
        NeedInServiceError: something is booked for it; that is cancelled first.
    """
    need = uow.load(Need, need_id, lock=True)
    uow.require(Permission.SUBMIT_NEED)
    ensure_editable(need.status)
    uow.audit("need.withdrawn", need)
    if need.status is NeedStatus.DRAFT:
        for topic in uow.all(select(NeedTopic).where(NeedTopic.need_id == need.id)):
            uow.session.delete(topic)
        uow.flush()
        uow.session.delete(need)
    else:
        held = holds_of(uow, need.id)
        for each in held:
            claims.let_go(uow, each)
        board_posts.take_down(uow, need.id)
        need.status = NeedStatus.WITHDRAWN
        close_line(uow, need.id)
        for each in held:
            offer_freed(uow, each.lead_expert_id)


def _written(
    uow: UnitOfWork,
    given: NeedInput,
    person_id: UUID | None,
    draft_id: UUID | None,
    *,
    is_complete: bool,
) -> Need:
    uow.require(Permission.SUBMIT_NEED)
    given = coded(uow, given, is_complete=is_complete)
    need = _draft(uow, draft_id) if draft_id else _new(uow, given, _founder(uow, person_id))
    _write(uow, need, given)
    return need


def _draft(uow: UnitOfWork, draft_id: UUID) -> Need:
    need = uow.load(Need, draft_id, lock=True)
    if need.status is not NeedStatus.DRAFT:
        raise NotFoundError("need.not_found")
    return need


def _new(uow: UnitOfWork, given: NeedInput, person: Person) -> Need:
    return Need(
        reference=uow.reference("need"),
        person_id=person.id,
        street=person.street,
        status=NeedStatus.DRAFT,
        channel=_channel(uow, given.channel),
        created_at=uow.now,
    )


def _founder(uow: UnitOfWork, person_id: UUID | None) -> Person:
    own = uow.actor.person_id
    key = person_id or own
    if key is None:
        raise InvalidInputError.at("person_id", "input.required")
    if key != own and not (uow.actor.is_staff or uow.actor.has(Role.SYSTEM)):
        raise NotFoundError("person.not_found")
    return uow.load(Person, key)


def _channel(uow: UnitOfWork, channel: Channel) -> Channel:
    if channel in DESK_CHANNELS and not uow.actor.is_staff:
        raise InvalidInputError.at("channel", "need.channel_of_desk")
    if channel is not Channel.WEB or not uow.actor.is_staff:
        return channel
    return Channel.STREET if uow.actor.has(Role.STREET_LIAISON) else Channel.BUREAU


def _write(uow: UnitOfWork, need: Need, given: NeedInput) -> None:
    # Nobody needs the number, and whoever serves reads the text.
    need.text = mask_identities(given.text.replace("\r\n", "\n").strip())
    need.session_type, need.modes = given.session_type, list(given.modes)
    need.industry, need.stage, need.area = given.industry, given.stage, given.area
    need.language = given.language
    need.street = uow.actor.street or given.street or need.street
    need.venture_id = _venture_id(uow, need, given)
    uow.add(need)
    uow.flush()
    understand_anew(uow, need, given.struck, given.added)


def _venture_id(uow: UnitOfWork, need: Need, given: NeedInput) -> UUID | None:
    if given.venture_id is not None:
        venture = uow.load(Venture, given.venture_id)
        member = uow.one(
            select(VentureMember.id).where(
                VentureMember.venture_id == venture.id, VentureMember.person_id == need.person_id
            )
        )
        if member is None:
            raise NotFoundError("venture.not_found")
        return venture.id
    if given.venture is None:
        return need.venture_id
    placed = replace(given.venture, industry=need.industry, area=need.area, street=need.street)
    return register(uow, placed, need.person_id).id
