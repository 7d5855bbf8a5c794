"""发件箱: every letter the service wrote, what became of it, and one sent once more."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, RuleError
from app.domain.job import RESENDABLE, DeliveryState
from app.domain.message import Channel
from app.http.edge import the_settings
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.outbox import backlogs, outbox_letter, resendable
from app.queries.outbox import outbox as letters
from app.services import messages
from app.web.bureau.address import key_asked, one_of
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

_STATES = {"": None} | {state.value: state for state in DeliveryState}
_CHANNELS = {channel.value: channel for channel in Channel}
_RESENDABLE = {state.value: state for state in sorted(RESENDABLE)}


def register(blueprint: Blueprint) -> None:
    """Add the pages and the act."""
    blueprint.get("/bureau/outbox")(outbox)
    blueprint.get("/bureau/outbox/resend")(ask_resend_all)
    blueprint.post("/bureau/outbox/resend")(resend_all)
    blueprint.get("/bureau/outbox/<uuid:delivery_id>/resend")(ask_resend)
    blueprint.post("/bureau/outbox/<uuid:delivery_id>/resend")(resend)


@policy(Permission.READ_OUTBOX, logged=True)
def outbox() -> ResponseReturnValue:
    """Show the letters, the newest first."""
    given = request.args.get("state", "")
    state, after = one_of(_STATES, given), key_asked(request.args.get("after"))
    settings = the_settings()
    with reading() as reader:
        page = letters(reader, settings.base_url, settings.site_name, state=state, after=after)
        waiting, again = backlogs(reader), resendable(reader)
    return render_template(
        "bureau/running/outbox.html",
        page=page,
        given=given,
        states=list(DeliveryState),
        backlogs=waiting,
        again=again,
    )


@policy(Permission.RESEND, logged=True)
def ask_resend_all() -> ResponseReturnValue:
    """Ask before all of a channel that failed, or of which nobody knows, are sent once more."""
    channel = one_of(_CHANNELS, request.args.get("channel", ""))
    state = one_of(_RESENDABLE, request.args.get("state", ""))
    with reading() as reader:
        count = resendable(reader).get((channel, state), 0)
    return render_template(
        "bureau/running/resend_all.html",
        channel=channel,
        state=state,
        count=count,
        most=messages.MOST_AT_ONCE,
    )


@policy(Permission.RESEND)
def resend_all() -> ResponseReturnValue:
    """Send all of a channel once more."""
    form = Form(request.form)
    with form:
        channel = form.choice("channel", _CHANNELS)
        state = form.choice("state", _RESENDABLE)
    sent, passed_over = run(messages.resend_all, Channel(channel), DeliveryState(state))
    if passed_over:
        flash(
            _("已安排再寄 %(sent)s 件，另有 %(rest)s 件不能再寄。", sent=sent, rest=passed_over),
            "ok",
        )
    else:
        flash(_("已安排再寄 %(sent)s 件。", sent=sent), "ok")
    return redirect(url_for("bureau.outbox"), code=303)


@policy(Permission.RESEND, logged=True)
def ask_resend(delivery_id: UUID) -> ResponseReturnValue:
    """Show the letter, and ask before it is sent once more."""
    return _letter_page(delivery_id)


@policy(Permission.RESEND)
def resend(delivery_id: UUID) -> ResponseReturnValue:
    """Send the letter once more."""
    try:
        run(messages.resend, delivery_id)
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _letter_page(delivery_id, why), status_of(error)
    flash(_("已安排再寄一次，寄出后会在这里看到。"), "ok")
    return redirect(url_for("bureau.outbox"), code=303)


def _letter_page(delivery_id: UUID, refusal: str | None = None) -> str:
    settings = the_settings()
    with reading() as reader:
        letter = outbox_letter(reader, settings.base_url, settings.site_name, delivery_id)
    return render_template("bureau/running/resend.html", letter=letter, refusal=refusal)
