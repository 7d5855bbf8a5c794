"""日程: who meets whom, where, from when to when, on a day or in a week."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.calendar import CalendarWeek
from app.domain.service_record.slices import LONGEST_NAME, UnknownFilterError
from app.http.policy import policy
from app.http.run import reading
from app.queries import agendas, vocabularies
from app.web.bureau.address import one_of
from app.web.shared.layout import reader_locale

DAY, WEEK = "day", "week"
_BY = {by.value: by for by in agendas.By}
_SPANS = {DAY: DAY, WEEK: WEEK}
KINDS = ("consultation", "diagnosis", "tutoring")
_KINDS = {code: code for code in KINDS}
FILTERS = ("day", "span", "by", "street", "kind")


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/agenda")(agenda)


@policy(Permission.ENTER_ON_PAPER)
def agenda() -> ResponseReturnValue:
    """Show the meetings of a day or of its week, by place or by expert."""
    with reading() as reader:
        day = _day(request.args.get("day", ""), reader.today)
        span = one_of(_SPANS, request.args.get("span") or DAY)
        page = agendas.agenda(reader, _asked(day, span))
        names = vocabularies.labels(reader, "street", locale=reader_locale())
    return render_template(
        "bureau/scheduling/agenda.html",
        page=page,
        day=day,
        span=span,
        step=timedelta(days=7 if span == WEEK else 1),
        names=names,
        kinds=KINDS,
        to=_to,
    )


def _asked(day: date, span: str) -> agendas.AgendaQuestion:
    days = CalendarWeek.of(day).days if span == WEEK else (day,)
    kind = request.args.get("kind")
    return agendas.AgendaQuestion(
        first_on=days[0],
        last_on=days[-1],
        by=one_of(_BY, request.args.get("by") or agendas.By.PLACE),
        street=request.args.get("street") or None,
        session_type=one_of(_KINDS, kind) if kind else None,
    )


def _day(written: str, today: date) -> date:
    """Read a day of the address; a week to either side of it must exist.

    Raises:
        UnknownFilterError: it is no day.
    """
    try:
        day = date.fromisoformat(written) if written else today
    except ValueError:
        raise UnknownFilterError(value=written[:LONGEST_NAME]) from None
    if not date.min.year < day.year < date.max.year:
        raise UnknownFilterError(value=written[:LONGEST_NAME])
    return day


def _to(**changes: str | None) -> str:
    """Return the address of the page with some filters changed."""
    kept: dict[str, Any] = {**{name: request.args.get(name) for name in FILTERS}, **changes}
    return url_for("bureau.agenda", **{name: value for name, value in kept.items() if value})
