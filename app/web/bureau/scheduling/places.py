"""场所: rooms and stations added, changed, closed for some days, taken out of use."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.actor import Permission
from app.domain.errors import ConflictError, DomainError, InvalidInputError, NotFoundError
from app.domain.ids import parse_id
from app.domain.place import Equipment, PlaceKind, PlaceRetiredError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import places as queries
from app.queries import vocabularies
from app.services import places
from app.web.bureau.scheduling import place_form
from app.web.shared.clock import end_choices, start_choices
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

PAGE = "/bureau/places/<uuid:place_id>"


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get("/bureau/places")(place_list)
    blueprint.get("/bureau/places/new")(ask_place)
    blueprint.post("/bureau/places/new")(add_place)
    blueprint.get(PAGE)(place)
    blueprint.get(f"{PAGE}/edit")(edit_place)
    blueprint.post(f"{PAGE}/edit")(change_place)
    blueprint.post(f"{PAGE}/closings")(close_place)
    blueprint.post(f"{PAGE}/closings/remove")(reopen_place)
    blueprint.post(f"{PAGE}/retire")(retire_place)


@policy(Permission.MANAGE_PLACES)
def place_list() -> ResponseReturnValue:
    """Show the places in use, those of a street, or those out of use as well."""
    street = request.args.get("street", "")
    with reading() as reader:
        found = queries.list_places(reader, is_with_retired=True)
        names = vocabularies.labels(reader, "street", locale=reader_locale())
    shown = [each for each in found if street in ("", each.street)]
    return render_template(
        "bureau/scheduling/places.html", places=shown, names=names, street=street
    )


@policy(Permission.MANAGE_PLACES)
def ask_place() -> ResponseReturnValue:
    """Ask for a new place."""
    return _form(Form(place_form.blank()))


@policy(Permission.MANAGE_PLACES)
def add_place() -> ResponseReturnValue:
    """Add the place; it can be booked at once."""
    form = _sent()
    try:
        row = run(places.add, place_form.read(form, _streets()))
    except (InvalidInputError, ConflictError) as error:
        return _refused(form, error)
    flash(_("已添加，现在就可以安排见面。"), "ok")
    return redirect(url_for("bureau.place", place_id=row.id), code=303)


@policy(Permission.MANAGE_PLACES)
def place(place_id: UUID) -> ResponseReturnValue:
    """Show one place: what is in it, when it is open, when it is not."""
    return _page(place_id, Form())


@policy(Permission.MANAGE_PLACES)
def edit_place(place_id: UUID) -> ResponseReturnValue:
    """Show the place's form as it stands."""
    with reading() as reader:
        view = queries.read_place(reader, place_id)
    return _form(Form({**place_form.filled(view), "version": view.version}), place_id)


@policy(Permission.MANAGE_PLACES)
def change_place(place_id: UUID) -> ResponseReturnValue:
    """Change what is said of the place; bookings that stand are left alone."""
    form = _sent()
    try:
        facts = place_form.read(form, _streets())
        with form:
            version = form.version()
        run(places.change, place_id, facts, version=version)
    except (InvalidInputError, ConflictError, PlaceRetiredError) as error:
        return _refused(form, error, place_id)
    flash(_("已改好。已有的预约不受影响。"), "ok")
    return redirect(url_for("bureau.place", place_id=place_id), code=303)


@policy(Permission.MANAGE_PLACES)
def close_place(place_id: UUID) -> ResponseReturnValue:
    """Shut the place on some days; bookings that stand are left alone."""
    form = Form(request.form)
    try:
        closing = place_form.read_closing(form)
        count = run(places.close_day, place_id, closing, answer=len)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(place_id, form), 422
    flash(ngettext("已设 %(num)s 天不开放。", "已设 %(num)s 天不开放。", count), "ok")
    flash(_("已有的预约不受影响；当天有见面的，请看日程另作安排。"), "info")
    return redirect(url_for("bureau.place", place_id=place_id), code=303)


@policy(Permission.MANAGE_PLACES)
def reopen_place(place_id: UUID) -> ResponseReturnValue:
    """Let the week hold again on a day."""
    closing_id = parse_id(request.form.get("id", ""))
    if closing_id is None:
        raise NotFoundError("place_closing.not_found")
    run(places.reopen_days, place_id, [closing_id])
    flash(_("已删除，这一天按每周的时间开放。"), "ok")
    return redirect(url_for("bureau.place", place_id=place_id), code=303)


@policy(Permission.MANAGE_PLACES)
def retire_place(place_id: UUID) -> ResponseReturnValue:
    """Take the place out of use; bookings that stand keep it."""
    form = Form(request.form)
    with form:
        version = form.version()
    run(places.retire, place_id, version=version)
    flash(_("已停用，不再安排新的见面。已有的预约不受影响。"), "ok")
    return redirect(url_for("bureau.place_list"), code=303)


def _sent() -> Form:
    """Return the form sent, its spans moved up."""
    kept = {
        name: values
        for name, values in request.form.to_dict(flat=False).items()
        if not name.startswith("day_")
    }
    return Form({**kept, **place_form.compact(request.form)})


def _streets() -> list[str]:
    with reading() as reader:
        names = vocabularies.labels(reader, "street", locale=reader_locale())
    return [code for code, _text in names.choices("street")]


def _refused(form: Form, error: DomainError, place_id: UUID | None = None) -> ResponseReturnValue:
    if isinstance(error, InvalidInputError):
        form.refuse(error)
        return _form(form, place_id), 422
    refusal = error_text(error.code, error.facts, reader_locale())
    return _form(form, place_id, refusal), status_of(error)


def _form(form: Form, place_id: UUID | None = None, refusal: str = "") -> str:
    with reading() as reader:
        names = vocabularies.labels(reader, "street", locale=reader_locale())
    streets = [Choice(code, text) for code, text in names.choices("street")]
    closed = Choice("", _("不开放"))
    return render_template(
        "bureau/scheduling/place_form.html",
        form=form,
        place_id=place_id,
        refusal=refusal,
        kinds=list(PlaceKind),
        kit=list(Equipment),
        streets=[Choice("", _("不属于哪个街道")), *streets],
        rows=place_form.rows(form),
        starts=[closed, *start_choices()],
        ends=[closed, *end_choices()],
    )


def _page(place_id: UUID, form: Form) -> str:
    with reading() as reader:
        view = queries.read_place(reader, place_id)
        closings = queries.closings_ahead(reader, place_id, reader.today)
        names = vocabularies.labels(reader, "street", locale=reader_locale())
    whole = Choice("", _("全天"))
    return render_template(
        "bureau/scheduling/place.html",
        place=view,
        closings=closings,
        names=names,
        form=form,
        starts=[whole, *start_choices()],
        ends=[whole, *end_choices()],
    )
