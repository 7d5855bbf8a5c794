"""暂停期: days on which an expert serves nobody, ordered and lifted by an approver."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError, RuleError
from app.domain.stand_down import LONGEST_REASON, StandDownOrder
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import bureau_desk
from app.queries.stand_downs import stand_downs_of
from app.services import stand_downs
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

_PAGE = "/bureau/mentors/<uuid:expert_id>/stand-downs"


def register(blueprint: Blueprint) -> None:
    """Add the page and its acts."""
    blueprint.get(_PAGE)(stand_down_list)
    blueprint.post(_PAGE)(order_stand_down)
    blueprint.post(f"{_PAGE}/<uuid:stand_down_id>/lift")(lift_stand_down)


@policy(Permission.APPOINT_EXPERT, logged=True)
def stand_down_list(expert_id: UUID) -> ResponseReturnValue:
    """Show the stand-downs of an expert, and ask for another one."""
    return _page(expert_id, Form())


@policy(Permission.APPOINT_EXPERT)
def order_stand_down(expert_id: UUID) -> ResponseReturnValue:
    """Let the expert serve nobody on the days; what is booked on them is held back."""
    form = Form(request.form)
    try:
        with form:
            given = StandDownOrder(
                form.day("first_on"),
                form.day("last_on"),
                form.text("reason", longest=LONGEST_REASON),
            )
        run(stand_downs.order, expert_id, given)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(expert_id, form), 422
    except RuleError as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(expert_id, form, why), status_of(error)
    flash(_("已保存。暂停期内的预约已挂起，双方会收到通知。"), "ok")
    return redirect(url_for("bureau.stand_down_list", expert_id=expert_id), code=303)


@policy(Permission.APPOINT_EXPERT)
def lift_stand_down(expert_id: UUID, stand_down_id: UUID) -> ResponseReturnValue:
    """End a stand-down from now on; what it held back stands again."""
    with Form(request.form) as form:
        version = form.version()
    run(stand_downs.lift, stand_down_id, version=version)
    flash(_("暂停期已提前结束，挂起的预约自动恢复。"), "ok")
    return redirect(url_for("bureau.stand_down_list", expert_id=expert_id), code=303)


def _page(expert_id: UUID, form: Form, refusal: str | None = None) -> str:
    with reading() as reader:
        page = bureau_desk.pool_profile(reader, expert_id)
        rows = stand_downs_of(reader, expert_id)
    return render_template(
        "bureau/pool/stand_downs.html", page=page, rows=rows, form=form, refusal=refusal
    )
