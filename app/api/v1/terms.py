"""聘期: the terms of an expert, renewed, extended or resigned from; bookings follow at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.domain.actor import Permission
from app.http.run import reading, run
from app.http.wire import jsonable
from app.queries.exchange import TermsDetail, terms_detail
from app.services import experts

LONGEST_DOCUMENT = 200
Document = Annotated[str, Text(LONGEST_DOCUMENT), Named(says="Its number or name, for the file.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermBody:
    """A term from today or a later day on, both days included."""

    document: Document
    starts_on: date
    ends_on: date
    reason: Annotated[
        str, Text(1000), Named(says="Why, where the last term fell short of its hours.")
    ] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionBody:
    """The last day of a provisional extension; the policy says how long it may be."""

    document: Document
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ResignationBody:
    """The expert's own written wish to leave, by its number or name."""

    document: Document


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    expert = "/experts/<uuid:expert_id>"
    blueprint.get(f"{expert}/terms")(read_terms)
    blueprint.post(f"{expert}/terms")(renew_term)
    blueprint.post(f"{expert}/terms/extend")(extend_term)
    blueprint.post(f"{expert}/terms/resign")(resign_expert)


@operation(Permission.SET_AVAILABILITY, answer=TermsDetail)
def read_terms(expert_id: UUID) -> Any:
    """Read the terms of an expert; for himself and for who looks after him."""
    return _detail(expert_id)


@operation(Permission.APPOINT_EXPERT, answer=TermsDetail)
def renew_term(expert_id: UUID, body: TermBody, version: int | None) -> Any:
    """Appoint an expert for another term, never for days that have passed.

    Bookings that it covers stand again, others beyond every term are suspended.
    """
    renewal = experts.Renewal(body.document, body.starts_on, body.ends_on, body.reason)
    return _decide(experts.renew, expert_id, renewal, version=version)


@operation(Permission.APPOINT_EXPERT, answer=TermsDetail)
def extend_term(expert_id: UUID, body: ExtensionBody, version: int | None) -> Any:
    """Extend the last term provisionally, before it ends, by as many days as the policy allows."""
    return _decide(experts.extend, expert_id, body.document, body.until, version=version)


@operation(Permission.APPOINT_EXPERT, answer=TermsDetail)
def resign_expert(expert_id: UUID, body: ResignationBody, version: int | None) -> Any:
    """End an expert's service today at his own wish; bookings to come are suspended.

    What was held stays, and he is told. For a cause of the bureau's there is the dismissal.
    """
    return _decide(experts.resign, expert_id, body.document, version=version)


def _decide(use_case: Callable[..., Any], expert_id: UUID, *args: Any, version: int | None) -> Any:
    run(use_case, expert_id, *args, version=version)
    return _detail(expert_id)


def _detail(expert_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(terms_detail(reader, expert_id))
