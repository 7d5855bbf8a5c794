"""审计台: where an audit begins: closed months, the state of the trail, and the ways on."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.calendar import day_starts_at, local_day
from app.http.policy import policy
from app.http.run import reading
from app.queries import audit_desk, bureau_desk
from app.queries.accounts import own_end
from app.queries.self_audits import newest
from app.web.bureau.address import here, months_asked

PAGE = "/bureau/audit"


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(PAGE)(audit)
    blueprint.get(f"{PAGE}/changes")(audit_changes)
    blueprint.get(f"{PAGE}/concentration")(audit_concentration)
    blueprint.get(f"{PAGE}/originals")(audit_originals)


@policy(Permission.READ_AUDIT, logged=True)
def audit() -> ResponseReturnValue:
    """Show the closed months with their figures and seals, and how the trail stands."""
    with reading() as reader:
        months = audit_desk.closed_lines(reader)
        seals = bureau_desk.seals(reader)
        checked = newest(reader)
        ends_at = own_end(reader)
    return render_template(
        "bureau/auditing/desk.html",
        months=months,
        seals=seals,
        checked=checked,
        ends_at=ends_at,
        shown=audit_desk.SHOWN,
    )


@policy(Permission.READ_AUDIT, logged=True)
def audit_changes() -> ResponseReturnValue:
    """Show what changed of policy, calendar, roles and clock in a period."""
    address = here()
    with reading() as reader:
        months = months_asked(address, local_day(reader.now))
        since = day_starts_at(months[0].first_on)
        until = day_starts_at(months[-1].following().first_on)
        found = audit_desk.changes(reader, since, until)
    return render_template(
        "bureau/auditing/changes.html", found=found, months=months, address=address
    )


@policy(Permission.READ_AUDIT, logged=True)
def audit_concentration() -> ResponseReturnValue:
    """Show how far the services of a period lie with few."""
    address = here()
    with reading() as reader:
        months = months_asked(address, local_day(reader.now))
        found = audit_desk.concentrations(reader, months)
    return render_template(
        "bureau/auditing/concentration.html", page=found, months=months, address=address
    )


@policy(Permission.READ_AUDIT, logged=True)
def audit_originals() -> ResponseReturnValue:
    """Show the meetings of a period behind which there is paper."""
    address = here()
    with reading() as reader:
        months = months_asked(address, local_day(reader.now))
        since = day_starts_at(months[0].first_on)
        until = day_starts_at(months[-1].following().first_on)
        page = audit_desk.originals(reader, since, until)
    return render_template(
        "bureau/auditing/originals.html", page=page, months=months, address=address
    )
