"""The founder's answer to the text of a post."""

from uuid import UUID

from app.domain.actor import Permission
from app.domain.board_post import (
    FounderAnswersError,
    PostGoneError,
    PostStatus,
    ensure_awaits_consent,
)
from app.domain.errors import ForbiddenError
from app.domain.policy_number import PolicyNumber
from app.models.board_post import BoardPost
from app.models.need import Need
from app.queries.board_posts import has_account
from app.services import deadlines
from app.services.board_posts.writing import is_waiting
from app.unit_of_work import UnitOfWork


def agree(uow: UnitOfWork, post_id: UUID, *, version: int | None = None) -> BoardPost:
    """Open the post to all experts; agreeing again changes nothing.

    Args:
        uow: the transaction.
        post_id: the post.
        version: the text that was read; another one is not agreed to.

    Raises:
        PostGoneError: the text has changed or is no longer before the founder.
        FounderAnswersError: an officer answers for a founder who has an account.
    """
    post, need = _asked(uow, post_id)
    if post.status is PostStatus.OPEN:
        return post
    ensure_awaits_consent(post.status)
    if not is_waiting(need) or (version is not None and version != post.version):
        raise PostGoneError
    ends_at = deadlines.duty(uow, PolicyNumber.BOARD_POST)
    post.status, post.consented_at, post.expires_at = PostStatus.OPEN, uow.now, ends_at
    uow.later("expire_board_post", f"expire_board_post:{post.id}", ends_at, subject_id=post.id)
    uow.flush()
    uow.audit("board_post.opened", post, need=need.id, is_read_out=uow.actor.is_staff)
    uow.tell("board_post.opened", post)
    return post


def refuse(uow: UnitOfWork, post_id: UUID) -> BoardPost:
    """Keep the text off the board; refusing again changes nothing.

    Raises:
        PostGoneError: the text is no longer before the founder.
        FounderAnswersError: an officer answers for a founder who has an account.
    """
    post, need = _asked(uow, post_id)
    if post.status is PostStatus.REFUSED:
        return post
    ensure_awaits_consent(post.status)
    post.status, post.ended_at = PostStatus.REFUSED, uow.now
    uow.flush()
    uow.audit("board_post.refused", post, need=need.id)
    uow.tell("board_post.refused", post)
    return post


def _asked(uow: UnitOfWork, post_id: UUID) -> tuple[BoardPost, Need]:
    """Return the post and its need to whoever may answer.

    That is the founder; for one without an account, an officer who has read the text out.
    """
    post = uow.load(BoardPost, post_id, lock=True)
    need = uow.load(Need, post.need_id)
    if uow.actor.person_id == need.person_id:
        uow.require(Permission.ANSWER_POST)
        return post, need
    uow.require(Permission.WRITE_POST)
    if not uow.actor.is_staff:
        raise ForbiddenError(permission=Permission.ANSWER_POST.value)
    if has_account(uow, need.person_id):
        raise FounderAnswersError
    return post, need
