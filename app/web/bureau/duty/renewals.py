"""续聘与解聘: terms that end, with the figures; who is proposed for dismissal, heard, decided."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.domain.actor import Permission
from app.domain.dismissal import GROUNDS, LONGEST_STATEMENT, Ground
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import renewals as queries
from app.services import dismissals
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

GROUND_NAMES = {
    Ground.SHORT_TERM: lazy_gettext("聘期服务时长不足"),
    Ground.ABSENCES: lazy_gettext("12 个月内无故缺席满次数"),
    Ground.MISSED_RECUSAL: lazy_gettext("应当回避没有回避"),
    Ground.SOLICITED: lazy_gettext("向创业者收费或者推销"),
    Ground.FALSE_RECORD: lazy_gettext("服务记录不实"),
    Ground.MISCONDUCT: lazy_gettext("违纪违法"),
    Ground.LOW_SCORE: lazy_gettext("考评平均低于合格分"),
    Ground.HARM_CREDIBILITY: lazy_gettext("有损政府公信力"),
    Ground.LEAK_SECRET: lazy_gettext("泄露商业秘密"),
    Ground.NO_LONGER_QUALIFIED: lazy_gettext("不再符合选聘条件"),
    Ground.OWN_REQUEST: lazy_gettext("本人申请"),
}
ONE = "/bureau/duty/<uuid:expert_id>/dismissal"
LONGEST_DOCUMENT = 200


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/bureau/duty/renewals")(renewal_list)
    blueprint.get("/bureau/duty/dismissals")(dismissal_list)
    blueprint.get(ONE)(dismissal)
    blueprint.post(ONE)(propose_dismissal)
    blueprint.post(f"{ONE}/<uuid:dismissal_id>")(decide_dismissal)


@policy(Permission.READ_DUTY)
def renewal_list() -> ResponseReturnValue:
    """Show whose term ends soon, with hours, absences, ratings of five and more, and points."""
    with reading() as reader:
        page = queries.renewals(reader)
    return render_template("bureau/duty/renewals.html", page=page)


@policy(Permission.READ_DUTY)
def dismissal_list() -> ResponseReturnValue:
    """Show who is proposed for dismissal, and who has come to a limit that asks for a review."""
    with reading() as reader:
        rows = queries.dismissal_list(reader)
    return render_template("bureau/duty/dismissals.html", rows=rows, grounds=GROUND_NAMES)


@policy(Permission.READ_DUTY, logged=True)
def dismissal(expert_id: UUID) -> ResponseReturnValue:
    """Show one expert's figures and proposals, and ask for the next step."""
    return _page(expert_id, Form())


@policy(Permission.PROPOSE_DISMISSAL)
def propose_dismissal(expert_id: UUID) -> ResponseReturnValue:
    """Propose to dismiss him; he is told and may answer."""
    form = Form(request.form)

    def act() -> None:
        with form:
            ground = form.choice("ground", [each.value for each in GROUNDS])
            statement = form.text("statement", longest=LONGEST_STATEMENT)
        run(dismissals.propose, expert_id, Ground(ground), statement)

    return _done(
        expert_id, form, act, _("已提出，导师会收到通知。听取他的说明以后，由复核人决定。")
    )


@policy(Permission.APPOINT_EXPERT)
def decide_dismissal(expert_id: UUID, dismissal_id: UUID) -> ResponseReturnValue:
    """Dismiss him by a document, or leave him in the pool; not by who proposed it."""
    form = Form(request.form)

    def act() -> None:
        with form:
            verdict = form.choice("verdict", ("approve", "refuse"))
            document = (
                form.text("document", longest=LONGEST_DOCUMENT) if verdict == "approve" else ""
            )
            version = form.version()
        if verdict == "approve":
            run(dismissals.approve, dismissal_id, document, version=version)
        else:
            run(dismissals.refuse, dismissal_id, version=version)

    return _done(
        expert_id, form, act, _("已决定，导师会收到通知。以后的预约已挂起的，请逐个处理。")
    )


def _done(expert_id: UUID, form: Form, act: Callable[[], None], said: str) -> ResponseReturnValue:
    try:
        act()
    except InvalidInputError as error:
        form.refuse(error)
        return _page(expert_id, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(expert_id, form, why), status_of(error)
    flash(said, "ok")
    return redirect(url_for("bureau.dismissal", expert_id=expert_id), code=303)


def _page(expert_id: UUID, form: Form, refusal: str | None = None) -> str:
    with reading() as reader:
        page = queries.dismissal_page(reader, expert_id)
    if page is None:
        raise NotFoundError("expert.not_found")
    return render_template(
        "bureau/duty/dismissal.html",
        page=page,
        form=form,
        refusal=refusal,
        grounds=GROUND_NAMES,
        offered=GROUNDS,
    )
