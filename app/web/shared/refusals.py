"""What a person sees when something is refused or broken."""

import logging
from urllib.parse import urlencode

from flask import Response, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import ConflictError, RuleError
from app.http.actor import current_actor
from app.http.edge import is_fragment, request_id
from app.http.faults import Fault
from app.http.origin import SAFE_METHODS
from app.http.status import INTERNAL, UNAUTHORIZED, PasswordChangeDueError
from app.web.shared.display import safe_return
from app.web.shared.errors import error_text
from app.web.shared.layout import is_served, reader_locale
from app.web.shared.portal import home_of

log = logging.getLogger("jieban.faults")

LOGIN = "/login"
PASSWORD = "/password"  # noqa: S105  # an address
RETURN_FIELD = "return_to"
TEMPLATES = {
    400: "layouts/errors/400.html",
    403: "layouts/errors/403.html",
    404: "layouts/errors/404.html",
    405: "layouts/errors/404.html",
    409: "layouts/errors/409.html",
    413: "layouts/errors/413.html",
    422: "layouts/errors/422.html",
}
BROKEN = "layouts/errors/500.html"


def answer(fault: Fault) -> ResponseReturnValue:
    """Answer the way to the sign-in page, a flash on the page one came from, or an error page.

    A form that names a path in the hidden field `return_to` goes back there when a rule or a
    conflict stands against it; a view that can show its form again catches the error itself.
    """
    if fault.status == UNAUTHORIZED:
        return _to_sign_in()
    if isinstance(fault.cause, PasswordChangeDueError):
        return redirect(PASSWORD, code=303)
    if fault.status == INTERNAL:
        g.is_broken = True
        return render_template(BROKEN, request_number=request_id()), INTERNAL
    message = message_of(fault)
    if isinstance(fault.cause, ConflictError | RuleError) and (back := _return_path()):
        flash(message, "warn" if isinstance(fault.cause, ConflictError) else "bad")
        return redirect(back, code=303)
    template = TEMPLATES.get(fault.status, TEMPLATES[400])
    return render_template(template, message=message, back=_way_back()), fault.status


def message_of(fault: Fault) -> str:
    """Return what is said about the fault, in general words when its code has no wording."""
    locale = reader_locale()
    try:
        return error_text(fault.code, fault.facts, locale)
    except KeyError:
        log.exception("error code %s cannot be worded", fault.code)
        return error_text("error", {}, locale)


def sign_in_path(back: str) -> str:
    """Return the address of the sign-in page that leads back afterwards."""
    return f"{LOGIN}?{urlencode({'next': back})}"


def _to_sign_in() -> ResponseReturnValue:
    here = request.full_path.rstrip("?") if request.method in SAFE_METHODS else request.path
    to = sign_in_path(here if is_served(request.path) else "/")
    if is_fragment():
        return Response(status=UNAUTHORIZED, headers={"HX-Redirect": to})
    return redirect(to, code=303)


def _return_path() -> str | None:
    if request.method in SAFE_METHODS:
        return None
    path = safe_return(request.form.get(RETURN_FIELD, ""), "")
    return path or None


def _way_back() -> str:
    if request.method not in SAFE_METHODS and is_served(request.path):
        return request.path
    return home_of(current_actor())
