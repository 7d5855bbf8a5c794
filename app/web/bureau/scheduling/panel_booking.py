"""约小组: a time, a room and a quorum for the panel that was chosen."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.booking_panel import Company
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleError
from app.domain.ids import parse_id
from app.domain.panel import SERVICE
from app.domain.place import Wanted
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.joint_times import JointAsked, joint_page
from app.queries.panels import ChosenPanel, along, panel_page
from app.queries.places import list_places
from app.services import desk_entries
from app.services.bookings import Choice
from app.web.shared.forms import Form

_PAGE = "/bureau/needs/<uuid:need_id>/panel/booking"
LONGEST_NOTE = 500
# Minutes; the usual length of a diagnosis is chosen unless another is.
LENGTHS = (60, 90, 120, 150, 180)


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(_PAGE)(panel_times)
    blueprint.post(_PAGE)(book_panel)


@policy(Permission.FORM_PANEL)
def panel_times(need_id: UUID) -> ResponseReturnValue:
    """Show when everybody and the room are free together."""
    return _page(need_id, Form(dict(request.args)))


@policy(Permission.FORM_PANEL)
def book_panel(need_id: UUID) -> ResponseReturnValue:
    """Ask all of the panel at once; nobody is asked where one of them or the room is gone."""
    form = Form(request.form)
    try:
        choice, note = _read(need_id, form)
        run(desk_entries.book, choice, note_to_expert=note or None)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(need_id, form), 422
    except (ConflictError, RuleError) as error:
        return _page(need_id, form, error), status_of(error)
    flash(_("已请小组的导师答复。每位导师各自答复，人数够了就约成。"), "ok")
    return redirect(url_for("bureau.need", need_id=need_id), code=303)


def _read(need_id: UUID, form: Form) -> tuple[Choice, str]:
    with reading() as reader:
        chosen = _chosen(panel_page(reader, need_id).chosen)
        known = [str(each.id) for each in along(reader, need_id)]
    with form:
        starts_at = form.text("starts_at", longest=40)
        quorum = form.integer("quorum", 1, len(chosen.expert_ids))
        note = form.text("note", longest=LONGEST_NOTE, required=False)
        companions = form.choices("along", known, required=False)
        form.checkbox("agreed", required=True)
    lead, *others = chosen.expert_ids
    room = parse_id(form.raw("room"))
    begins_at, minutes = _instant(starts_at), _minutes(form)
    choice = Choice(
        need_id=need_id,
        expert_id=lead,
        starts_at=begins_at,
        ends_at=begins_at + timedelta(minutes=minutes) if minutes else None,
        mode=Mode.ONSITE if room else Mode.ONLINE,
        session_type=SERVICE,
        company=Company(
            expert_ids=tuple(others),
            quorum=quorum,
            companion_ids=tuple(map(UUID, companions)),
            place_id=room,
        ),
    )
    return choice, note


def _minutes(form: Form) -> int | None:
    """Return the length that was chosen; None is the usual one."""
    return next((each for each in LENGTHS if str(each) == form.raw("minutes")), None)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise InvalidInputError.at("starts_at", "input.not_a_choice")
    return found


def _chosen(chosen: ChosenPanel | None) -> ChosenPanel:
    if chosen is None:
        raise NotFoundError("panel.not_found")
    return chosen


def _page(need_id: UUID, form: Form, refusal: ConflictError | RuleError | None = None) -> str:
    with reading() as reader:
        page = panel_page(reader, need_id)
        chosen = _chosen(page.chosen)
        others = along(reader, need_id)
        coming = [each for each in others if str(each.id) in form.chosen("along")]
        rooms = list_places(reader, wanted=Wanted(len(chosen.expert_ids) + 1 + len(coming)))
        room = next((each for each in rooms if str(each.id) == form.raw("room")), None)
        asked = JointAsked(
            expert_ids=chosen.expert_ids,
            person_ids=(page.person_id, *(each.id for each in coming)),
            session_type=SERVICE,
            minutes=_minutes(form),
            modes=(Mode.ONSITE.value if room else Mode.ONLINE.value,),
            place_ids=(room.id,) if room else (),
        )
        times = joint_page(reader, asked)
        return render_template(
            "bureau/scheduling/panel_booking.html",
            page=page,
            chosen=chosen,
            rooms=rooms,
            room=room,
            times=times,
            others=others,
            lengths=LENGTHS,
            form=form,
            refusal=refusal,
        )
