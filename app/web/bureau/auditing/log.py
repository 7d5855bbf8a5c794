"""操作日志: the trail, filtered, and its verification."""

from datetime import date
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.adapters.signing import checker_of
from app.domain.actor import SYSTEM, Permission
from app.domain.calendar import day_ends_at, day_starts_at
from app.domain.errors import InvalidInputError
from app.http.edge import the_settings, the_store
from app.http.policy import policy
from app.http.run import reading
from app.queries import bureau_desk
from app.queries.audit_entries import TrailFilter, audit_entries
from app.services import audit_entries as trail
from app.web.bureau.address import key_asked
from app.web.shared.forms import Form

LONGEST_CODE = 40
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
FILTERS = ("action", "entity", "thing", "since", "until")


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/bureau/log")(log)
    blueprint.get("/bureau/log/verify")(verify)


@policy(Permission.READ_AUDIT, logged=True)
def log() -> ResponseReturnValue:
    """Show the entries of the trail that meet the filters, the newest first."""
    form, after = Form(request.args), key_asked(request.args.get("after"))
    try:
        wanted = _read(form)
    except InvalidInputError:
        # The faults stand in the form beside the fields; nothing is listed meanwhile.
        wanted = None
    with reading() as reader:
        page = audit_entries(reader, wanted, after=after) if wanted else None
        seals = bureau_desk.seals(reader)
    kept = {name: form.raw(name) for name in FILTERS if form.given(name)}
    answer = render_template(
        "bureau/auditing/log.html", page=page, seals=seals, form=form, kept=kept
    )
    return answer, 200 if wanted else 422


@policy(Permission.READ_AUDIT, logged=True)
def verify() -> ResponseReturnValue:
    """Compare the whole trail with its seals and with every ledger row."""
    store = the_store()
    with store.read(SYSTEM) as reader:
        report = trail.verify(reader, store.audit_key(), checker=checker_of(the_settings()))
        verified_at = reader.now
    return render_template(
        "bureau/auditing/verification.html", report=report, verified_at=verified_at
    )


def _read(form: Form) -> TrailFilter:
    with form:
        action = form.text("action", longest=LONGEST_CODE, required=False)
        entity = form.text("entity", longest=LONGEST_CODE, required=False)
        thing: UUID | None = form.identifier("thing") if form.given("thing") else None
        since: date | None = form.day("since", FIRST_DAY, LAST_DAY) if form.given("since") else None
        until: date | None = form.day("until", FIRST_DAY, LAST_DAY) if form.given("until") else None
    return TrailFilter(
        action=action or None,
        entity=entity or None,
        entity_id=thing,
        since=day_starts_at(since) if since else None,
        until=day_ends_at(until) if until else None,
    )
