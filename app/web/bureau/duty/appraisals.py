"""考评: what waits for a mark, the form for one meeting, and who may be proposed as senior."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.appraisal import BEST, LONGEST_REASON, LONGEST_WORDS, SENIOR
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import appraisal_pages as pages
from app.services import appraisals
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

AT = "/bureau/sessions/<uuid:session_id>/appraisals"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/bureau/appraisals")(appraisal_list)
    blueprint.get(AT)(appraisals_at)
    blueprint.post(f"{AT}/<uuid:expert_id>")(appraise)


@policy(Permission.READ_DUTY)
def appraisal_list() -> ResponseReturnValue:
    """Show what waits for a mark, and whose marks propose him as senior."""
    with reading() as reader:
        page = pages.appraisal_desk(reader)
    return render_template("bureau/duty/appraisals.html", page=page, senior=SENIOR)


@policy(Permission.READ_DUTY)
def appraisals_at(session_id: UUID) -> ResponseReturnValue:
    """Show the marks given for one meeting, and ask for those that are not."""
    return _page(session_id, Form())


@policy(Permission.APPRAISE)
def appraise(session_id: UUID, expert_id: UUID) -> ResponseReturnValue:
    """Give an expert his mark, or replace it with a reason."""
    form = Form(request.form)
    try:
        with form:
            score = form.integer("score", 0, BEST)
            words = form.text("words", longest=LONGEST_WORDS)
            known = form.identifier("appraisal") if form.given("appraisal") else None
            reason = form.text("reason", longest=LONGEST_REASON) if known else ""
            version = form.version() if known else None
        if known is None:
            run(appraisals.appraise, session_id, expert_id, score, words)
        else:
            run(appraisals.correct, known, score, words, reason, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, form, expert_id=expert_id), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(session_id, form, expert_id=expert_id, refusal=why), status_of(error)
    flash(_("已保存考评，导师本人能看到分数和依据。"), "ok")
    return redirect(url_for("bureau.appraisals_at", session_id=session_id), code=303)


def _page(
    session_id: UUID, form: Form, *, expert_id: UUID | None = None, refusal: str | None = None
) -> str:
    with reading() as reader:
        page = pages.appraisals_at_meeting(reader, session_id)
    return render_template(
        "bureau/duty/appraise.html", page=page, form=form, at=expert_id, refusal=refusal, best=BEST
    )
