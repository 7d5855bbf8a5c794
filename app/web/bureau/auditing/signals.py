"""疑点提示: what is worth a look, the rows behind it, and what officers said of it."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.domain.actor import Permission, may
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.signal import LONGEST_NOTE, Kind, SignalState
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import signals as queries
from app.services import signals
from app.web.bureau.address import key_asked, one_of
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/signals"
ONE = f"{LIST}/<uuid:signal_id>"
KIND_NAMES: Mapping[Kind, str] = {
    Kind.OVERLAP: lazy_gettext("同一位导师的时间重叠"),
    Kind.LONG_DAY: lazy_gettext("一天服务时间很长"),
    Kind.SAME_PAIR: lazy_gettext("同一对人几乎天天见面"),
    Kind.LATE_RECORD: lazy_gettext("记录报得晚"),
    Kind.SAME_TEXT: lazy_gettext("记录文字几乎一样"),
    Kind.CERTIFIED_SHARE: lazy_gettext("电话核实的比例高"),
    Kind.SHARED_DEVICE: lazy_gettext("几位导师用同一台设备填报"),
}
_STATES = {each.value: each for each in SignalState}
_KINDS = {each.value: each for each in Kind}


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(LIST)(signal_list)
    blueprint.post(f"{LIST}/look")(look_for_signals)
    blueprint.get(ONE)(signal)
    blueprint.post(ONE)(explain_signal)


@policy(Permission.READ_SIGNALS)
def signal_list() -> ResponseReturnValue:
    """Show what is open, what was explained or what is gone, of all kinds or of one."""
    state = one_of(_STATES, request.args.get("state") or SignalState.OPEN)
    asked = request.args.get("kind")
    kind = one_of(_KINDS, asked) if asked else None
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        page = queries.signal_list(reader, state, kind, after=after)
    return render_template(
        "bureau/auditing/signals.html", page=page, state=state, kind=kind, names=KIND_NAMES
    )


@policy(Permission.EXPLAIN_SIGNAL)
def look_for_signals() -> ResponseReturnValue:
    """Have the records looked at now, behind the page."""
    run(signals.ask)
    flash(_("正在查看最近几个月的记录，过一会儿刷新本页。"), "ok")
    return redirect(url_for("bureau.signal_list"), code=303)


@policy(Permission.READ_SIGNALS, logged=True)
def signal(signal_id: UUID) -> ResponseReturnValue:
    """Show one signal, the records behind it, and what was said of it."""
    return _page(signal_id, Form())


@policy(Permission.EXPLAIN_SIGNAL)
def explain_signal(signal_id: UUID) -> ResponseReturnValue:
    """Say in words what a signal is."""
    form = Form(request.form)
    try:
        with form:
            note, version = form.text("note", longest=LONGEST_NOTE), form.version()
        run(signals.explain, signal_id, note, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(signal_id, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(signal_id, form, why), status_of(error)
    flash(_("已记下您的说明。"), "ok")
    return redirect(url_for("bureau.signal_list"), code=303)


def _page(signal_id: UUID, form: Form, refusal: str = "") -> str:
    with reading() as reader:
        row = queries.signal_row(reader, signal_id)
        may_explain = may(reader.actor, Permission.EXPLAIN_SIGNAL)
    return render_template(
        "bureau/auditing/signal.html",
        row=row,
        form=form,
        refusal=refusal,
        names=KIND_NAMES,
        may_explain=may_explain,
    )
