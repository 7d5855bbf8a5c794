"""导师库: everybody of the pool, with terms, load and pauses, and one profile."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.expert import ExpertCategory
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import bureau_desk, vocabularies
from app.queries.bureau_desk import PoolFilter, Standing
from app.queries.busy_calendars import calendars_of
from app.services import experts
from app.web.bureau.address import key_asked, one_of
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

_CATEGORIES = {"": None} | {each.value: each for each in ExpertCategory}
_STANDINGS = {"": None} | {each.value: each for each in Standing}
_TERMS = {"": False, "in": True}
_PAUSES = {"pause": experts.pause, "resume": experts.resume}
NAMED = ("need_topic", "industry", "conflict_type")
FILTERS = ("q", "category", "standing", "term")


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/bureau/mentors")(mentor_list)
    blueprint.get("/bureau/mentors/<uuid:expert_id>")(mentor)
    blueprint.post("/bureau/mentors/<uuid:expert_id>/pause")(pause)


@policy(Permission.READ_COUNTS)
def mentor_list() -> ResponseReturnValue:
    """Show the pool by name, as far as the filters choose."""
    form, after = Form(request.args), key_asked(request.args.get("after"))
    wanted = PoolFilter(
        text=form.raw("q"),
        category=one_of(_CATEGORIES, form.raw("category")),
        standing=one_of(_STANDINGS, form.raw("standing")),
        only_in_term=one_of(_TERMS, form.raw("term")),
    )
    kept = {name: form.raw(name) for name in FILTERS if form.given(name)}
    page, status = None, 200
    with reading() as reader:
        try:
            page = bureau_desk.pool(reader, wanted, after=after)
        except InvalidInputError as error:
            form.refuse(error)
            status = 422
    return render_template("bureau/pool/mentors.html", page=page, form=form, kept=kept), status


@policy(Permission.READ_COUNTS)
def mentor(expert_id: UUID) -> ResponseReturnValue:
    """Show one expert with terms, ties, hours and what he carried this year."""
    with reading() as reader:
        page = bureau_desk.pool_profile(reader, expert_id)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
        calendars = calendars_of(reader, expert_id)
    return render_template("bureau/pool/mentor.html", page=page, names=names, calendars=calendars)


@policy(Permission.IMPORT_EXPERTS)
def pause(expert_id: UUID) -> ResponseReturnValue:
    """Offer no more times of an expert, or offer them again."""
    act = one_of(_PAUSES, request.form.get("act", ""))
    run(act, expert_id)
    flash(_("已保存。"), "ok")
    return redirect(url_for("bureau.mentor", expert_id=expert_id), code=303)
