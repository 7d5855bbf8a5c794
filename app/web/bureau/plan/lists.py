"""期初名单: who was supported before there was a service, from a file and checked by another."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.import_rows import OPENING
from app.adapters.sheets import read_rows
from app.domain.actor import Permission, may
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError
from app.domain.import_row import ImportRefusedError
from app.domain.plan import LONGEST_DOCUMENT, LONGEST_GROUNDS, yuan
from app.http.actor import current_actor
from app.http.edge import the_settings
from app.http.limits import takes_file
from app.http.policy import policy
from app.http.run import reading, run
from app.queries.plan.lists import list_entries, list_page
from app.services import plan
from app.services.plan import ListReport, OpeningSheet
from app.unit_of_work.opening import plan_key
from app.web.bureau.plan.verdicts import decided
from app.web.bureau.pool.import_faults import ToldFault, told
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/plan/lists"
ONE = f"{LIST}/<uuid:list_id>"
# The checked file travels in the page until it is confirmed, and a form takes 1 MiB.
LARGEST_FILE = 700_000
LONGEST_NAME = 200
MOST_LINES = 100_000


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came, with the paper it repeats."""

    name: str
    content: bytes
    document: str

    @property
    def packed(self) -> str:
        """The content as text, to travel in a form."""
        return base64.b64encode(self.content).decode()


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(LIST)(opening_lists)
    blueprint.get(f"{LIST}/new")(ask_list)
    blueprint.post(f"{LIST}/new")(check_list)
    blueprint.post(f"{LIST}/confirm")(confirm_list)
    blueprint.get(ONE)(opening_list)
    blueprint.post(ONE)(decide_list)
    blueprint.post(f"{ONE}/match")(match_list)
    blueprint.post(f"{ONE}/withdraw")(withdraw_list)


@policy(Permission.READ_PLAN)
def opening_lists() -> ResponseReturnValue:
    """Show every list."""
    with reading() as reader:
        rows = list_entries(reader)
    may_enter = may(current_actor(), Permission.ENTER_PLAN)
    return render_template("bureau/plan/lists.html", rows=rows, may_enter=may_enter)


@policy(Permission.READ_PLAN, logged=True)
def opening_list(list_id: UUID) -> ResponseReturnValue:
    """Show one list with its rows."""
    return _one(list_id, Form())


@policy(Permission.CHECK_PLAN)
def decide_list(list_id: UUID) -> ResponseReturnValue:
    """Let the rows of a list count, or send it back."""
    form, refusal = decided(list_id, plan.approve_list, plan.refuse_list)
    if refusal is None:
        return redirect(url_for("bureau.opening_list", list_id=list_id), code=303)
    return _one(list_id, form, refusal.text), refusal.status


@policy(Permission.CHECK_PLAN)
def withdraw_list(list_id: UUID) -> ResponseReturnValue:
    """Take a list that counted back."""
    form = Form(request.form)
    try:
        with form:
            answer = form.text("answer", longest=LONGEST_GROUNDS)
            version = form.version()
        run(plan.withdraw_list, list_id, answer, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _one(list_id, form), 422
    flash(_("已撤回，这份名单不再计入。"), "ok")
    return redirect(url_for("bureau.opening_list", list_id=list_id), code=303)


@policy(Permission.ENTER_PLAN)
def match_list(list_id: UUID) -> ResponseReturnValue:
    """Match the rows that are nobody yet with who has been registered since."""
    count = run(plan.match_list, list_id, _key(), answer=int)
    flash(_("又对上 %(count)s 行。", count=count), "ok")
    return redirect(url_for("bureau.opening_list", list_id=list_id), code=303)


@policy(Permission.ENTER_PLAN)
def ask_list() -> ResponseReturnValue:
    """Ask for the file."""
    return _page(Form())


@policy(Permission.ENTER_PLAN)
@takes_file
def check_list() -> ResponseReturnValue:
    """Check every row and write nothing; show what would happen, or every fault."""
    form = Form(request.form)
    try:
        with form:
            document = form.text("document", longest=LONGEST_DOCUMENT)
        sent = _uploaded(document)
        report = _imported(sent, is_rehearsal=True)
    except ImportRefusedError as error:
        return _page(form, faults=told(OPENING, error.faults)), 422
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    except ConflictError as error:
        return _page(form, refusal=error_text(error.code, error.facts, reader_locale())), 409
    return _page(form, sent=sent, report=report)


@policy(Permission.ENTER_PLAN)
def confirm_list() -> ResponseReturnValue:
    """Take over the file that was checked; it is checked again."""
    form = Form(request.form)
    try:
        with form:
            name = form.text("name", longest=LONGEST_NAME)
            document = form.text("document", longest=LONGEST_DOCUMENT)
        report = _imported(Sent(name, _unpacked(form.raw("content")), document), is_rehearsal=False)
    except ImportRefusedError as error:
        return _page(Form(), faults=told(OPENING, error.faults)), 422
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    except ConflictError as error:
        return _page(form, refusal=error_text(error.code, error.facts, reader_locale())), 409
    flash(_("已导入 %(rows)s 行，等另一位工作人员复核。", rows=report.rows), "ok")
    return redirect(url_for("bureau.opening_lists"), code=303)


def _uploaded(document: str) -> Sent:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInputError.at("file", "input.not_chosen")
    content = file.stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise InvalidInputError.at("file", "import.file_too_large", megabytes=LARGEST_FILE / 10**6)
    return Sent(file.filename[-LONGEST_NAME:], content, document)


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInputError.at("file", "input.not_chosen") from None


def _imported(sent: Sent, *, is_rehearsal: bool) -> ListReport:
    sheet = OpeningSheet(
        document=sent.document,
        file_name=sent.name,
        content_sha256=hashlib.sha256(sent.content).hexdigest(),
        rows=read_rows(sent.name, sent.content, OPENING.by_name),
    )
    # A second press is answered by what was kept of the first, which is plain JSON.
    counts = run(plan.import_list, sheet, _key(), dry_run=is_rehearsal, answer=asdict)
    return ListReport(**counts)


def _key() -> bytes:
    return plan_key(the_settings().secret_key)


def _one(list_id: UUID, form: Form, refusal: str = "") -> str:
    after = request.args.get("after", "0")
    if not (after.isascii() and after.isdigit() and int(after) < MOST_LINES):
        raise NotFoundError("opening_list.not_found")
    with reading() as reader:
        page = list_page(reader, list_id, after=int(after))
    may_enter = may(current_actor(), Permission.ENTER_PLAN)
    return render_template(
        "bureau/plan/list.html",
        page=page,
        form=form,
        refusal=refusal,
        yuan=yuan,
        may_enter=may_enter,
    )


def _page(
    form: Form,
    *,
    sent: Sent | None = None,
    report: ListReport | None = None,
    faults: Sequence[ToldFault] = (),
    refusal: str = "",
) -> str:
    return render_template(
        "bureau/plan/list_form.html",
        form=form,
        sent=sent,
        report=report,
        faults=faults,
        refusal=refusal,
        columns=OPENING.headings,
    )
