"""附件: the files of a meeting, for everybody who has to do with it; each reading is noted."""

import io
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.attachment_files import files_of
from app.domain.actor import Permission
from app.domain.attachment import LONGEST_REASON, AttachmentKind
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.file_type import ACCEPTED
from app.http.edge import the_settings
from app.http.limits import MIB, UPLOAD_LIMIT, takes_file
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.attachments import attachment, meeting_files
from app.services import attachments
from app.web.shared.files import received
from app.web.shared.forms import Form

FILES = "/meetings/<uuid:session_id>/files"
FILE = "/files/<uuid:attachment_id>"


def register(blueprint: Blueprint) -> None:
    """Add the page, its acts and the files themselves."""
    blueprint.get(FILES)(files)
    blueprint.post(FILES)(add_file)
    blueprint.get(FILE)(one_file)
    blueprint.get(f"{FILE}/strike")(ask_strike)
    blueprint.post(f"{FILE}/strike")(strike_file)


@policy(Permission.READ_SERVICE_SESSION)
def files(session_id: UUID) -> ResponseReturnValue:
    """Show the files of a meeting, and take another."""
    return _page(session_id, Form())


@policy(Permission.ADD_ATTACHMENT)
@takes_file
def add_file(session_id: UUID) -> ResponseReturnValue:
    """Take a file: looked at, kept, then put to the meeting."""
    form = Form(request.form)
    try:
        with form:
            kind = form.choice("kind", list(AttachmentKind))
            is_for_both = form.checkbox("is_for_both")
        with reading() as reader:
            meeting_files(reader, session_id)
        sent = received(request.files.get("file"))
        run(attachments.add, session_id, AttachmentKind(kind), sent, is_for_both=is_for_both)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(session_id, form), 422
    except (ConflictError, RuleError) as error:
        form.refuse(InvalidInputError.at("file", error.code, **error.facts))
        return _page(session_id, form), status_of(error)
    flash(_("附件已经保存。"), "ok")
    return redirect(url_for("public.files", session_id=session_id), code=303)


@policy(Permission.READ_SERVICE_SESSION, logged=True)
def one_file(attachment_id: UUID) -> ResponseReturnValue:
    """Hand out a file as it was put in."""
    with reading() as reader:
        row = attachment(reader, attachment_id)
    content = files_of(the_settings()).read(row.sha256)
    answer: Response = send_file(
        io.BytesIO(content),
        mimetype=row.file_type.media_type,
        as_attachment=True,
        download_name=row.name,
        etag=False,
    )
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@policy(Permission.ADD_ATTACHMENT, Permission.STRIKE_ATTACHMENT)
def ask_strike(attachment_id: UUID) -> ResponseReturnValue:
    """Ask why a file is struck."""
    return _strike_page(attachment_id, Form())


@policy(Permission.ADD_ATTACHMENT, Permission.STRIKE_ATTACHMENT)
def strike_file(attachment_id: UUID) -> ResponseReturnValue:
    """Strike a file; it stays, with the reason."""
    form = Form(request.form)
    try:
        with form:
            reason = form.text("reason", longest=LONGEST_REASON)
            version = form.version()
        row = run(attachments.strike, attachment_id, reason, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _strike_page(attachment_id, form), 422
    flash(_("已作废，原文件和理由都保留。"), "ok")
    return redirect(url_for("public.files", session_id=row.service_session_id), code=303)


def _page(session_id: UUID, form: Form) -> str:
    with reading() as reader:
        page = meeting_files(reader, session_id)
    return render_template(
        "files/meeting.html",
        page=page,
        form=form,
        kinds=list(AttachmentKind),
        accepted=ACCEPTED,
        megabytes=UPLOAD_LIMIT // MIB,
    )


def _strike_page(attachment_id: UUID, form: Form) -> str:
    with reading() as reader:
        row = attachment(reader, attachment_id)
    return render_template("files/strike.html", row=row, form=form)
