"""核验: whoever holds a certificate or a record reads what it says, and whether it holds."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import ANONYMOUS
from app.domain.certificate import LONGEST_NUMBER, LONGEST_TYPED, typed_code
from app.domain.errors import InvalidInputError
from app.http.edge import the_store
from app.http.limits import Allowance
from app.http.policy import public
from app.queries.certificates import verified
from app.queries.record_proofs import record_proof
from app.web.shared.certificates import the_key
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
    return _found(form, code)


def _found(form: Form, code: str) -> ResponseReturnValue:
    """Show what is behind the code; with a number it is the code of a record."""
    number = form.raw("number").strip().upper()[: LONGEST_NUMBER + 1]
    with the_store().read(ANONYMOUS) as reader:
        record = record_proof(reader, the_key(), number, code) if number else None
        certificate = None if number else verified(reader, code)
    if record is not None:
        return render_template("public/record_verified.html", page=record)
    if certificate is not None:
        return render_template("public/verified.html", page=certificate)
    return _page(form, is_unknown=True), 404


def _page(form: Form, *, wait: int = 0, is_unknown: bool = False) -> str:
    return render_template("public/verify.html", form=form, wait=wait, is_unknown=is_unknown)
