"""同一人: one officer takes two records for one person, another checks it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.person import LONGEST_GROUNDS
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import person_doubles, vocabularies
from app.services import persons
from app.web.bureau.address import key_asked, one_of
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

_ASK = "/bureau/desk/people/<uuid:person_id>/doubles"
_STATES = {"open": True, "checked": False}
_VERDICTS = {"approve": persons.approve_double, "refuse": persons.refuse_double}


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(_ASK)(ask_double)
    blueprint.post(_ASK)(propose_double)
    blueprint.get("/bureau/doubles")(double_list)
    blueprint.post("/bureau/doubles/<uuid:double_id>")(check_double)


@policy(Permission.MAKE_CORRECTION, logged=True)
def ask_double(person_id: UUID) -> ResponseReturnValue:
    """Show who else may be the person, those much alike first."""
    return _page(person_id, Form({"q": request.args.get("q", "")}))


@policy(Permission.MAKE_CORRECTION)
def propose_double(person_id: UUID) -> ResponseReturnValue:
    """Propose that another record is the same person; nothing changes before the check."""
    form = Form(request.form)
    try:
        with form:
            other = form.identifier("other")
            grounds = form.text("grounds", longest=LONGEST_GROUNDS)
        run(persons.propose_double, other, person_id, grounds)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(person_id, form), 422
    flash(_("已提出，等另一位工作人员复核。复核以前仍是两个人。"), "ok")
    return redirect(url_for("bureau.person", person_id=person_id), code=303)


@policy(Permission.READ_TASKS)
def double_list() -> ResponseReturnValue:
    """Show the proposals that wait for their check, or those that were checked."""
    state = request.args.get("state") or "open"
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        page = person_doubles.double_page(reader, is_open=one_of(_STATES, state), after=after)
        names = vocabularies.labels(reader, "street", locale=reader_locale())
    return render_template("bureau/counter/doubles.html", page=page, state=state, names=names)


@policy(Permission.CHECK_CORRECTION)
def check_double(double_id: UUID) -> ResponseReturnValue:
    """Make the two records count as one person, or leave them apart; not by who proposed it."""
    verdict = one_of(_VERDICTS, request.form.get("verdict", ""))
    with Form(request.form) as form:
        version = form.version()
    run(verdict, double_id, version=version)
    flash(_("已复核。"), "ok")
    return redirect(url_for("bureau.double_list"), code=303)


def _page(person_id: UUID, form: Form) -> str:
    with reading() as reader:
        page = person_doubles.candidates(reader, person_id, form.raw("q"))
        names = vocabularies.labels(reader, "street", locale=reader_locale())
    return render_template("bureau/counter/double.html", page=page, names=names, form=form)
