"""核验: whoever holds the code of a certificate reads what was certified, and whether it holds."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import ANONYMOUS
from app.domain.certificate import LONGEST_TYPED, typed_code
from app.domain.errors import InvalidInputError
from app.http.edge import the_store
from app.http.limits import Allowance
from app.http.policy import public
from app.queries.certificates import verified
from app.web.shared.forms import Form

# A person verifies a few certificates; a guesser needs more tries than the sun has years.
_TRIES = Allowance(most=30, seconds=600)
TOO_MANY = 429


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/verify")(verify)


@public
def verify() -> ResponseReturnValue:
    """Ask for a code, or say what is behind the one that was sent; nothing is written."""
    form = Form(request.args)
    if not form.given("code"):
        return _page(form)
    wait = _TRIES.spend(request.remote_addr or "")
    if wait:
        answer = _page(form, wait=wait)
        return answer, TOO_MANY, {"Retry-After": str(wait)}
    try:
        code = typed_code(form.raw("code")[: LONGEST_TYPED + 1])
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    with the_store().read(ANONYMOUS) as reader:
        found = verified(reader, code)
    if found is None:
        return _page(form, is_unknown=True), 404
    return render_template("public/verified.html", page=found)


def _page(form: Form, *, wait: int = 0, is_unknown: bool = False) -> str:
    return render_template("public/verify.html", form=form, wait=wait, is_unknown=is_unknown)
