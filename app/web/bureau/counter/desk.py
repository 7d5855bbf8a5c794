"""服务窗口: somebody stands in front; he is found or registered, heard, and given a slip."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.account import SignInError, TooManyTriesError
from app.domain.actor import Permission
from app.domain.desk_entry import EntryKind
from app.domain.errors import FieldError, InvalidInputError
from app.http import sign_in as signing_in
from app.http.actor import keep_sign_in
from app.http.edge import is_fragment
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import service_desk, vocabularies
from app.queries.person_search import find_persons
from app.services import desk_entries
from app.web.shared.display import safe_return
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

DESK = "/bureau/desk"
LONGEST_TYPED_LOGIN = 200


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(DESK)(desk)
    blueprint.post(f"{DESK}/entries/<uuid:entry_id>/undo")(undo)
    blueprint.get(f"{DESK}/switch")(ask_switch)
    blueprint.post(f"{DESK}/switch")(switch)
    blueprint.get("/bureau/bookings/<uuid:booking_id>/slip")(slip)


@policy(Permission.ENTER_ON_PAPER)
def desk() -> ResponseReturnValue:
    """Show the desk; htmx is given those found alone."""
    words = request.args.get("q", "")
    with reading() as reader:
        found = find_persons(reader, words)
        names = vocabularies.labels(reader, "street", locale=reader_locale())
        entries = () if is_fragment() else service_desk.recent_entries(reader)
    return render_template(
        "bureau/counter/desk_found.html" if is_fragment() else "bureau/counter/desk.html",
        words=words.strip(),
        found=found,
        names=names,
        entries=entries,
        form=Form({"q": words}),
    )


@policy(Permission.ENTER_ON_PAPER)
def undo(entry_id: UUID) -> ResponseReturnValue:
    """Take back what was just entered; a refusal is said on the desk."""
    entry = run(desk_entries.undo, entry_id)
    told = {
        EntryKind.PERSON: _("已撤回登记，填的资料已清除。"),
        EntryKind.NEED: _("已撤回需求。"),
        EntryKind.BOOKING: _("已撤回预约，导师会收到通知。"),
        EntryKind.SHEET: _("已撤回整张登记表，每一行都作废，时间已放开。改好可以再录。"),
        EntryKind.ARRIVAL: _("已撤回签到。"),
    }
    flash(told[entry.kind], "ok")
    back = safe_return(request.form.get("return_to", ""), url_for("bureau.desk"))
    return redirect(back, code=303)


@policy(Permission.ENTER_ON_PAPER, logged=True)
def slip(booking_id: UUID) -> ResponseReturnValue:
    """Show the slip of a booking, to be printed in large letters."""
    with reading() as reader:
        found = service_desk.slip_of(reader, booking_id)
    return render_template("bureau/counter/slip.html", slip=found)


@policy(Permission.ENTER_ON_PAPER)
def ask_switch() -> ResponseReturnValue:
    """Ask who goes on at this desk; nothing else is on the page."""
    return render_template("bureau/counter/switch.html", form=Form())


@policy(Permission.ENTER_ON_PAPER)
def switch() -> ResponseReturnValue:
    """End the sign-in of who was here and open that of who comes, in one step."""
    form = Form(request.form)
    try:
        with form:
            login = form.text("login", longest=LONGEST_TYPED_LOGIN)
            if not form.raw("password"):
                form.text("password", longest=1)
        entry = signing_in.sign_in(login, form.raw("password"))
    except InvalidInputError as error:
        form.refuse(error)
        return render_template("bureau/counter/switch.html", form=form), 422
    except (SignInError, TooManyTriesError) as error:
        at_field = FieldError("password", error.code, error.facts)
        form.refuse(InvalidInputError(errors=[at_field]))
        return render_template("bureau/counter/switch.html", form=form), status_of(error)
    # With the page's cookie go the first one's messages and the tokens of every form left open.
    session.clear()
    response = redirect(url_for("bureau.desk"), code=303)
    keep_sign_in(response, entry.secret)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
