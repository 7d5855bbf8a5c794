"""Questions that officials answer in writing, without a meeting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.schemas import Named, Text
from app.domain.actor import Permission
from app.domain.errors import NotFoundError
from app.domain.written_answer import LONGEST_ANSWER, LONGEST_QUESTION, LONGEST_REMARK
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.written_answer import WrittenAnswer
from app.queries.written_answers import WrittenAnswerDetail, written_about, written_answer
from app.services import written_answers
from app.unit_of_work import UnitOfWork

ANSWER = "/written-answers/<uuid:answer_id>"
ABOUT = "/needs/<uuid:need_id>/written-answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionBody:
    """Which official is asked; the words are those of the need where none are given."""

    expert_id: UUID
    question: Annotated[str | None, Text(LONGEST_QUESTION)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBody:
    """The answer: general guidance, decided on nothing."""

    answer: Annotated[str, Text(LONGEST_ANSWER)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswerBody:
    """Why a meeting, or somebody else, would serve better."""

    note: Annotated[str, Text(LONGEST_REMARK)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBody:
    """The founder has read the answer; it counts as a piece whether it helped or not."""

    helped: Annotated[bool, Named(says="Where it did not, the need stays open.")]


@dataclass(frozen=True, slots=True)
class WrittenAnswerPage:
    """What was asked in writing about a need, the newest first."""

    items: tuple[WrittenAnswerDetail, ...]
    next: UUID | None = None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(ABOUT)(list_written_answers)
    blueprint.post(ABOUT)(ask_in_writing)
    blueprint.get(f"{ABOUT}/<uuid:answer_id>")(read_written_answer_of_need)
    blueprint.get(ANSWER)(read_written_answer)
    blueprint.post(f"{ANSWER}/take")(take_in_writing)
    blueprint.post(f"{ANSWER}/answer")(answer_in_writing)
    blueprint.post(f"{ANSWER}/decline")(decline_question)
    blueprint.post(f"{ANSWER}/withdraw")(withdraw_question)
    blueprint.post(f"{ANSWER}/read")(confirm_read)
    blueprint.post("/bookings/<uuid:booking_id>/offer-in-writing")(offer_in_writing)


@operation(Permission.READ_NEED, answer=WrittenAnswerPage)
def list_written_answers(need_id: UUID) -> Any:
    """List what was asked in writing about a need."""
    with reading() as reader:
        return jsonable(WrittenAnswerPage(written_about(reader, need_id)))


@operation(Permission.ASK_IN_WRITING, answer=WrittenAnswerDetail, status=201)
def ask_in_writing(need_id: UUID, body: QuestionBody) -> Any:
    """Ask an official to answer in writing within two working days."""
    asked = run(_key, written_answers.ask, need_id, body.expert_id, body.question or "", answer=str)
    return _detail(UUID(asked))


@operation(Permission.READ_BOOKING, answer=WrittenAnswerDetail)
def read_written_answer_of_need(need_id: UUID, answer_id: UUID) -> Any:
    """Read one question of a need and its answer."""
    found = _detail(answer_id)
    if found["need_id"] != str(need_id):
        raise NotFoundError("written_answer.not_found")
    return found


@operation(Permission.READ_BOOKING, answer=WrittenAnswerDetail)
def read_written_answer(answer_id: UUID) -> Any:
    """Read one question and its answer."""
    return _detail(answer_id)


@operation(Permission.ANSWER_IN_WRITING, answer=WrittenAnswerDetail)
def offer_in_writing(booking_id: UUID, version: int | None) -> Any:
    """Offer the founder who asked for a meeting an answer in writing instead."""
    return _detail(UUID(run(_key, written_answers.offer, booking_id, version, answer=str)))


@operation(Permission.ASK_IN_WRITING, answer=WrittenAnswerDetail)
def take_in_writing(answer_id: UUID, version: int | None) -> Any:
    """Take the offer; the request for a meeting is withdrawn."""
    return _step(written_answers.take, answer_id, version=version)


@operation(Permission.ANSWER_IN_WRITING, answer=WrittenAnswerDetail)
def answer_in_writing(answer_id: UUID, body: AnswerBody, version: int | None) -> Any:
    """Send the answer; it cannot be changed afterwards."""
    return _step(written_answers.answer, answer_id, body.answer, version=version)


@operation(Permission.ANSWER_IN_WRITING, answer=WrittenAnswerDetail)
def decline_question(answer_id: UUID, body: NoAnswerBody, version: int | None) -> Any:
    """Say why it cannot be answered in writing."""
    return _step(written_answers.decline, answer_id, body.note, version=version)


@operation(Permission.ASK_IN_WRITING, answer=WrittenAnswerDetail)
def withdraw_question(answer_id: UUID, version: int | None) -> Any:
    """Take the question back, or leave the offer."""
    return _step(written_answers.withdraw, answer_id, version=version)


@operation(Permission.CONFIRM_OUTCOME, answer=WrittenAnswerDetail)
def confirm_read(answer_id: UUID, body: ReadBody, version: int | None) -> Any:
    """Say that the answer was read and whether it helped; now it counts."""
    return _step(written_answers.say, answer_id, helped=body.helped, version=version)


def _step(use_case: Callable[..., WrittenAnswer], *args: Any, **kwargs: Any) -> Any:
    return _detail(UUID(run(_key, use_case, *args, **kwargs, answer=str)))


def _key(
    uow: UnitOfWork, use_case: Callable[..., WrittenAnswer], *args: Any, **kwargs: Any
) -> UUID:
    return use_case(uow, *args, **kwargs).id


def _detail(answer_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(written_answer(reader, answer_id))
