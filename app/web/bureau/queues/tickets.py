"""整改单: what the bureau does about a bad rating, until its founder was called back."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.domain.actor import Permission
from app.domain.calendar import ZONE
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.ticket import LONGEST_NAME, LONGEST_TEXT, Call, CallResult
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import tickets as queries
from app.queries.tickets import TicketFilter
from app.services import tickets
from app.web.bureau.address import key_asked, one_of
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/tickets"
ONE = f"{LIST}/<uuid:ticket_id>"
RESULT_NAMES = {
    CallResult.SATISFIED: lazy_gettext("满意了"),
    CallResult.DISSATISFIED: lazy_gettext("仍不满意"),
    CallResult.NOT_REACHED: lazy_gettext("没有打通"),
}
_FILTERS = {each.value: each for each in TicketFilter}


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(LIST)(ticket_list)
    blueprint.get(ONE)(ticket)
    blueprint.post(f"{ONE}/take")(take_ticket)
    blueprint.post(ONE)(note_call)


@policy(Permission.READ_TICKETS)
def ticket_list() -> ResponseReturnValue:
    """Show the open tickets by due date, those overdue, or those that were closed."""
    which = one_of(_FILTERS, request.args.get("state") or TicketFilter.OPEN)
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        page = queries.ticket_list(reader, which, after=after)
    return render_template(
        "bureau/queues/tickets.html", page=page, state=which, result_names=RESULT_NAMES
    )


@policy(Permission.READ_TICKETS, logged=True)
def ticket(ticket_id: UUID) -> ResponseReturnValue:
    """Show one ticket: the rating and who gave it, who looks after it, the calls."""
    return _page(ticket_id, Form())


@policy(Permission.WORK_TICKET)
def take_ticket(ticket_id: UUID) -> ResponseReturnValue:
    """Look after the ticket."""
    form = Form(request.form)
    try:
        with form:
            version = form.version()
        run(tickets.take, ticket_id, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(ticket_id, form), 422
    except (ConflictError, RuleError) as error:
        return _refused(ticket_id, Form(), error)
    flash(_("这张整改单由您负责。"), "ok")
    return redirect(url_for("bureau.ticket", ticket_id=ticket_id), code=303)


@policy(Permission.WORK_TICKET)
def note_call(ticket_id: UUID) -> ResponseReturnValue:
    """Keep what came of a call; one that was answered closes the ticket."""
    form = Form(request.form)
    try:
        with form:
            call, version = _call(form), form.version()
        run(tickets.note_call, ticket_id, call, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(ticket_id, form), 422
    except (ConflictError, RuleError) as error:
        return _refused(ticket_id, form, error)
    if call.result is CallResult.NOT_REACHED:
        flash(_("已记下这次没有打通，整改单还没有办结。"), "ok")
        return redirect(url_for("bureau.ticket", ticket_id=ticket_id), code=303)
    flash(_("已登记回访，整改单办结。"), "ok")
    return redirect(url_for("bureau.ticket_list"), code=303)


def _call(form: Form) -> Call:
    """Read a call; to be called within `with form:`."""
    on, clock = form.day("called_on"), form.time_of_day("called_at", 1)
    result = form.choice("result", [each.value for each in CallResult])
    is_heard = result != CallResult.NOT_REACHED
    return Call(
        called=form.text("called", longest=LONGEST_NAME),
        called_at=datetime.combine(on, clock, ZONE),
        result=CallResult(result) if result in set(CallResult) else CallResult.NOT_REACHED,
        said=form.text("said", longest=LONGEST_TEXT, required=is_heard),
        done=form.text("done", longest=LONGEST_TEXT, required=is_heard),
    )


def _refused(ticket_id: UUID, form: Form, error: ConflictError | RuleError) -> tuple[str, int]:
    why = error_text(error.code, error.facts, reader_locale())
    return _page(ticket_id, form, why), status_of(error)


def _page(ticket_id: UUID, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        page = queries.ticket(reader, ticket_id)
        now = reader.now.astimezone(ZONE)
    if not form.given("called_on") and not form.faults:
        form = Form(_blank(page, now))
    return render_template(
        "bureau/queues/ticket.html",
        page=page,
        form=form,
        refusal=refusal,
        result_names=RESULT_NAMES,
        results=[Choice(key.value, str(name)) for key, name in RESULT_NAMES.items()],
    )


def _blank(page: queries.TicketPage, now: datetime) -> dict[str, str]:
    """Return what a form begins with: the rater, called just now."""
    return {
        "called": page.row.founder,
        "called_on": now.date().isoformat(),
        "called_at": now.strftime("%H:%M"),
    }
