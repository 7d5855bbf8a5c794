"""代约: a time of an expert, chosen at the desk for the founder."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.availability import Mode
from app.domain.calendar import local_day
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleError
from app.domain.ids import parse_id
from app.http.edge import is_fragment
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import booking_pages
from app.queries.booking_pages import Asked, TimesPage
from app.services import desk_entries
from app.services.bookings import Choice
from app.web.shared.forms import Form

LONGEST_NOTE = 500

Value = TypeVar("Value")
Row = Mapping[str, Any]


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/needs/<uuid:need_id>/book")(book)
    blueprint.post("/bureau/needs/<uuid:need_id>/book")(request_booking)


@policy(Permission.READ_EXCLUSIONS, Permission.ENTER_ON_PAPER)
def book(need_id: UUID) -> ResponseReturnValue:
    """Show when the expert can be met; htmx is given the times of the day alone."""
    form = Form({"starts_at": request.args.get("starts_at", "")})
    return _page(need_id, _expert(request.args), _asked(request.args), form)


@policy(Permission.ENTER_ON_PAPER)
def request_booking(need_id: UUID) -> ResponseReturnValue:
    """Ask the expert on the founder's behalf; who can be reached has agreed to it."""
    form = Form(request.form)
    expert_id, asked = _expert(request.form), _asked(request.form)
    try:
        with form:
            mode = form.choice("mode", [each.value for each in Mode])
            note = form.text("note", longest=LONGEST_NOTE, required=False)
            form.checkbox("agreed", required=True)
        choice = _choice(need_id, expert_id, asked, Mode(mode))
        booking = run(desk_entries.book, choice, note_to_expert=note or None)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(need_id, expert_id, asked, form), 422
    except (ConflictError, RuleError) as error:
        return _page(need_id, expert_id, asked, form, error), status_of(error)
    flash(_("已代为提交预约，等导师答复。创业者会收到通知。"), "ok")
    return redirect(url_for("bureau.slip", booking_id=booking.id), code=303)


def _choice(need_id: UUID, expert_id: UUID, asked: Asked, mode: Mode) -> Choice:
    if asked.wanted_at is None:
        raise InvalidInputError.at("starts_at", "input.not_chosen")
    with reading() as reader:
        around = booking_pages.circumstances(reader, need_id, expert_id)
    return Choice(
        need_id=need_id,
        expert_id=expert_id,
        starts_at=asked.wanted_at,
        mode=mode,
        proposal_id=around.proposal_id,
        place=around.place if mode is Mode.ONSITE else "",
    )


def _expert(sent: Mapping[str, str]) -> UUID:
    expert_id = parse_id(sent.get("mentor", ""))
    if expert_id is None:
        raise NotFoundError("expert.not_found")
    return expert_id


def _asked(sent: Mapping[str, str]) -> Asked:
    """Read what is asked of the times; what cannot be read is passed over."""
    return Asked(
        mode=sent.get("mode", ""),
        on=_read(date.fromisoformat, sent.get("day", "")),
        wanted_at=_read(_aware, sent.get("starts_at", "")),
    )


def _read(parse: Callable[[str], Value], text: str) -> Value | None:
    try:
        return parse(text)
    except ValueError:
        return None


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _page(
    need_id: UUID,
    expert_id: UUID,
    asked: Asked,
    form: Form,
    refusal: ConflictError | RuleError | None = None,
) -> str:
    with reading() as reader:
        page = booking_pages.times_for_need(reader, need_id, expert_id, asked)
    address = partial(url_for, "bureau.book", need_id=need_id, mentor=expert_id)
    return render_template(
        "bureau/scheduling/slots.html" if is_fragment() else "bureau/scheduling/book.html",
        page=page,
        form=form,
        refusal=refusal,
        days=_days(page, address),
        modes=_modes(page, address),
        alternatives=_alternatives(page, address),
    )


def _days(page: TimesPage, address: Callable[..., str]) -> list[Row]:
    return [
        {
            "on": day.on,
            "count": day.count,
            "closed": day.closed,
            "is_current": day.on == page.on,
            "href": address(mode=page.mode, day=day.on),
        }
        for day in page.days
    ]


def _modes(page: TimesPage, address: Callable[..., str]) -> list[Row]:
    return [
        {"text": mode, "href": address(mode=mode, day=page.on), "is_current": mode == page.mode}
        for mode in page.modes
    ]


def _alternatives(page: TimesPage, address: Callable[..., str]) -> list[Row]:
    return [
        {
            "starts_at": slot.starts_at,
            "href": address(
                mode=page.mode, day=local_day(slot.starts_at), starts_at=slot.starts_at.isoformat()
            ),
        }
        for slot in page.alternatives
    ]
