"""What a need is about: understood from the words, struck and added by people."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, select

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.need import (
    Topic,
    TopicState,
    ensure_editable,
    ensure_topic_count,
    settle_topics,
)
from app.models.need import Need, NeedTopic
from app.models.vocabulary import Term
from app.services.proposals.understanding import understand
from app.unit_of_work import UnitOfWork


def strike_topic(uow: UnitOfWork, need_id: UUID, code: str) -> None:
    """Leave a topic out of a need; one that was understood stays on record as struck.

    Raises:
        NotFoundError: the need has no such topic.
    """
    need = _editable(uow, need_id)
    row = next((topic for topic in _rows(uow, need) if topic.code == code), None)
    if row is None:
        raise NotFoundError("need.topic_not_found")
    if row.state is TopicState.ADDED:
        uow.session.delete(row)
    else:
        row.state = TopicState.STRUCK
    uow.audit("need.topic_struck", need, topic=code)


def add_topic(uow: UnitOfWork, need_id: UUID, code: str) -> NeedTopic:
    """Add a topic to a need, or take back that it was struck.

    Raises:
        InvalidInputError: the topic is unknown, or the need has three already.
    """
    need = _editable(uow, need_id)
    if uow.one(_term(code)) is None:
        raise InvalidInputError.at("topics", "input.unknown_code")
    rows = _rows(uow, need)
    row = next((topic for topic in rows if topic.code == code), None)
    if row is not None and row.state is not TopicState.STRUCK:
        return row
    ensure_topic_count(1 + sum(topic.state is not TopicState.STRUCK for topic in rows))
    if row is None:
        place = 1 + max((topic.position for topic in rows), default=-1)
        row = uow.add(_row(need.id, place, Topic(code, state=TopicState.ADDED)))
    else:
        row.state = TopicState.FOUND
    uow.audit("need.topic_added", need, topic=code)
    return row


def understand_anew(
    uow: UnitOfWork, need: Need, struck: Collection[str], added: Sequence[str]
) -> None:
    """Make the topics of a need those of its words; what people said of them before stands.

    Raises:
        InvalidInputError: at field `topics`, more than three are wanted.
    """
    known = {row.code: row for row in _rows(uow, need)}
    gone = {code for code, row in known.items() if row.state is TopicState.STRUCK}
    put_in = [code for code, row in known.items() if row.state is TopicState.ADDED]
    wanted = [*added, *(code for code in put_in if code not in struck)]
    topics = settle_topics(understand(need.text), {*struck, *(gone - {*added})}, wanted)
    for place, topic in enumerate(topics):
        row = known.pop(topic.code, None) or uow.add(_row(need.id, place, topic))
        row.certainty, row.evidence = topic.certainty, topic.evidence
        row.state, row.position = topic.state, place
    for row in known.values():
        uow.session.delete(row)


def _editable(uow: UnitOfWork, need_id: UUID) -> Need:
    need = uow.load(Need, need_id, lock=True)
    uow.require(Permission.SUBMIT_NEED)
    ensure_editable(need.status)
    return need


def _rows(uow: UnitOfWork, need: Need) -> Sequence[NeedTopic]:
    of_need = select(NeedTopic).where(NeedTopic.need_id == need.id)
    return uow.all(of_need.order_by(NeedTopic.position))


def _row(need_id: UUID, place: int, topic: Topic) -> NeedTopic:
    return NeedTopic(
        need_id=need_id,
        code=topic.code,
        certainty=topic.certainty,
        evidence=topic.evidence,
        state=topic.state,
        position=place,
    )


def _term(code: str) -> Select[UUID]:
    return select(Term.id).where(
        Term.vocabulary == "need_topic", Term.code == code, Term.is_retired.is_(False)
    )
