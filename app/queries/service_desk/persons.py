"""One person as the desk sees him: who he is, what he agreed to, what is under way for him."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.booking import BookingStatus
from app.domain.consent import ConsentKind, Purpose
from app.domain.errors import NotFoundError
from app.domain.need import NeedStatus
from app.domain.privacy import mask_phone
from app.models.booking import Booking
from app.models.consent import Consent, ConsentWithdrawal
from app.models.expert import Expert
from app.models.need import Need
from app.models.person import FounderGroup, IdentityLevel, Person, Venture, VentureMember
from app.models.vocabulary import Term
from app.queries.person_doubles import DoubleLine, doubles_of
from app.unit_of_work import Reader

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A sheet that was signed; `withdrawn_at` is when the consent was taken back."""

    purpose: Purpose
    kind: ConsentKind
    given_on: date
    filed_at: str
    withdrawn_at: datetime | None

    @property
    def stands_for_group(self) -> bool:
        """Whether it lets a sensitive group be kept."""
        return self.purpose is Purpose.SENSITIVE_GROUP and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A founder group the person has named.

    Attributes:
        verified_at: from then on the person is counted by it.
        is_sensitive: the group needs a sheet of its own.
        lacks_consent: the group is sensitive and no sheet of its own was signed.
        may_verify: the reader may verify it now.
    """

    code: str
    verified_at: datetime | None
    is_sensitive: bool
    lacks_consent: bool
    may_verify: bool


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need of the person."""

    id: UUID
    reference: str
    text: str
    status: NeedStatus
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class BookingLine:
    """A booking of the person, for which a slip can be printed."""

    id: UUID
    reference: str
    expert: str
    starts_at: datetime
    ends_at: datetime
    status: BookingStatus


@dataclass(frozen=True, slots=True)
class DeskPerson:
    """A person within the actor's reach; his telephone stays masked.

    `groups` are the codes of `group_lines`; `doubles` are other records proposed or found to be
    the same person; `may_withdraw` tells whether there is a consent for a sensitive group, or such
    a group, that can be taken back.
    """

    id: UUID
    name: str
    phone: str | None
    birth_year: int | None
    street: str | None
    is_identified: bool
    is_voided: bool
    groups: tuple[str, ...]
    group_lines: tuple[GroupLine, ...]
    ventures: tuple[str, ...]
    consents: tuple[ConsentLine, ...]
    needs: tuple[NeedLine, ...]
    bookings: tuple[BookingLine, ...]
    doubles: tuple[DoubleLine, ...]
    may_withdraw: bool


def desk_person(reader: Reader, person_id: UUID) -> DeskPerson:
    """Return one person in seven statements.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    person = reader.session.scalar(select(Person).where(Person.id == person_id))
    if person is None:
        raise NotFoundError("person.not_found")
    consents = consents_of(reader, person_id)
    groups = groups_of(reader, person_id, consents)
    has_sheet = any(each.stands_for_group for each in consents)
    return DeskPerson(
        id=person.id,
        name=person.name,
        phone=mask_phone(person.phone) if person.phone else None,
        birth_year=person.birth_year,
        street=person.street,
        is_identified=person.identity_level is not IdentityLevel.NONE,
        is_voided=person.voided_at is not None,
        groups=tuple(line.code for line in groups),
        group_lines=groups,
        ventures=tuple(_ventures(reader, person_id)),
        consents=consents,
        needs=_needs(reader, person_id),
        bookings=_bookings(reader, person_id),
        doubles=doubles_of(reader, person_id),
        may_withdraw=has_sheet or any(line.is_sensitive for line in groups),
    )


def groups_of(
    reader: Reader, person_id: UUID, consents: Sequence[ConsentLine]
) -> tuple[GroupLine, ...]:
    """Return the groups the person has named, as far as in sight."""
    has_sheet = any(each.stands_for_group for each in consents)
    may_verify = may(reader.actor, Permission.VERIFY_GROUP)
    rows = reader.session.execute(
        select(FounderGroup.code, FounderGroup.verified_at, Term.attributes)
        .join(Term, (Term.vocabulary == "founder_group") & (Term.code == FounderGroup.code))
        .where(FounderGroup.person_id == person_id)
        .order_by(FounderGroup.code)
    )
    lines = []
    for code, verified_at, held in rows:
        is_sensitive = held["sensitive"] == "yes"
        lacks_consent = is_sensitive and not has_sheet
        is_open = verified_at is None and not lacks_consent
        line = GroupLine(code, verified_at, is_sensitive, lacks_consent, is_open and may_verify)
        lines.append(line)
    return tuple(lines)


def _ventures(reader: Reader, person_id: UUID) -> Sequence[str]:
    return reader.session.scalars(
        select(Venture.name)
        .join(VentureMember, VentureMember.venture_id == Venture.id)
        .where(VentureMember.person_id == person_id)
        .order_by(Venture.id)
    ).all()


def consents_of(reader: Reader, person_id: UUID) -> tuple[ConsentLine, ...]:
    """Return the sheets the person signed, as far as in sight."""
    rows = reader.session.execute(
        select(
            Consent.purpose,
            Consent.kind,
            Consent.given_on,
            Consent.filed_at,
            ConsentWithdrawal.created_at,
        )
        .outerjoin(ConsentWithdrawal, ConsentWithdrawal.consent_id == Consent.id)
        .where(Consent.person_id == person_id)
        .order_by(Consent.id)
    )
    return tuple(ConsentLine(*row) for row in rows)


def _needs(reader: Reader, person_id: UUID) -> tuple[NeedLine, ...]:
    rows = reader.session.scalars(
        select(Need)
        .where(Need.person_id == person_id, Need.status != NeedStatus.DRAFT)
        .order_by(Need.id.desc())
        .limit(MOST_SHOWN)
    )
    return tuple(
        NeedLine(row.id, row.reference, row.text, row.status, row.submitted_at) for row in rows
    )


def _bookings(reader: Reader, person_id: UUID) -> tuple[BookingLine, ...]:
    rows = reader.session.execute(
        select(Booking, Expert.name)
        .join(Expert, Expert.id == Booking.lead_expert_id)
        .where(
            Booking.founder_person_id == person_id,
            Booking.status.not_in((BookingStatus.ON_HOLD, BookingStatus.RELEASED)),
        )
        .order_by(Booking.starts_at.desc(), Booking.id)
        .limit(MOST_SHOWN)
    )
    return tuple(
        BookingLine(row.id, row.reference, expert, row.starts_at, row.ends_at, row.status)
        for row, expert in rows
    )
