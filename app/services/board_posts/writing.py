"""The text of a post: an officer's words, which tell nobody who the founder is."""

from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.board_post import ACTIVE, AlreadyOpenError, PostStatus, ensure_postable
from app.domain.need import NeedStatus, TopicState, ensure_editable, ensure_open
from app.models.board_post import BoardPost
from app.models.need import Need, NeedTopic
from app.models.vocabulary import Term
from app.queries.board_posts import private_names
from app.unit_of_work import UnitOfWork


def draft(uow: UnitOfWork, need_id: UUID, text: str) -> BoardPost:
    """Put a text before the founder, who agrees to it or refuses; nobody else sees it yet.

    A text that still waits for its answer is replaced; the same text again changes nothing.

    Raises:
        NeedInServiceError, NeedClosedError: the need waits for nobody.
        AlreadyOpenError: the need is on the board.
        InvalidInputError: at field `text`; also when it tells who the founder is.
    """
    need = uow.load(Need, need_id, lock=True)
    uow.require(Permission.WRITE_POST)
    ensure_editable(need.status)
    ensure_open(need.status)
    shown = ensure_postable(text, private_names(uow, need))
    post = active_post(uow, need.id)
    if post is None:
        post = uow.add(_new(uow, need, shown))
    elif post.status is PostStatus.OPEN:
        raise AlreadyOpenError
    elif post.text == shown:
        return post
    post.text, post.written_by_id, post.written_at = shown, uow.actor.account_id, uow.now
    uow.flush()
    uow.audit("board_post.drafted", post, need=need.id)
    uow.tell("board_post.drafted", post)
    return post


def active_post(uow: UnitOfWork, need_id: UUID) -> BoardPost | None:
    """Return the post of the need that is open or waits for its founder, locked."""
    return uow.one(
        select(BoardPost)
        .where(BoardPost.need_id == need_id, BoardPost.status.in_(ACTIVE))
        .with_for_update()
    )


def is_waiting(need: Need) -> bool:
    """Tell whether the need still looks for an expert."""
    return need.status is NeedStatus.SUBMITTED


def _new(uow: UnitOfWork, need: Need, text: str) -> BoardPost:
    return BoardPost(
        need_id=need.id,
        text=text,
        topics=_topics(uow, need),
        session_type=need.session_type,
        modes=list(need.modes),
        stage=need.stage,
        industry=_industry(uow, need),
        status=PostStatus.AWAITING_CONSENT,
        written_by_id=uow.actor.account_id,
        written_at=uow.now,
    )


def _topics(uow: UnitOfWork, need: Need) -> list[str]:
    return list(
        uow.all(
            select(NeedTopic.code)
            .where(NeedTopic.need_id == need.id, NeedTopic.state != TopicState.STRUCK)
            .order_by(NeedTopic.position)
        )
    )


def _industry(uow: UnitOfWork, need: Need) -> str | None:
    """Return the trade when it is one of the vocabulary; free words may tell who it is."""
    return uow.one(
        select(Term.code).where(Term.vocabulary == "industry", Term.code == need.industry)
    )
