"""揭榜: the text that an officer would like to put on the open board, and the founder's answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import board_posts as posts
from app.queries import booking_pages, vocabularies
from app.services import board_posts
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

NAMED = ("need_topic", "venture_stage", "industry")


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get("/needs/<uuid:need_id>/board")(board)
    blueprint.post("/needs/<uuid:need_id>/board/agree")(agree)
    blueprint.post("/needs/<uuid:need_id>/board/refuse")(refuse)
    blueprint.post("/needs/<uuid:need_id>/board/withdraw")(withdraw)


@policy(Permission.ANSWER_POST)
def board(need_id: UUID) -> ResponseReturnValue:
    """Show the text as experts would read it, who sees it, for how long, and ask."""
    return _page(need_id, Form())


@policy(Permission.ANSWER_POST)
def agree(need_id: UUID) -> ResponseReturnValue:
    """Let the text go on the board."""
    form = Form(request.form)
    try:
        with form:
            version = form.version()
            form.checkbox("agreed", required=True)
        run(board_posts.agree, _post_id(need_id), version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(need_id, form), 422
    except ConflictError as error:
        return _refused(need_id, error)
    flash(_("已张榜。有导师揭榜时，我们会告诉您；您随时可以撤榜。"), "ok")
    return redirect(url_for("founder.board", need_id=need_id), code=303)


@policy(Permission.ANSWER_POST)
def refuse(need_id: UUID) -> ResponseReturnValue:
    """Keep the text off the board."""
    return _answered(need_id, board_posts.refuse, _("好的，不张榜。人社局会继续为您找。"))


@policy(Permission.ANSWER_POST)
def withdraw(need_id: UUID) -> ResponseReturnValue:
    """Take the text down again."""
    return _answered(need_id, board_posts.withdraw, _("已撤榜，导师不再看得到。"))


def _answered(need_id: UUID, act: Callable[..., Any], told: str) -> ResponseReturnValue:
    try:
        run(act, _post_id(need_id))
    except ConflictError as error:
        return _refused(need_id, error)
    flash(told, "ok")
    return redirect(url_for("founder.board", need_id=need_id), code=303)


def _post_id(need_id: UUID) -> UUID:
    with reading() as reader:
        booking_pages.need_of(reader, need_id)
        post = posts.newest_brief(reader, need_id)
    if post is None:
        raise NotFoundError("board_post.not_found")
    return post.id


def _refused(need_id: UUID, error: ConflictError) -> ResponseReturnValue:
    refusal = refusal_of(error)
    return _page(need_id, Form(), refusal), refusal.status


def _page(need_id: UUID, form: Form, refusal: Refusal | None = None) -> str:
    with reading() as reader:
        need = booking_pages.need_of(reader, need_id)
        post = posts.newest_post(reader, need_id)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
    if post is None:
        raise NotFoundError("board_post.not_found")
    return render_template(
        "founder/board.html", need=need, post=post, names=names, form=form, refusal=refusal
    )
