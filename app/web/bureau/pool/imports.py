"""导入导师: a file is checked first, and taken over when somebody has read the result."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.import_rows import EXPERTS
from app.adapters.sheets import read_rows
from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.import_row import ImportRefusedError, ImportReport
from app.http.limits import takes_file
from app.http.policy import policy
from app.http.run import run
from app.services import experts
from app.web.bureau.pool.import_faults import ToldFault, told
from app.web.shared.forms import Form

# The checked file travels in the page until it is confirmed, and a form takes 1 MiB.
LARGEST_FILE = 700_000
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came."""

    name: str
    content: bytes

    @property
    def packed(self) -> str:
        """The content as text, to travel in a form."""
        return base64.b64encode(self.content).decode()


def register(blueprint: Blueprint) -> None:
    """Add the page and its two acts."""
    blueprint.get("/bureau/mentors/import")(ask_import)
    blueprint.post("/bureau/mentors/import")(check_import)
    blueprint.post("/bureau/mentors/import/confirm")(confirm_import)


@policy(Permission.IMPORT_EXPERTS)
def ask_import() -> ResponseReturnValue:
    """Ask for the file."""
    return _page(Form())


@policy(Permission.IMPORT_EXPERTS)
@takes_file
def check_import() -> ResponseReturnValue:
    """Check every row and write nothing; show what would happen, or every fault."""
    form = Form()
    try:
        sent = _uploaded()
        report = _imported(sent, is_rehearsal=True)
    except ImportRefusedError as error:
        return _page(form, faults=told(EXPERTS, error.faults)), 422
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    return _page(form, sent=sent, report=report)


@policy(Permission.IMPORT_EXPERTS)
def confirm_import() -> ResponseReturnValue:
    """Take over the file that was checked; it is checked again."""
    form = Form(request.form)
    try:
        with form:
            name = form.text("name", longest=LONGEST_NAME)
        report = _imported(Sent(name, _unpacked(form.raw("content"))), is_rehearsal=False)
    except ImportRefusedError as error:
        return _page(Form(), faults=told(EXPERTS, error.faults)), 422
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    flash(
        _(
            "已导入：新增 %(created)s 位，更新 %(updated)s 位，没有变化 %(unchanged)s 位。",
            created=report.created,
            updated=report.updated,
            unchanged=report.unchanged,
        ),
        "ok",
    )
    return redirect(url_for("bureau.mentor_list"), code=303)


def _uploaded() -> Sent:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInputError.at("file", "input.not_chosen")
    content = file.stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise InvalidInputError.at("file", "import.file_too_large", megabytes=LARGEST_FILE / 10**6)
    return Sent(file.filename[-LONGEST_NAME:], content)


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInputError.at("file", "input.not_chosen") from None


def _imported(sent: Sent, *, is_rehearsal: bool) -> ImportReport:
    rows = read_rows(sent.name, sent.content, EXPERTS.by_name)
    # A second press is answered by what was kept of the first, which is plain JSON.
    counts = run(experts.import_rows, rows, dry_run=is_rehearsal, answer=asdict)
    return ImportReport(**counts)


def _page(
    form: Form,
    *,
    sent: Sent | None = None,
    report: ImportReport | None = None,
    faults: Sequence[ToldFault] = (),
) -> str:
    return render_template(
        "bureau/pool/import.html",
        form=form,
        sent=sent,
        report=report,
        faults=faults,
        columns=EXPERTS.headings,
    )
