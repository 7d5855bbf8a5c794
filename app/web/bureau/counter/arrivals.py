"""签到: who is expected today, and the list of a meeting on which a clerk marks who came."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, RuleError
from app.domain.service_session import SEEN, Evidence
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import service_desk, vocabularies
from app.queries.person_search import find_persons
from app.services import desk_entries
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/sessions/<uuid:session_id>/arrivals"
_WAYS = sorted(way.value for way in SEEN)


def register(blueprint: Blueprint) -> None:
    """Add the pages and the act."""
    blueprint.get("/bureau/arrivals")(arrivals)
    blueprint.get(LIST)(arrival_list)
    blueprint.post(LIST)(check_in)


@policy(Permission.ENTER_ON_PAPER)
def arrivals() -> ResponseReturnValue:
    """Show the meetings of today at which people may still come."""
    with reading() as reader:
        rows = service_desk.expected_today(reader)
    return render_template("bureau/counter/arrivals.html", rows=rows)


@policy(Permission.ENTER_ON_PAPER, logged=True)
def arrival_list(session_id: UUID) -> ResponseReturnValue:
    """Show who is expected at a meeting, who has come, and whoever else is looked for."""
    return _page(session_id)


@policy(Permission.ENTER_ON_PAPER)
def check_in(session_id: UUID) -> ResponseReturnValue:
    """Mark somebody as come, by his code or his signature."""
    form = Form(request.form)
    with form:
        person_id, way = form.identifier("person_id"), form.choice("evidence", _WAYS)
    try:
        run(desk_entries.check_in, session_id, person_id, Evidence(way))
    except (ConflictError, RuleError) as error:
        return _page(session_id, error), status_of(error)
    flash(_("已签到。签错了，10 分钟内可以撤回。"), "ok")
    return redirect(url_for("bureau.arrival_list", session_id=session_id), code=303)


def _page(session_id: UUID, refusal: ConflictError | RuleError | None = None) -> str:
    words = request.args.get("q", "")
    with reading() as reader:
        page = service_desk.arrivals_of(reader, session_id)
        names = vocabularies.labels(reader, "street", locale=reader_locale())
        found = find_persons(reader, words)
    listed = {guest.person_id for guest in page.guests}
    return render_template(
        "bureau/counter/arrival_list.html",
        page=page,
        names=names,
        words=words.strip(),
        found=[person for person in found.persons if person.id not in listed],
        has_more=found.has_more,
        form=Form({"q": words}),
        refusal=refusal,
    )
