"""申诉 at the bureau: a mentor's appeal read beside the record, and answered in words."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.appeal import LONGEST_TEXT
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.ids import parse_id
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import appeals as queries
from app.queries import vocabularies
from app.queries.appeals import AppealFilter
from app.services import appeals
from app.web.bureau.address import key_asked, one_of
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/appeals"
ONE = f"{LIST}/<uuid:appeal_id>"
UPHOLD, EXPLAIN = "uphold", "explain"
CERTIFIED = "certified"
_FILTERS = {each.value: each for each in AppealFilter}


def register(blueprint: Blueprint) -> None:
    """Add the pages and the act."""
    blueprint.get(LIST)(appeal_list)
    blueprint.get(ONE)(appeal)
    blueprint.post(ONE)(answer_appeal)


@policy(Permission.READ_APPEALS)
def appeal_list() -> ResponseReturnValue:
    """Show the open appeals by deadline, those overdue, or those answered."""
    which = one_of(_FILTERS, request.args.get("state") or AppealFilter.OPEN)
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        page = queries.appeal_list(reader, which, after=after)
        names = vocabularies.labels(reader, "not_counted_reason", locale=reader_locale())
    return render_template("bureau/counting/appeals.html", page=page, state=which, names=names)


@policy(Permission.READ_APPEALS, logged=True)
def appeal(appeal_id: UUID) -> ResponseReturnValue:
    """Show an appeal, how the record stands, and what could put it right."""
    return _page(appeal_id, Form())


@policy(Permission.ANSWER_APPEAL)
def answer_appeal(appeal_id: UUID) -> ResponseReturnValue:
    """Answer an appeal: uphold it with what puts the record right, or explain why it stands."""
    form = Form(request.form)
    try:
        with form:
            verdict = form.choice("verdict", (UPHOLD, EXPLAIN))
            answer = form.text("answer", longest=LONGEST_TEXT)
            version = form.version()
        if verdict == UPHOLD:
            run(appeals.uphold, appeal_id, answer, _correction(form), version=version)
        else:
            run(appeals.explain, appeal_id, answer, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(appeal_id, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(appeal_id, form, why), status_of(error)
    flash(_("已答复，导师会收到通知。"), "ok")
    return redirect(url_for("bureau.appeal", appeal_id=appeal_id), code=303)


def _correction(form: Form) -> UUID | None:
    """Return the correction chosen; none where the record was certified by a call-back."""
    given = form.raw("remedy")
    if given in ("", CERTIFIED):
        return None
    key = parse_id(given)
    if key is None:
        raise InvalidInputError.at("remedy", "appeal.no_remedy")
    return key


def _page(appeal_id: UUID, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        page = queries.appeal(reader, appeal_id)
        names = vocabularies.labels(reader, "not_counted_reason", locale=reader_locale())
    return render_template(
        "bureau/counting/appeal.html", page=page, form=form, refusal=refusal, names=names
    )
