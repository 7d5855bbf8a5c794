"""A venture has registered: an officer has seen the document."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import OneOf, Text
from app.domain.actor import Permission
from app.domain.venture import CODE_LENGTH, EntityType
from app.http.run import run
from app.http.wire import jsonable
from app.models.person import Venture
from app.services import venture_registrations
from app.services.venture_registrations import LONGEST_DOCUMENT, Registered
from app.unit_of_work import UnitOfWork

REGISTERED = {form.value: form for form in EntityType if form is not EntityType.TEAM}
# Somebody may write a code in groups.
LONGEST_CODE = 2 * CODE_LENGTH


@dataclass(frozen=True, slots=True)
class RegistrationBody:
    """What the document of the register shows, and which document it is."""

    entity_type: Annotated[EntityType, OneOf(REGISTERED)]
    venture_credit_code: Annotated[str, Text(LONGEST_CODE)]
    registered_on: date
    document: Annotated[str, Text(LONGEST_DOCUMENT)]


@dataclass(frozen=True, slots=True)
class RegistrationDetail:
    """A registration as it was noted; it holds until another one is.

    `version` is that of the venture.
    """

    id: UUID
    venture_id: UUID
    version: int
    entity_type: str
    credit_code: str
    registered_on: date
    document: str
    noted_at: datetime


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.post("/ventures/<uuid:venture_id>/registration")(note_registration)


@operation(Permission.NOTE_REGISTRATION, answer=RegistrationDetail)
def note_registration(venture_id: UUID, body: RegistrationBody, version: int | None) -> Any:
    """Note that a venture has registered; what was held for it is decided anew.

    The figures of a closed month stay as reported, and the change is posted.
    """
    code, on = body.venture_credit_code, body.registered_on
    shown = Registered(body.entity_type, code, on, body.document)

    def act(uow: UnitOfWork) -> RegistrationDetail:
        row = venture_registrations.note(uow, venture_id, shown, version=version)
        uow.flush()
        return RegistrationDetail(
            id=row.id,
            venture_id=row.venture_id,
            version=uow.load(Venture, row.venture_id).version,
            entity_type=row.entity_type,
            credit_code=row.credit_code,
            registered_on=row.registered_on,
            document=row.document,
            noted_at=row.noted_at,
        )

    return run(act, answer=jsonable)
