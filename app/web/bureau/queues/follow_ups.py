"""回访: what became of the advice, asked of everybody, on the telephone of whoever stays silent."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.follow_up import FollowUpStatus
from app.http.policy import policy
from app.http.run import reading
from app.http.status import status_of
from app.queries.follow_ups import follow_up as one
from app.queries.follow_ups import follow_up_list, rates
from app.web.shared.errors import error_text
from app.web.shared.follow_ups import STATE_NAMES, STATUS_NAMES, give_answer, state_choices
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/followups"
ONE = f"{LIST}/<uuid:follow_up_id>"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the act."""
    blueprint.get(LIST)(follow_up_page)
    blueprint.get(ONE)(follow_up)
    blueprint.post(ONE)(note_follow_up)


@policy(Permission.ANSWER_FOLLOW_UP)
def follow_up_page() -> ResponseReturnValue:
    """Show who was asked and has not answered, and how many answer at each step."""
    wanted = request.args.get("status", FollowUpStatus.ASKED)
    told = (FollowUpStatus.ASKED, FollowUpStatus.UNANSWERED, FollowUpStatus.ANSWERED)
    status = next((each for each in told if each == wanted), FollowUpStatus.ASKED)
    with reading() as reader:
        rows, by_step = follow_up_list(reader, status), rates(reader)
    return render_template(
        "bureau/queues/follow_ups.html",
        rows=rows,
        rates=by_step,
        status=status,
        tabs=[(each, STATUS_NAMES[each]) for each in told],
    )


@policy(Permission.ANSWER_FOLLOW_UP)
def follow_up(follow_up_id: UUID) -> ResponseReturnValue:
    """Show what is to be asked on the telephone, or what was said."""
    return _page(follow_up_id, Form())


@policy(Permission.ANSWER_FOLLOW_UP)
def note_follow_up(follow_up_id: UUID) -> ResponseReturnValue:
    """Keep what the founder said on the telephone."""
    form = Form(request.form)
    try:
        give_answer(form, follow_up_id)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(follow_up_id, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(follow_up_id, form, why), status_of(error)
    flash(_("已登记电话回访。"), "ok")
    return redirect(url_for("bureau.follow_up_page"), code=303)


def _page(follow_up_id: UUID, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        page = one(reader, follow_up_id)
    return render_template(
        "bureau/queues/follow_up.html",
        page=page,
        form=form,
        refusal=refusal,
        state_names=STATE_NAMES,
        status_names=STATUS_NAMES,
        state_choices=state_choices(),
    )
