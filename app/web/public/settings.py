"""设置: where the reader is reached, what is sent to him, his feed, the way to the password."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission, may
from app.domain.errors import InvalidInputError
from app.domain.message import Channel, RequiredTopicError, Topic, topics_of
from app.domain.person import LONGEST_EMAIL, Contact, ContactOfStaffError
from app.http.edge import the_settings
from app.http.policy import own, policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.calendar_feeds import feed_made_at
from app.queries.preferences import Preferences, preferences
from app.services import messages, persons
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale
from app.web.shared.words import CHANNEL_NAMES, TOPIC_NAMES

SETTINGS = "/settings"
# Under this name the page after its making finds a new feed's secret.
FEED = "feed"


def register(blueprint: Blueprint) -> None:
    """Add the page and its forms."""
    blueprint.get(SETTINGS)(settings)
    blueprint.post(f"{SETTINGS}/messages")(prefer)
    blueprint.post(f"{SETTINGS}/contact")(set_contact)


@policy(Permission.USE_OWN_ACCOUNT)
def settings() -> ResponseReturnValue:
    """Show what is sent, and whether there is a feed; its address only once."""
    return _page(session.pop(FEED, None))


@own
@policy(Permission.USE_OWN_ACCOUNT)
def prefer() -> ResponseReturnValue:
    """Keep what was switched on or off of what the page showed."""
    shown, ticked = set(request.form.getlist("shown")), set(request.form.getlist("on"))
    chosen = {
        (topic, channel): key in ticked
        for topic in Topic
        for channel in Channel
        if (key := f"{topic}-{channel}") in shown
    }
    try:
        run(messages.prefer, chosen)
    except RequiredTopicError as error:
        topic = str(TOPIC_NAMES[Topic(str(error.facts["topic"]))])
        refusal = error_text(error.code, {"topic": topic}, reader_locale())
        return _page(None, refusal=refusal, kept=ticked), status_of(error)
    flash(_("已保存。以后按您选的发送。"), "ok")
    return redirect(url_for("public.settings"), code=303)


@own
@policy(Permission.USE_OWN_ACCOUNT)
def set_contact() -> ResponseReturnValue:
    """Keep where the reader is reached."""
    form = Form(request.form)
    try:
        with form:
            email = form.text("email", longest=LONGEST_EMAIL, required=False)
            phone = form.text("phone", longest=LONGEST_EMAIL, required=False)
        run(persons.set_contact, Contact(email or None, phone or None))
    except InvalidInputError as error:
        form.refuse(error)
        return _page(None, form=form), 422
    except ContactOfStaffError as error:
        refusal = error_text(error.code, error.facts, reader_locale())
        return _page(None, form=form, contact_refusal=refusal), status_of(error)
    flash(_("联系方式已保存。"), "ok")
    return redirect(url_for("public.settings"), code=303)


def _page(
    secret: str | None,
    *,
    refusal: str = "",
    kept: set[str] | None = None,
    form: Form | None = None,
    contact_refusal: str = "",
) -> str:
    with reading() as reader:
        actor = reader.actor
        sent: Preferences = preferences(reader, topics_of(actor.roles))
        has_meetings = actor.person_id is not None and may(actor, Permission.READ_BOOKING)
        made_at = feed_made_at(reader) if has_meetings else None
    address = url_for("public.feed", token=secret) if secret else None
    return render_template(
        "public/settings.html",
        sent=sent,
        topic_names=TOPIC_NAMES,
        channel_names=CHANNEL_NAMES,
        refusal=refusal,
        kept=kept,
        form=form or Form({"email": sent.email or "", "phone": sent.phone or ""}),
        contact_refusal=contact_refusal,
        made_at=made_at,
        has_meetings=has_meetings,
        address=f"{the_settings().base_url}{address}" if address else None,
    )
