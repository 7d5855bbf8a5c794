"""What somebody says of a record, tied to the very text that he had before him."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain.outcome import ConfirmationKind
from app.domain.surname import ensure_whole_name
from app.models.expert import Expert
from app.models.outcome import Confirmation, Outcome, OutcomeVersion
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.queries.signed_texts import present_at, signed_text
from app.unit_of_work import UnitOfWork

BY_OFFICER = frozenset({ConfirmationKind.CALL_BACK, ConfirmationKind.PAPER_SIGNATURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWord:
    """What somebody of the founder's side says; `version` is the number of the record he read.

    `signed_name` is his name where he typed it to sign.
    """

    agrees: bool
    rating: int | None = None
    remark: str | None = None
    version: int | None = None
    signed_name: str | None = None


def confirmation(
    uow: UnitOfWork, outcome: Outcome, person_id: UUID, word: OwnWord, kind: ConfirmationKind
) -> Confirmation:
    """Return a word on the newest record, not yet kept."""
    newest = uow.one(
        select(OutcomeVersion)
        .where(OutcomeVersion.outcome_id == outcome.id)
        .order_by(OutcomeVersion.number.desc())
        .limit(1)
    )
    return Confirmation(
        outcome_id=outcome.id,
        person_id=person_id,
        agrees=word.agrees,
        kind=kind,
        remark=word.remark,
        outcome_version=newest.number if newest else 0,
        signed_name=(word.signed_name or "").strip() or None,
        text_sha256=text_of(uow, outcome.service_session_id, newest) if newest else None,
        officer_id=uow.actor.account_id if kind in BY_OFFICER else None,
        created_at=uow.now,
    )


def text_of(uow: UnitOfWork, session_id: UUID, version: OutcomeVersion) -> str:
    """Return the hash of the meeting's facts as they stand and of the version of its record."""
    session = uow.load(ServiceSession, session_id)
    return signed_text(session, present_at(uow, session_id), version)


def ensure_own_name(uow: UnitOfWork, typed: str | None) -> None:
    """Refuse a signature that is not the actor's own name; none is no signature.

    Raises:
        InvalidInputError: at the field `signed_name`.
    """
    if typed is not None and typed.strip():
        ensure_whole_name([uow.actor.name, *_known_names(uow)], typed)


def _known_names(uow: UnitOfWork) -> Sequence[str]:
    expert_id, person_id = uow.actor.expert_id, uow.actor.person_id
    known = [*uow.all(select(Expert.name).where(Expert.id == expert_id))] if expert_id else []
    return known + (
        [*uow.all(select(Person.name).where(Person.id == person_id))] if person_id else []
    )
