"""电话核实: one record of a sample, whom to ask about it, and what was said."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.calendar import ZONE
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.ids import parse_id
from app.domain.sample import LONGEST_SAID, Call, Difference, SampleResult
from app.http.policy import audit, policy
from app.http.run import reading, run
from app.http.status import status_of
from app.models.sample import SampleCall
from app.queries import samples as queries
from app.queries.samples import RecordPage
from app.services import samples
from app.web.bureau.auditing.samples import DIFFERENCE_NAMES, ONE, RESULT_NAMES
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

RECORD = f"{ONE}/records/<uuid:session_id>"
OTHER = "other"


def register(blueprint: Blueprint) -> None:
    """Add the page and the act."""
    blueprint.get(RECORD)(sample_record)
    blueprint.post(RECORD)(note_sample_call)


@policy(Permission.READ_SAMPLES, logged=True)
def sample_record(sample_id: UUID, session_id: UUID) -> ResponseReturnValue:
    """Show one record that was drawn, whom to call, and the calls made."""
    return _page(sample_id, session_id, Form())


@audit
@policy(Permission.CALL_SAMPLE)
def note_sample_call(sample_id: UUID, session_id: UUID) -> ResponseReturnValue:
    """Keep what came of a call."""
    form = Form(request.form)
    try:
        person_id, call = _read(form)
        kept: SampleCall = run(samples.note_call, sample_id, session_id, person_id, call)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(sample_id, session_id, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(sample_id, session_id, form, why), status_of(error)
    flash(_told(kept.result), "ok")
    if kept.result is SampleResult.DIFFERS:
        here = url_for("bureau.sample_record", sample_id=sample_id, session_id=session_id)
        return redirect(here, code=303)
    return redirect(url_for("bureau.sample", sample_id=sample_id), code=303)


def _told(result: SampleResult) -> str:
    if result is SampleResult.NOT_REACHED:
        return str(_("已记下这次没有联系上，可以改天再打。"))
    if result is SampleResult.DIFFERS:
        return str(_("已记下与记录不符。经办人会收到待办；记录要另外提出更正，复核以后才改。"))
    return str(_("已记下与记录相符。"))


def _read(form: Form) -> tuple[UUID | None, Call]:
    with form:
        person = form.text("person", longest=40)
        on, clock = form.day("called_on"), form.time_of_day("called_at", 1)
        result = form.choice("result", list(SampleResult))
        differs = form.choices("differs", list(Difference), required=False)
        said = form.text("said", longest=LONGEST_SAID, required=result == SampleResult.DIFFERS)
    person_id = parse_id(person)
    if person_id is None and person != OTHER:
        raise InvalidInputError.at("person", "input.not_a_choice")
    call = Call(
        result=SampleResult(result),
        called_at=datetime.combine(on, clock, ZONE),
        differs=tuple(map(Difference, differs)),
        said=said,
    )
    return person_id, call


def _page(sample_id: UUID, session_id: UUID, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        page = queries.record_page(reader, sample_id, session_id)
        now = reader.now.astimezone(ZONE)
    if not form.given("called_on") and not form.faults:
        start = {"called_on": now.date().isoformat(), "called_at": now.strftime("%H:%M")}
        form = Form({**start, "person": str(page.people[0].id) if page.people else OTHER})
    return render_template(
        "bureau/auditing/sample_record.html",
        page=page,
        form=form,
        refusal=refusal,
        people=_people(page),
        results=[Choice(key.value, str(name)) for key, name in RESULT_NAMES.items()],
        differences=[Choice(key.value, str(name)) for key, name in DIFFERENCE_NAMES.items()],
        result_names=RESULT_NAMES,
        difference_names=DIFFERENCE_NAMES,
    )


def _people(page: RecordPage) -> list[Choice]:
    listed = [
        Choice(str(each.id), each.name, each.phone or _("没有登记电话")) for each in page.people
    ]
    return [*listed, Choice(OTHER, _("名单以外的人"))]
