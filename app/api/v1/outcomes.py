"""What came of a meeting: the mentor's record and the founder's own word on it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, OneOf, Text, Whole
from app.api.v1.service_sessions import SESSION
from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.outcome import RESULTS
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.service_session import ServiceSession
from app.queries.exchange import OutcomeDetail, outcome_detail
from app.services import outcomes
from app.services.outcomes import Action, Record
from app.services.outcomes.recording import LONGEST_TEXT, MOST_ACTIONS
from app.services.outcomes.reporting import revise
from app.unit_of_work import UnitOfWork

LONGEST_LINE = 200
LONGEST_REMARK = 2000
BEST_RATING = 5
OUTCOME = "/outcomes/<uuid:outcome_id>"


@dataclass(frozen=True, slots=True)
class ActionBody:
    """A step somebody takes by a day."""

    text: Annotated[str, Text(LONGEST_LINE)]
    owner: Annotated[str, Text(LONGEST_LINE)]
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeBody:
    """What was asked and advised; a later version says why it is needed."""

    question: Annotated[str, Text(LONGEST_TEXT)]
    advice: Annotated[str, Text(LONGEST_TEXT)]
    actions: Annotated[tuple[ActionBody, ...], Count(0, MOST_ACTIONS)] = ()
    result: Annotated[str, OneOf.words(RESULTS)]
    reason: Annotated[
        str | None, Text(LONGEST_LINE), Named(says="Why there is another version of the record.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmBody:
    """The founder's side. Who does not agree says why, and opens a dispute."""

    agrees: bool
    rating: Annotated[int | None, Whole(1, BEST_RATING)] = None
    remark: Annotated[str | None, Text(LONGEST_REMARK)] = None


@dataclass(frozen=True, slots=True)
class CertifyBody:
    """How an officer had the founder's word, and where the sheet is or what was said."""

    way: Annotated[str, OneOf.words(("call_back", "paper_signature"))]
    remark: Annotated[str, Text(LONGEST_TEXT)]


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post(f"{SESSION}/outcome")(record_outcome)
    blueprint.get(OUTCOME)(read_outcome)
    blueprint.post(f"{OUTCOME}/confirm")(confirm_outcome)
    blueprint.post(f"{OUTCOME}/certify")(certify_outcome)


@operation(Permission.RECORD_OUTCOME, answer=OutcomeDetail)
def record_outcome(session_id: UUID, body: OutcomeBody, version: int | None) -> Any:
    """Write the record of a meeting that was held; its first version, or the next."""
    written = Record(
        question=body.question,
        advice=body.advice,
        actions=[Action(each.text, each.owner, each.due_on) for each in body.actions],
        result=body.result,
        reason=body.reason,
    )
    return run(_record, session_id, written, version, answer=jsonable)


@operation(Permission.READ_SERVICE_SESSION, answer=OutcomeDetail)
def read_outcome(outcome_id: UUID) -> Any:
    """Read what came of a meeting."""
    with reading() as reader:
        return jsonable(outcome_detail(reader, outcome_id))


@operation(Permission.CONFIRM_OUTCOME, answer=OutcomeDetail)
def confirm_outcome(outcome_id: UUID, body: ConfirmBody, version: int | None) -> Any:
    """Say whether the record is true; the rating is kept apart from that."""
    if not body.agrees and body.remark is None:
        raise InvalidInputError.at("remark", "input.required")
    return run(_confirm, outcome_id, body, version, answer=jsonable)


@operation(Permission.CERTIFY_OUTCOME, answer=OutcomeDetail)
def certify_outcome(outcome_id: UUID, body: CertifyBody, version: int | None) -> Any:
    """Keep the founder's word as a second officer heard it, or compared his signature."""
    is_call = body.way == "call_back"
    use_case = outcomes.certify if is_call else outcomes.confirm_on_paper

    def act(uow: UnitOfWork) -> OutcomeDetail:
        outcomes.ensure_seen(uow, outcome_id, version)
        use_case(uow, outcome_id, body.remark)
        uow.flush()
        return outcome_detail(uow, outcome_id)

    return run(act, answer=jsonable)


def _record(
    uow: UnitOfWork, session_id: UUID, written: Record, version: int | None
) -> OutcomeDetail:
    uow.load(ServiceSession, session_id, lock=True)
    kept = outcomes.of_session(uow, session_id)
    if kept is not None:
        outcomes.ensure_seen(uow, kept.id, version)
    row = revise(uow, session_id, written)
    uow.flush()
    return outcome_detail(uow, row.id)


def _confirm(
    uow: UnitOfWork, outcome_id: UUID, body: ConfirmBody, version: int | None
) -> OutcomeDetail:
    outcomes.confirm(
        uow,
        outcome_id,
        agrees=body.agrees,
        rating=body.rating,
        remark=body.remark,
        version=version,
    )
    uow.flush()
    return outcome_detail(uow, outcome_id)
