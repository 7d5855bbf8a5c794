"""张榜: an officer writes a need up for the open board, and takes it down."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.board_post import ACTIVE, LONGEST_POST
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import board_posts as posts
from app.queries import vocabularies
from app.services import board_posts
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get("/bureau/needs/<uuid:need_id>/board")(board)
    blueprint.post("/bureau/needs/<uuid:need_id>/board")(draft_post)
    blueprint.post("/bureau/needs/<uuid:need_id>/board/agree")(agree_for_founder)
    blueprint.post("/bureau/needs/<uuid:need_id>/board/withdraw")(withdraw_post)


@policy(Permission.WRITE_POST)
def board(need_id: UUID) -> ResponseReturnValue:
    """Show the text for the board, as it stands or as it might begin."""
    return _page(need_id)


@policy(Permission.WRITE_POST)
def draft_post(need_id: UUID) -> ResponseReturnValue:
    """Put the text before the founder."""
    form = Form(request.form)
    try:
        with form:
            text = form.text("text", longest=LONGEST_POST)
            form.checkbox("checked", required=True)
        run(board_posts.draft, need_id, text)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(need_id, form), 422
    except (ConflictError, RuleError) as error:
        return _refused(need_id, form, error)
    flash(_("已请创业者看这段文字。创业者同意以后才会张榜。"), "ok")
    return redirect(url_for("bureau.board", need_id=need_id), code=303)


@policy(Permission.WRITE_POST)
def agree_for_founder(need_id: UUID) -> ResponseReturnValue:
    """Note that a founder without an account has heard the text and agrees."""
    form = Form(request.form)
    try:
        with form:
            version = form.version()
            form.checkbox("read_out", required=True)
        run(board_posts.agree, _post_id(need_id), version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(need_id, form), 422
    except (ConflictError, RuleError) as error:
        return _refused(need_id, form, error)
    flash(_("已张榜。"), "ok")
    return redirect(url_for("bureau.board", need_id=need_id), code=303)


@policy(Permission.WRITE_POST)
def withdraw_post(need_id: UUID) -> ResponseReturnValue:
    """Take the text down; the founder and those who claimed it are told."""
    run(board_posts.withdraw, _post_id(need_id))
    flash(_("已撤榜。"), "ok")
    return redirect(url_for("bureau.board", need_id=need_id), code=303)


def _post_id(need_id: UUID) -> UUID:
    with reading() as reader:
        post = posts.newest_brief(reader, need_id)
    if post is None:
        raise NotFoundError("board_post.not_found")
    return post.id


def _refused(need_id: UUID, form: Form, error: ConflictError | RuleError) -> ResponseReturnValue:
    refusal = error_text(error.code, error.facts, reader_locale())
    return _page(need_id, form, refusal), status_of(error)


def _page(need_id: UUID, form: Form | None = None, refusal: str = "") -> str:
    with reading() as reader:
        page = posts.desk_board(reader, need_id)
        names = vocabularies.labels(reader, "need_topic", locale=reader_locale())
    is_active = page.post is not None and page.post.status in ACTIVE
    text = page.post.text if page.post and is_active else page.suggested[:LONGEST_POST]
    return render_template(
        "bureau/pairing/board.html",
        page=page,
        names=names,
        form=form or Form({"text": text}),
        is_active=is_active,
        refusal=refusal,
    )
