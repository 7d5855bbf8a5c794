"""登记来人: a walk-in registered with his consent on paper, and his need in his own words."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission, Role
from app.domain.availability import Mode
from app.domain.errors import InvalidInputError
from app.domain.need import LONGEST_TEXT, SERVICES, Channel, suggested_service
from app.domain.person import GroupProof, LikelyDoubleError
from app.http.actor import current_actor
from app.http.matchers import fitted_pool
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import service_desk, vocabularies
from app.queries.person_search import likely_doubles
from app.services import desk_entries, persons, proposals
from app.services.needs import NeedInput
from app.services.persons import Registration
from app.services.proposals import FittedPool, understand
from app.unit_of_work import UnitOfWork
from app.web.bureau.counter.registration_form import read_registration
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

PEOPLE = "/bureau/desk/people"
NAMED = ("street", "founder_group")
SUGGESTED = "suggested"
MODES = tuple(mode.value for mode in Mode)


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(f"{PEOPLE}/new")(new_person)
    blueprint.post(f"{PEOPLE}/new")(register_person)
    blueprint.get(f"{PEOPLE}/<uuid:person_id>")(person)
    blueprint.post(f"{PEOPLE}/<uuid:person_id>/needs")(take_need)
    blueprint.post(f"{PEOPLE}/<uuid:person_id>/groups")(verify_group)


@policy(Permission.ENTER_ON_PAPER)
def new_person() -> ResponseReturnValue:
    """Ask who has come and what he signed."""
    words = request.args.get("q", "").strip()
    begun = {"phone" if any(mark.isdigit() for mark in words) else "name": words}
    return _registration(Form({**begun, "kind": "signature", "group_kind": "signature"}))


@policy(Permission.ENTER_ON_PAPER)
def register_person() -> ResponseReturnValue:
    """Keep him; those who may be the same person are shown first."""
    form = Form(request.form)
    try:
        given = read_registration(form)
        kept = run(desk_entries.register_person, given)
    except InvalidInputError as error:
        form.refuse(error)
        return _registration(form), 422
    except LikelyDoubleError as error:
        return _registration(form, given), status_of(error)
    flash(_("已登记。请把同意书归档，再请来人说说遇到的问题。"), "ok")
    return redirect(url_for("bureau.person", person_id=kept.id), code=303)


@policy(Permission.ENTER_ON_PAPER, logged=True)
def person(person_id: UUID) -> ResponseReturnValue:
    """Show a person and the form for a new need."""
    return _person(person_id, _new_need())


@policy(Permission.ENTER_ON_PAPER)
def take_need(person_id: UUID) -> ResponseReturnValue:
    """Take his need in his own words and propose experts for it."""
    form = Form(request.form)
    try:
        with form:
            text = form.text("text", longest=LONGEST_TEXT)
            service = form.choice("session_type", (SUGGESTED, *sorted(SERVICES)))
            modes = form.choices("modes", MODES, required=False)
            channel = form.choice("channel", [_own_channel(), Channel.STATION.value])
        if service == SUGGESTED:
            service = suggested_service(len(understand(text)))
        given = NeedInput(
            text=text, session_type=service, modes=tuple(modes), channel=Channel(channel)
        )
        need_id = run(_take, given, person_id, fitted_pool(), answer=str)
    except InvalidInputError as error:
        form.refuse(error)
        return _person(person_id, form), 422
    flash(_("需求已记下。下面是推荐的导师，请和来人一起看。"), "ok")
    return redirect(url_for("bureau.need", need_id=need_id), code=303)


@policy(Permission.VERIFY_GROUP)
def verify_group(person_id: UUID) -> ResponseReturnValue:
    """Note what showed the group; the person is counted by it from now on.

    Which group is in the form alone: addresses stand in logs.
    """
    code = request.form.get("group", "")
    field = f"proof_{code}"
    form = _new_need(**{field: request.form.get(field, "")})
    try:
        with form:
            proof = form.choice(field, list(GroupProof))
        run(persons.verify_group, person_id, code, GroupProof(proof))
    except InvalidInputError as error:
        form.refuse(error)
        return _person(person_id, form), 422
    flash(_("已核验，这个人参加过的服务已按这个群体重新统计。"), "ok")
    return redirect(url_for("bureau.person", person_id=person_id), code=303)


def _new_need(**values: str) -> Form:
    return Form({"session_type": SUGGESTED, "channel": _own_channel(), **values})


def _take(uow: UnitOfWork, given: NeedInput, person_id: UUID, pool: FittedPool) -> UUID:
    need = desk_entries.take_need(uow, given, person_id)
    proposals.refresh(uow, need.id, pool)
    return need.id


def _own_channel() -> str:
    is_street = current_actor().has(Role.STREET_LIAISON)
    return (Channel.STREET if is_street else Channel.BUREAU).value


def _registration(form: Form, refused: Registration | None = None) -> str:
    with reading() as reader:
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
        groups = vocabularies.attributes(reader, "founder_group")
        doubles = likely_doubles(reader, refused.traits) if refused else ()
    return render_template(
        "bureau/counter/register.html",
        form=form,
        names=names,
        streets=[Choice(*each) for each in names.choices("street")],
        groups=[Choice(*each) for each in names.choices("founder_group")],
        sensitive=[code for code, held in groups.items() if held["sensitive"] == "yes"],
        doubles=doubles,
        own_street=current_actor().street,
    )


def _person(person_id: UUID, form: Form) -> str:
    with reading() as reader:
        page = service_desk.desk_person(reader, person_id)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
    return render_template(
        "bureau/counter/person.html", page=page, names=names, form=form, own_channel=_own_channel()
    )
