"""查看记录: who looked at what, when and from where."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.calendar import day_ends_at, day_starts_at
from app.domain.errors import InvalidInputError
from app.http.policy import policy
from app.http.run import reading
from app.queries.access_entries import LookFilter, looks
from app.web.bureau.address import key_asked
from app.web.bureau.auditing.log import FIRST_DAY, LAST_DAY
from app.web.shared.forms import Form

LONGEST = 100
FILTERS = ("who", "what", "since", "until")


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/log/looks")(look_list)


@policy(Permission.READ_AUDIT, logged=True)
def look_list() -> ResponseReturnValue:
    """Show the looks that meet the filters, the newest first; this one is among them."""
    form, after = Form(request.args), key_asked(request.args.get("after"))
    try:
        wanted = _read(form)
    except InvalidInputError:
        wanted = None
    with reading() as reader:
        page = looks(reader, wanted, after=after) if wanted else None
    kept = {name: form.raw(name) for name in FILTERS if form.given(name)}
    answer = render_template("bureau/auditing/looks.html", page=page, form=form, kept=kept)
    return answer, 200 if wanted else 422


def _read(form: Form) -> LookFilter:
    with form:
        who = form.text("who", longest=LONGEST, required=False)
        what = form.text("what", longest=LONGEST, required=False)
        since: date | None = form.day("since", FIRST_DAY, LAST_DAY) if form.given("since") else None
        until: date | None = form.day("until", FIRST_DAY, LAST_DAY) if form.given("until") else None
    return LookFilter(
        who=who or None,
        what=what or None,
        since=day_starts_at(since) if since else None,
        until=day_ends_at(until) if until else None,
    )
