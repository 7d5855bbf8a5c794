"""Written answers as the two sides read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.errors import NotFoundError
from app.domain.recusal import Guidance
from app.domain.written_answer import WrittenAnswerStatus
from app.models.expert import Expert
from app.models.need import Need
from app.models.person import Person
from app.models.written_answer import WrittenAnswer
from app.unit_of_work import Reader

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAnswerDetail:
    """A question and what came of it; an official's answer is general guidance (E6)."""

    id: UUID
    version: int
    status: WrittenAnswerStatus
    need_id: UUID
    need_reference: str
    booking_id: UUID | None
    expert_id: UUID
    expert: str
    founder: str
    question: str
    answer: str | None
    end_note: str | None
    helped: bool | None
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    said_at: datetime | None
    is_over: bool
    guidance: Guidance = Guidance.GENERAL


def written_answer(reader: Reader, answer_id: UUID) -> WrittenAnswerDetail:
    """Return one question with its two sides; two statements.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    row = reader.session.scalar(select(WrittenAnswer).where(WrittenAnswer.id == answer_id))
    if row is None:
        raise NotFoundError("written_answer.not_found")
    (found,) = _details(reader, [row])
    return found


def written_for(reader: Reader, expert_id: UUID) -> tuple[WrittenAnswerDetail, ...]:
    """Return what an official was asked, the most pressing first; two statements."""
    rows = reader.session.scalars(
        select(WrittenAnswer)
        .where(
            WrittenAnswer.expert_id == expert_id,
            WrittenAnswer.status.in_((WrittenAnswerStatus.ASKED, WrittenAnswerStatus.ANSWERED)),
        )
        .order_by(WrittenAnswer.status.desc(), WrittenAnswer.due_at, WrittenAnswer.id)
        .limit(MOST_SHOWN)
    ).all()
    return tuple(_details(reader, rows))


def need_words(reader: Reader, need_id: UUID) -> str:
    """Return the words of a need within reach, with which a question begins.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    words = reader.session.scalar(select(Need.text).where(Need.id == need_id))
    if words is None:
        raise NotFoundError("need.not_found")
    return words


def official_named(reader: Reader, expert_id: UUID) -> str:
    """Return the name of the official who is to be asked.

    Raises:
        NotFoundError: there is no such expert.
    """
    name = reader.session.scalar(select(Expert.name).where(Expert.id == expert_id))
    if name is None:
        raise NotFoundError("expert.not_found")
    return name


def written_about(reader: Reader, need_id: UUID) -> tuple[WrittenAnswerDetail, ...]:
    """Return what was asked in writing about a need, the newest first; two statements."""
    rows = reader.session.scalars(
        select(WrittenAnswer)
        .where(WrittenAnswer.need_id == need_id)
        .order_by(WrittenAnswer.asked_at.desc(), WrittenAnswer.id)
        .limit(MOST_SHOWN)
    ).all()
    return tuple(_details(reader, rows))


def _details(reader: Reader, rows: Sequence[WrittenAnswer]) -> list[WrittenAnswerDetail]:
    # An official reads who asks him and about which need, though he serves neither yet.
    with reader.beyond_scope("the two sides of a question that the actor may read"):
        known = reader.session.execute(
            select(WrittenAnswer.id, Need.reference, Expert.name, Person.name)
            .join(Need, Need.id == WrittenAnswer.need_id)
            .join(Expert, Expert.id == WrittenAnswer.expert_id)
            .join(Person, Person.id == WrittenAnswer.person_id)
            .where(WrittenAnswer.id.in_([row.id for row in rows]))
        )
        named = {key: (reference, expert, founder) for key, reference, expert, founder in known}
    return [_detail(reader, row, *named[row.id]) for row in rows]


def _detail(
    reader: Reader, row: WrittenAnswer, reference: str, expert: str, founder: str
) -> WrittenAnswerDetail:
    return WrittenAnswerDetail(
        id=row.id,
        version=row.version,
        status=row.status,
        need_id=row.need_id,
        need_reference=reference,
        booking_id=row.booking_id,
        expert_id=row.expert_id,
        expert=expert,
        founder=founder,
        question=row.question,
        answer=row.answer,
        end_note=row.end_note,
        helped=row.helped,
        asked_at=row.asked_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        said_at=row.said_at,
        is_over=row.status is WrittenAnswerStatus.ASKED and row.due_at <= reader.now,
    )
