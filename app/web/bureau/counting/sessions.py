"""服务台账: the rows behind a figure."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.calendar import local_day
from app.domain.service_record.slices import months_of
from app.http.policy import policy
from app.http.run import reading
from app.queries import bureau_desk, vocabularies
from app.queries.self_audits import newest
from app.web.bureau.address import figure_asked, here, key_asked
from app.web.shared.layout import reader_locale

NAMED = ("street", "department", "area", "industry", "not_counted_reason", "founder_group")


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/sessions")(session_list)


@policy(Permission.READ_COUNTS)
def session_list() -> ResponseReturnValue:
    """Show the rows that sum to the figure the address names."""
    address = here()
    after = key_asked(address.given("after"))
    with reading() as reader:
        asked = figure_asked(address, local_day(reader.now))
        page = bureau_desk.ledger(reader, asked, after=after)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
        proved = newest(reader)
    return render_template(
        "bureau/counting/sessions.html",
        page=page,
        asked=asked,
        address=address,
        names=names,
        proved=proved,
        year=months_of(asked.months[0].year),
    )
