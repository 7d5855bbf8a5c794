"""需求: the queue without a mentor, and one need with its shortlist."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.http.matchers import fitted_pool
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import bureau_desk, vocabularies
from app.queries.bureau_desk import QueuePart
from app.services import proposals
from app.web.bureau.address import key_asked, one_of
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

_PARTS = {part.value: part for part in QueuePart}
NAMED = ("need_topic", "street", "industry", "venture_stage")


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/bureau/needs")(need_list)
    blueprint.get("/bureau/needs/<uuid:need_id>")(need)
    blueprint.post("/bureau/needs/<uuid:need_id>/proposals")(propose)


@policy(Permission.READ_EXCLUSIONS, Permission.ENTER_ON_PAPER)
def need_list() -> ResponseReturnValue:
    """Show the needs for which nothing is booked, the oldest first."""
    waiting = request.args.get("waiting", "")
    part = one_of(_PARTS, waiting)
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        page = bureau_desk.need_queue(reader, part, after=after)
        names = vocabularies.labels(reader, "street", locale=reader_locale())
    return render_template("bureau/pairing/needs.html", page=page, waiting=waiting, names=names)


@policy(Permission.READ_EXCLUSIONS, Permission.ENTER_ON_PAPER, logged=True)
def need(need_id: UUID) -> ResponseReturnValue:
    """Show a need with whom the matcher proposed, whom a rule kept out, and what was booked."""
    with reading() as reader:
        page = bureau_desk.desk_need(reader, need_id)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
    return render_template("bureau/pairing/need.html", page=page, names=names, form=Form())


@policy(Permission.ENTER_ON_PAPER)
def propose(need_id: UUID) -> ResponseReturnValue:
    """Match the need with the pool of today."""
    run(proposals.refresh, need_id, fitted_pool())
    flash(_("已按今天的导师库重新推荐。"), "ok")
    return redirect(url_for("bureau.need", need_id=need_id), code=303)
