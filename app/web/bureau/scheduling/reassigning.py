"""换导师: an officer hands a booking to another expert."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.booking import END_REASONS, Side
from app.domain.calendar import ZONE
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.reassignments import reassignment
from app.queries.vocabularies import labels
from app.services import bookings
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

PAGE = "/bureau/bookings/<uuid:booking_id>/reassign"
REASONS = tuple(code for code, reason in END_REASONS.items() if reason.side is Side.BUREAU)


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(PAGE)(ask_reassign)
    blueprint.post(PAGE)(reassign)


@policy(Permission.REASSIGN_BOOKING)
def ask_reassign(booking_id: UUID) -> ResponseReturnValue:
    """Show who could have the booking, and who of them is free at its time."""
    return _page(booking_id, Form())


@policy(Permission.REASSIGN_BOOKING)
def reassign(booking_id: UUID) -> ResponseReturnValue:
    """Ask the other expert; founder and former expert are told."""
    form = Form(request.form)
    try:
        expert_id, facts = _read(form)
        row = run(bookings.reassign, booking_id, expert_id, **facts)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(booking_id, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(booking_id, form, why), status_of(error)
    flash(_("已请新的导师答复，双方和原导师会收到通知。"), "ok")
    return redirect(url_for("bureau.need", need_id=row.need_id), code=303)


def _read(form: Form) -> tuple[UUID, dict[str, Any]]:
    has_time = form.given("day") or form.given("time")
    with form:
        expert_id = form.identifier(
            "other" if form.given("other") or not form.given("expert") else "expert"
        )
        reason = form.choice("reason", REASONS)
        version = form.version()
        day = form.day("day") if has_time else None
        clock = form.time_of_day("time") if has_time else None
    starts_at = datetime.combine(day, clock, ZONE) if day and clock is not None else None
    return expert_id, {"reason": reason, "starts_at": starts_at, "version": version}


def _page(booking_id: UUID, form: Form, refusal: str | None = None) -> str:
    with reading() as reader:
        page = reassignment(reader, booking_id)
        words = labels(reader, "decline_cancel_reason", locale=reader_locale())
    free, taken = _("这个时间有空"), _("这个时间没有空，要另选时间")
    proposed = [
        Choice(str(each.id), each.name, f"{each.title} · {free if each.is_free else taken}")
        for each in page.proposed
    ]
    others = [Choice(str(key), name) for key, name in page.others]
    return render_template(
        "bureau/scheduling/reassign.html",
        page=page,
        form=form,
        refusal=refusal,
        proposed=proposed,
        others=[Choice("", _("不选")), *others],
        reasons=[Choice(code, words.of("decline_cancel_reason", code)) for code in REASONS],
    )
