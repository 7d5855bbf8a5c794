"""服务总览: the year's figures, each of which opens to its rows."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission, Reach, may
from app.domain.calendar import Month, local_day
from app.domain.service_record.slices import months_of
from app.http.actor import current_actor
from app.http.policy import policy
from app.http.run import reading
from app.queries import overview as queries
from app.queries.outbox import backlogs
from app.queries.plan import headline
from app.queries.self_audits import newest
from app.web.bureau.address import Address, here, month_asked
from app.web.bureau.counting.chart import month_chart
from app.web.shared.layout import reader_locale

# Where staff without figures begin instead.
_OTHER_WORK = {
    Permission.READ_AUDIT: "bureau.log",
    Permission.READ_OUTBOX: "bureau.outbox",
}


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau")(overview)


@policy(
    Permission.READ_COUNTS,
    Permission.READ_AUDIT,
    Permission.READ_OUTBOX,
    Permission.MANAGE_ACCOUNTS,
)
def overview() -> ResponseReturnValue:
    """Show the bureau's first page, or the first page of those who see no figures."""
    actor, address = current_actor(), here()
    if not may(actor, Permission.READ_COUNTS):
        return _elsewhere()
    with reading() as reader:
        waiting = backlogs(reader) if may(actor, Permission.READ_OUTBOX) else []
        month = month_asked(address.given("month"), local_day(reader.now))
        page = queries.overview(reader, month, address.given("street"), locale=reader_locale())
        checked = newest(reader)
        is_whole = Reach.ALL in actor.reaches and page.labels.street is None
        goals = headline(reader, month.year) if is_whole else ()
    figures = Address({"street": address.given("street") or ""})
    return render_template(
        "bureau/counting/overview.html",
        page=page,
        goals=goals,
        figures=figures,
        chart=month_chart(page.bars),
        choices=_choices(page),
        backlogs=waiting,
        checked=checked,
    )


def _choices(page: queries.Overview) -> list[Month]:
    """Return the months to choose from: of the year before and of this one, as far as it came."""
    today = Month.of(local_day(page.now))
    known = (*months_of(today.year - 1), *months_of(today.year))
    return sorted({*(each for each in known if each <= today), page.month}, reverse=True)


def _elsewhere() -> ResponseReturnValue:
    actor = current_actor()
    for permission, endpoint in _OTHER_WORK.items():
        if may(actor, permission):
            return redirect(url_for(endpoint), code=303)
    return render_template("bureau/counting/no_pages.html")
