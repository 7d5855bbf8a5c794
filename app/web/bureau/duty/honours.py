"""荣誉: what experts were honoured with, entered by one and checked by another."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.honour import LONGEST_NOTE, LONGEST_REASON, LONGEST_TITLE
from app.domain.ids import parse_id
from app.domain.service_record.slices import LONGEST_NAME, UnknownFilterError
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.honours import HonourPage, honour_page
from app.services import honours
from app.services.honours import HonourEntry
from app.web.bureau.address import one_of
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

_VERDICTS = {"confirm": honours.confirm, "refuse": honours.refuse}


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get("/bureau/honours")(honour_list)
    blueprint.post("/bureau/honours")(enter_honour)
    blueprint.post("/bureau/honours/<uuid:honour_id>/check")(check_honour)
    blueprint.post("/bureau/honours/<uuid:honour_id>/withdraw")(withdraw_honour)


@policy(Permission.READ_DUTY)
def honour_list() -> ResponseReturnValue:
    """Show the honours of everybody, or of one expert, and the form for one more."""
    expert = _asked()
    begun = {"expert": str(expert), "kind": request.args.get("kind", "")} if expert else None
    return _page(Form(begun), expert)


@policy(Permission.ENTER_HONOUR)
def enter_honour() -> ResponseReturnValue:
    """Enter an honour as its document tells it; another checks it."""
    form = Form(request.form)
    try:
        with form:
            expert_id = form.identifier("expert")
            entry = HonourEntry(
                kind=form.text("kind", longest=LONGEST_NAME),
                document=form.text("document", longest=LONGEST_TITLE),
                given_by=form.text("given_by", longest=LONGEST_TITLE),
                given_on=form.day("given_on"),
                valid_until=form.day("valid_until") if form.raw("valid_until").strip() else None,
                note=form.text("note", longest=LONGEST_NOTE, required=False),
            )
        run(honours.enter, expert_id, entry)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    except (ConflictError, RuleError) as error:
        return _refused(form, error)
    flash(_("已登记荣誉，等另一位复核人核对。"), "ok")
    return redirect(url_for("bureau.honour_list"), code=303)


@policy(Permission.CHECK_HONOUR)
def check_honour(honour_id: UUID) -> ResponseReturnValue:
    """Confirm or refuse an honour; who entered it cannot."""
    verdict = one_of(_VERDICTS, request.form.get("verdict", ""))
    form = Form(request.form)
    try:
        with form:
            version = form.version()
        run(verdict, honour_id, version=version)
    except (ConflictError, RuleError) as error:
        return _refused(Form(), error)
    flash(_("已复核。"), "ok")
    return redirect(url_for("bureau.honour_list"), code=303)


@policy(Permission.CHECK_HONOUR)
def withdraw_honour(honour_id: UUID) -> ResponseReturnValue:
    """Withdraw an honour with a reason; its row stays."""
    form = Form(request.form)
    try:
        with form:
            reason = form.text("reason", longest=LONGEST_REASON)
            version = form.version()
        run(honours.withdraw, honour_id, reason, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form, open_id=honour_id), 422
    except (ConflictError, RuleError) as error:
        return _refused(Form(), error)
    flash(_("已撤销这项荣誉，记录还在。"), "ok")
    return redirect(url_for("bureau.honour_list"), code=303)


def _asked() -> UUID | None:
    text = request.args.get("expert", "")
    found = parse_id(text)
    if text and found is None:
        raise UnknownFilterError(value=text[:LONGEST_NAME])
    return found


def _refused(form: Form, error: ConflictError | RuleError) -> ResponseReturnValue:
    why = error_text(error.code, error.facts, reader_locale())
    return _page(form, refusal=why), status_of(error)


def _page(
    form: Form,
    expert_id: UUID | None = None,
    *,
    refusal: str | None = None,
    open_id: UUID | None = None,
) -> str:
    with reading() as reader:
        page = honour_page(reader, expert_id)
    return render_template(
        "bureau/duty/honours.html",
        page=page,
        form=form,
        expert_id=expert_id,
        refusal=refusal,
        open_id=open_id,
        experts=[Choice("", _("请选择")), *(Choice(str(key), name) for key, name in page.experts)],
        kinds=_kinds(page),
    )


def _kinds(page: HonourPage) -> list[Choice]:
    is_zh = reader_locale() == "zh"
    own = (Choice(code, zh if is_zh else en) for code, zh, en in page.kinds)
    return [Choice("", _("请选择")), *own]
