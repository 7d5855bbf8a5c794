"""坐诊: one half-day of several founders on one page."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.calendar import CalendarWeek
from app.domain.errors import NotFoundError
from app.http.policy import policy
from app.http.run import reading
from app.queries import mentor_home as pages
from app.queries.clinics import half_day


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/mentor/clinics/<uuid:clinic_id>")(clinic)


@policy(Permission.RECORD_OUTCOME)
def clinic(clinic_id: UUID) -> ResponseReturnValue:
    """Show the slots of a clinic, who comes into each, and how late it runs."""
    with reading() as reader:
        page = half_day(reader, clinic_id)
        if page.expert_id != pages.own_expert_id(reader):
            raise NotFoundError("clinic.not_found")
    return render_template("mentor/clinic.html", page=page, week=CalendarWeek.of(page.day))
