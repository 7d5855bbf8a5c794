"""登记表的原件: a typed-in sheet with its meetings, and the scan of the paper put to each."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.file_type import ACCEPTED
from app.http.limits import MIB, UPLOAD_LIMIT, takes_file
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.attachments import attachments_of
from app.queries.service_desk import sheet_detail
from app.services import attachments
from app.web.shared.files import received
from app.web.shared.forms import Form

SHEET = "/bureau/desk/sheets/<uuid:sheet_id>"


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get(SHEET)(sheet)
    blueprint.post(SHEET)(add_scan)


@policy(Permission.ENTER_ON_PAPER)
def sheet(sheet_id: UUID) -> ResponseReturnValue:
    """Show which meeting each row became, and take the scan of the paper."""
    return _page(sheet_id, Form())


@policy(Permission.ENTER_ON_PAPER)
@takes_file
def add_scan(sheet_id: UUID) -> ResponseReturnValue:
    """Put the scan to the meeting of every row."""
    form = Form()
    try:
        with reading() as reader:
            sheet_detail(reader, sheet_id)
        sent = received(request.files.get("file"))
        count = run(attachments.add_to_sheet, sheet_id, sent, answer=len)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(sheet_id, form), 422
    except (ConflictError, RuleError) as error:
        form.refuse(InvalidInputError.at("file", error.code, **error.facts))
        return _page(sheet_id, form), status_of(error)
    flash(_("扫描件已附在 %(count)s 场服务上。", count=count), "ok")
    return redirect(url_for("bureau.sheet", sheet_id=sheet_id), code=303)


def _page(sheet_id: UUID, form: Form) -> str:
    with reading() as reader:
        detail = sheet_detail(reader, sheet_id)
        rows = detail.rows
        files = attachments_of(reader, rows[0].service_session_id) if rows else ()
    return render_template(
        "bureau/counter/sheet.html",
        sheet=detail,
        files=files,
        form=form,
        accepted=ACCEPTED,
        megabytes=UPLOAD_LIMIT // MIB,
    )
