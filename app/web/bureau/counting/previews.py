"""口径预演: past months counted anew by a change, both figures side by side with their rows."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.policy_preview import MOST_MONTHS, PreviewStatus, Side
from app.domain.service_record.slices import LONGEST_NAME
from app.http.edge import is_fragment
from app.http.policy import policy
from app.http.run import reading, run
from app.models.policy_change import PolicyPreview
from app.queries import policy_changes as changes
from app.queries import policy_previews as pages
from app.queries import vocabularies
from app.services import policy_previews
from app.web.bureau.address import one_of
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

ONE = "/bureau/policy-previews/<uuid:preview_id>"
# What of a preview is shown side by side, in this order.
SHOWN = (
    *("sessions", "person_times", "distinct_persons", "session_minutes", "mentor_minutes"),
    *("enterprises", "teams", "lecture_sessions", "roundtable_sessions", "review_sessions"),
    *("outside_district_sessions", "waived_conflict_sessions"),
)
_SIDES = {side.value: side for side in Side}


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.post("/bureau/policies/<uuid:change_id>/previews")(ask_preview)
    blueprint.get(ONE)(policy_preview)
    blueprint.post(f"{ONE}/cancel")(cancel_preview)
    blueprint.get(f"{ONE}/rows")(preview_rows)
    blueprint.get(f"{ONE}/changed")(preview_changed)


@policy(Permission.PREVIEW_POLICY)
def ask_preview(change_id: UUID) -> ResponseReturnValue:
    """Have past months counted anew; the job process does it while the page shows how far it is."""
    form = Form(request.form)
    try:
        months = [Month.parse(text) for text in form.chosen("months")[: 2 * MOST_MONTHS]]
        made: PolicyPreview = run(policy_previews.ask, change_id, months)
    except InvalidInputError as error:
        form.refuse(error)
        with reading() as reader:
            page = changes.change(reader, change_id)
        return render_template(
            "bureau/counting/policy_change.html", page=page, form=form, refusal=""
        ), 422
    return redirect(url_for("bureau.policy_preview", preview_id=made.id), code=303)


@policy(Permission.READ_POLICY)
def policy_preview(preview_id: UUID) -> ResponseReturnValue:
    """Show both figures side by side, or how far the counting has come."""
    with reading() as reader:
        page = pages.preview(reader, preview_id)
    if page.status is PreviewStatus.COUNTING and is_fragment():
        return render_template("bureau/counting/preview_state.html", page=page)
    if is_fragment():
        on = url_for("bureau.policy_preview", preview_id=preview_id)
        return Response(status=204, headers={"HX-Redirect": on})
    return render_template("bureau/counting/preview.html", page=page, shown=SHOWN)


@policy(Permission.PREVIEW_POLICY)
def cancel_preview(preview_id: UUID) -> ResponseReturnValue:
    """Stop counting."""
    run(policy_previews.cancel, preview_id)
    return redirect(url_for("bureau.policy_preview", preview_id=preview_id), code=303)


@policy(Permission.READ_POLICY)
def preview_rows(preview_id: UUID) -> ResponseReturnValue:
    """Show the records behind a figure of a preview."""
    side = one_of(_SIDES, request.args.get("side", ""))
    measure = request.args.get("measure", "")[: LONGEST_NAME + 1]
    month, number = _month(), _page_number()
    with reading() as reader:
        page = pages.preview(reader, preview_id)
        rows = pages.preview_rows(reader, preview_id, measure, side, month=month, page=number)
        names = vocabularies.labels(reader, "not_counted_reason", locale=reader_locale())
    return render_template(
        "bureau/counting/preview_rows.html",
        page=page,
        rows=rows,
        names=names,
        measure=measure,
        side=side,
        month=month,
    )


@policy(Permission.READ_POLICY)
def preview_changed(preview_id: UUID) -> ResponseReturnValue:
    """Show the records that would be decided otherwise, and why."""
    month, number = _month(), _page_number()
    with reading() as reader:
        page = pages.preview(reader, preview_id)
        rows = pages.changed_rows(reader, preview_id, month=month, page=number)
        names = vocabularies.labels(reader, "not_counted_reason", locale=reader_locale())
    return render_template(
        "bureau/counting/preview_rows.html",
        page=page,
        rows=rows,
        names=names,
        measure="",
        side=None,
        month=month,
    )


def _month() -> str | None:
    given = request.args.get("month")
    return str(Month.parse(given)) if given else None


def _page_number() -> int:
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= len("99999")):
        raise NotFoundError("policy_preview.not_found")
    return int(number)
