"""设置: what is sent to whoever is signed in, the calendar feed, the way to the password."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission, may
from app.domain.message import Channel, RequiredTopicError, Topic, topics_of
from app.http.edge import the_settings
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries.calendar_feeds import feed_made_at
from app.queries.preferences import Preferences, preferences
from app.services import messages
from app.web.shared.errors import error_text
from app.web.shared.layout import reader_locale
from app.web.shared.words import CHANNEL_NAMES, TOPIC_NAMES

SETTINGS = "/settings"
# Under this name the page after its making finds a new feed's secret.
FEED = "feed"


def register(blueprint: Blueprint) -> None:
    """Add the page and its form."""
    blueprint.get(SETTINGS)(settings)
    blueprint.post(f"{SETTINGS}/messages")(prefer)


@policy(Permission.USE_OWN_ACCOUNT)
def settings() -> ResponseReturnValue:
    """Show what is sent, and whether there is a feed; its address only once."""
    return _page(session.pop(FEED, None))


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


def _page(secret: str | None, *, refusal: str = "", kept: set[str] | None = None) -> str:
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
        made_at=made_at,
        has_meetings=has_meetings,
        address=f"{the_settings().base_url}{address}" if address else None,
    )
