"""选择见面时间: the days and times of one mentor, and the ten minutes a time is kept."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleError
from app.domain.expert import RecusalError
from app.domain.ids import parse_id
from app.http.edge import is_fragment
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import booking_pages
from app.queries.booking_pages import Asked, ProposalView
from app.services import bookings
from app.services.bookings import Choice
from app.unit_of_work import Reader
from app.web.founder.picker import Picker, asked_of, form_of
from app.web.founder.refusing import Refusal, refusal_of
from app.web.shared.forms import Form

MOST_OTHERS = 3


def register(blueprint: Blueprint) -> None:
    """Add the page and the act."""
    blueprint.get("/needs/<uuid:need_id>/book")(book)
    blueprint.post("/holds")(hold)


@policy(Permission.BOOK)
def book(need_id: UUID) -> ResponseReturnValue:
    """Show when the mentor can be met; htmx is given the times of the day alone."""
    mentor_id = parse_id(request.args.get("mentor", ""))
    if mentor_id is None:
        return redirect(url_for("founder.mentors_for", need_id=need_id), code=303)
    asked = asked_of(request.args)
    return _page(need_id, mentor_id, asked, form_of(asked))


@policy(Permission.BOOK)
def hold() -> ResponseReturnValue:
    """Keep the time for ten minutes; a time that cannot be had brings its alternatives."""
    form = Form(request.form)
    need_id, mentor_id = _who(form)
    asked = asked_of({"mode": form.raw("mode"), "time": form.raw("starts_at")})
    try:
        choice = _choice(form, need_id, mentor_id, asked)
        booking = run(bookings.hold, choice)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(need_id, mentor_id, asked, form), 422
    except (ConflictError, RuleError) as error:
        refusal = refusal_of(error)
        return _page(need_id, mentor_id, asked, form, refusal), refusal.status
    consent, keep_mentor = (form.raw(box) or None for box in ("consent", "keep_mentor"))
    check = url_for("founder.check", hold=booking.id, consent=consent, keep_mentor=keep_mentor)
    return redirect(check, code=303)


def _who(form: Form) -> tuple[UUID, UUID]:
    need_id, mentor_id = parse_id(form.raw("need")), parse_id(form.raw("mentor"))
    if need_id is None or mentor_id is None:
        raise NotFoundError
    return need_id, mentor_id


def _choice(form: Form, need_id: UUID, mentor_id: UUID, asked: Asked) -> Choice:
    with form:
        mode = form.choice("mode", [mode.value for mode in Mode])
    if asked.wanted_at is None:
        raise InvalidInputError.at("starts_at", "input.not_chosen")
    with reading() as reader:
        around = booking_pages.circumstances(reader, need_id, mentor_id)
    return Choice(
        need_id=need_id,
        expert_id=mentor_id,
        starts_at=asked.wanted_at,
        mode=Mode(mode),
        proposal_id=around.proposal_id,
        place=around.place if mode == Mode.ONSITE else "",
    )


def _page(
    need_id: UUID, mentor_id: UUID, asked: Asked, form: Form, refusal: Refusal | None = None
) -> str:
    with reading() as reader:
        page = booking_pages.times_for_need(reader, need_id, mentor_id, asked)
        others = _others(reader, need_id, mentor_id) if _is_tied(refusal) else ()
    template = "founder/slots.html" if is_fragment() else "founder/times.html"
    address = partial(url_for, "founder.book", need_id=need_id, mentor=mentor_id)
    picker = Picker(page, address)
    return render_template(
        template, page=page, picker=picker, form=form, refusal=refusal, others=others
    )


def _is_tied(refusal: Refusal | None) -> bool:
    return refusal is not None and refusal.code == RecusalError.default_code


def _others(reader: Reader, need_id: UUID, mentor_id: UUID) -> Sequence[ProposalView]:
    """Return whom to ask instead: another time of the same mentor would be refused as well."""
    proposed = booking_pages.proposals_page(reader, need_id).proposals
    return [each for each in proposed if each.expert.id != mentor_id and each.can_be_asked][
        :MOST_OTHERS
    ]
