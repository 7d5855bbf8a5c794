"""揭榜: questions that found nobody, for mentors who would like to help."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.board_post import LONGEST_OFFER
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.matchers import fitted_pool
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import board_posts as posts
from app.queries import vocabularies
from app.services import board_posts
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

NAMED = ("need_topic", "venture_stage", "industry")


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/mentor/board")(board)
    blueprint.get("/mentor/board/<uuid:post_id>")(board_post)
    blueprint.post("/mentor/board/<uuid:post_id>")(claim)
    blueprint.post("/mentor/board/claims/<uuid:claim_id>/withdraw")(withdraw_claim)


@policy(Permission.READ_BOARD)
def board() -> ResponseReturnValue:
    """Show what can be claimed, and what the mentor has claimed."""
    with reading() as reader:
        page = posts.board(reader)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
    return render_template("mentor/board.html", page=page, names=names)


@policy(Permission.READ_BOARD)
def board_post(post_id: UUID) -> ResponseReturnValue:
    """Show one post and ask how the mentor would help."""
    return _page(post_id, Form())


@policy(Permission.CLAIM_POST)
def claim(post_id: UUID) -> ResponseReturnValue:
    """Claim the post in the mentor's words; the founder is told."""
    form = Form(request.form)
    try:
        with form:
            offer = form.text("offer", longest=LONGEST_OFFER)
        run(board_posts.claim, post_id, offer, fitted_pool())
    except InvalidInputError as error:
        form.refuse(error)
        return _page(post_id, form), 422
    except (ConflictError, RuleError) as error:
        refusal = error_text(error.code, error.facts, reader_locale())
        return _page(post_id, form, refusal), status_of(error)
    flash(_("已揭榜。我们已经告诉创业者，选好时间后会出现在“待回复”里。"), "ok")
    return redirect(url_for("mentor.board"), code=303)


@policy(Permission.CLAIM_POST)
def withdraw_claim(claim_id: UUID) -> ResponseReturnValue:
    """Take a claim back; the founder is told."""
    run(board_posts.withdraw_claim, claim_id)
    flash(_("已撤回揭榜，我们会告诉创业者。"), "ok")
    return redirect(url_for("mentor.board"), code=303)


def _page(post_id: UUID, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        row = posts.board_post(reader, post_id)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
    return render_template(
        "mentor/board_post.html", row=row, names=names, form=form, refusal=refusal
    )
