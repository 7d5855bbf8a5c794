"""为什么: where an expert whom an officer names stands for a need, and what would alter it."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.ids import parse_id
from app.http.matchers import fitted_pool
from app.http.policy import policy
from app.http.run import reading
from app.queries import bureau_desk
from app.queries.bureau_desk import NamedExpert
from app.services import proposals
from app.web.shared.forms import Form


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/needs/<uuid:need_id>/why")(why)


@policy(Permission.READ_EXCLUSIONS)
def why(need_id: UUID) -> ResponseReturnValue:
    """Explain the expert named; where several bear the name, ask which is meant."""
    form, found = Form(request.args), tuple[NamedExpert, ...]()
    expert_id, pool = parse_id(form.raw("mentor")), fitted_pool()
    page, status = None, 200
    with reading() as reader:
        if expert_id is None:
            try:
                found = bureau_desk.experts_named(reader, form.raw("name"))
            except InvalidInputError as error:
                form.refuse(error)
                status = 422
            expert_id = found[0].id if len(found) == 1 else None
        if expert_id is not None:
            page = proposals.explain(reader, need_id, expert_id, pool)
    shown = render_template(
        "bureau/pairing/why.html", page=page, need_id=need_id, form=form, found=found
    )
    return shown, status
