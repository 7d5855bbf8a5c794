"""Meetings for people's own calendars: one event, the feed, its making and its end."""

import hashlib
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.adapters.ics import issuer_of, publish
from app.domain.actor import SYSTEM, Permission
from app.domain.errors import NotFoundError
from app.domain.message import Attachment
from app.http.edge import request_id, the_settings, the_store
from app.http.limits import Allowance
from app.http.policy import policy, public
from app.http.run import reading, run
from app.queries.accounts import feed_holder
from app.queries.calendar_entries import entry_of, feed_of, of_place
from app.queries.calendar_feeds import feed_place
from app.services import calendar_feeds
from app.services.accounts import secret_sha256
from app.web.public.settings import FEED, SETTINGS

_ALLOWANCE = Allowance(most=60, seconds=3600)


def register(blueprint: Blueprint) -> None:
    """Add the acts and the documents."""
    blueprint.post(f"{SETTINGS}/feed")(renew_feed)
    blueprint.post(f"{SETTINGS}/feed/revoke")(revoke_feed)
    blueprint.get("/bookings/<uuid:booking_id>/calendar.ics")(one_event)
    blueprint.get("/ics/<token>.ics")(feed)


@policy(Permission.READ_BOOKING)
def renew_feed() -> ResponseReturnValue:
    """Make the address, or make it anew."""
    session[FEED] = run(calendar_feeds.renew)
    return redirect(url_for("public.settings"), code=303)


@policy(Permission.READ_BOOKING)
def revoke_feed() -> ResponseReturnValue:
    """Make the address worthless."""
    run(calendar_feeds.revoke)
    flash(_("订阅地址已停用，已经订阅的日历不再更新。"), "ok")
    return redirect(url_for("public.settings"), code=303)


@policy(Permission.READ_BOOKING)
def one_event(booking_id: UUID) -> ResponseReturnValue:
    """Return one meeting of the asker's, to be put into a calendar by hand."""
    with reading() as reader:
        entry = entry_of(reader, booking_id)
    return _answer(publish(issuer_of(the_settings()), [entry]), f"{booking_id}.ics")


@public
def feed(token: str) -> ResponseReturnValue:
    """Return the meetings of whoever the token belongs to; a wrong one and a dead one are alike."""
    token_sha256 = secret_sha256(token)
    with the_store().read(SYSTEM) as reader:
        holder = feed_holder(reader, token_sha256, request_id())
        place = None if holder else feed_place(reader, token_sha256)
    if holder is None and place is None:
        raise NotFoundError("calendar_feed.not_found")
    wait = _ALLOWANCE.spend(token_sha256)
    if wait:
        return Response(status=429, headers={"Retry-After": str(wait)})
    with the_store().read(holder or SYSTEM) as reader:
        entries = of_place(reader, place.id) if place else feed_of(reader)
    issuer = issuer_of(the_settings())
    what = place.name if place else _("我的预约")
    return _answer(publish(issuer, entries, name=f"{issuer.name} · {what}"), "bookings.ics")


def _answer(document: Attachment, name: str) -> Response:
    parameters = "; ".join(f"{key}={value}" for key, value in document.parameters.items())
    response = Response(document.content, content_type=f"text/{document.subtype}; {parameters}")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.set_etag(hashlib.sha256(document.content).hexdigest())
    response.make_conditional(request)
    return response
