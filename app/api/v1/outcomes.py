"""What came of a meeting: the mentor's record and the founder's own word on it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Count, Named, OneOf, Text, Whole
from app.api.v1.service_sessions import SESSION
from app.domain.actor import Permission
from app.domain.errors import FieldError, InvalidInputError
from app.domain.outcome import RESULTS, ConfirmationKind
from app.domain.outcome_record import (
    EFFECTS,
    HIGHEST_AMOUNT,
    LONGEST_ADDRESSEE,
    LONGEST_WORDS,
    MOST_EFFECTS,
    MOST_TOPICS,
    Effect,
    Extras,
    Referral,
)
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
LONGEST_CODE = 40
OUTCOME = "/outcomes/<uuid:outcome_id>"
SIGNED = Named(says="The whole name of who signs; what he signs is `text_sha256`.")
# How the fields of the page that the rules speak of are called here.
_EFFECT = re.compile(r"effect_([0-9]+)_(kind|amount|words)")


@dataclass(frozen=True, slots=True)
class ActionBody:
    """A step somebody takes by a day."""

    text: Annotated[str, Text(LONGEST_LINE)]
    owner: Annotated[str, Text(LONGEST_LINE)]
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectBody:
    """What came of the advice, as the mentor claims; an amount is in yuan or persons."""

    kind: Annotated[str, OneOf.words(EFFECTS)]
    amount: Annotated[int | None, Whole(1, HIGHEST_AMOUNT)] = None
    words: Annotated[str, Text(LONGEST_WORDS)]


@dataclass(frozen=True, slots=True)
class ReferralBody:
    """To whom the founder was sent on, and why."""

    to: Annotated[str, Text(LONGEST_ADDRESSEE)]
    why: Annotated[str, Text(LONGEST_WORDS)]


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
    stage: Annotated[str | None, Text(LONGEST_CODE)] = None
    topics: Annotated[tuple[Annotated[str, Text(LONGEST_CODE)], ...], Count(0, MOST_TOPICS)] = ()
    effects: Annotated[tuple[EffectBody, ...], Count(0, MOST_EFFECTS)] = ()
    referral: ReferralBody | None = None
    signed_name: Annotated[str | None, Text(LONGEST_LINE), SIGNED] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmBody:
    """The founder's side. Who does not agree says why, and opens a dispute."""

    agrees: bool
    rating: Annotated[int | None, Whole(1, BEST_RATING)] = None
    remark: Annotated[str | None, Text(LONGEST_REMARK)] = None
    signed_name: Annotated[str | None, Text(LONGEST_LINE), SIGNED] = None


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
        extras=Extras(
            stage=body.stage,
            topics=body.topics,
            effects=tuple(Effect(each.kind, each.amount, each.words) for each in body.effects),
            referral=Referral(body.referral.to, body.referral.why) if body.referral else None,
        ),
        signed_name=body.signed_name,
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
    try:
        row = revise(uow, session_id, written)
    except InvalidInputError as error:
        raise InvalidInputError(errors=[_placed(each) for each in error.errors]) from error
    uow.flush()
    return outcome_detail(uow, row.id)


def _confirm(
    uow: UnitOfWork, outcome_id: UUID, body: ConfirmBody, version: int | None
) -> OutcomeDetail:
    word = outcomes.OwnWord(
        agrees=body.agrees,
        rating=body.rating,
        remark=body.remark,
        version=version,
        signed_name=body.signed_name,
    )
    outcomes.say(uow, outcome_id, word, ConfirmationKind.SIGNED_IN)
    uow.flush()
    return outcome_detail(uow, outcome_id)


def _placed(fault: FieldError) -> FieldError:
    """Return a fault of an effect at the field as the API calls it."""
    of_effect = _EFFECT.fullmatch(fault.field)
    if of_effect is None:
        return fault
    return FieldError(f"effects[{int(of_effect[1]) - 1}].{of_effect[2]}", fault.code, fault.facts)
