"""The calendar feed of a room or a station: its address made, made anew, made worthless."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.http.edge import the_settings
from app.http.policy import policy
from app.http.run import reading, run
from app.queries.calendar_feeds import feed_made_at
from app.queries.places import read_place
from app.services import calendar_feeds

FEED = "/bureau/places/<uuid:place_id>/feed"
_SECRET = "place_feed"  # noqa: S105  # the name under which the next page finds it


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get(FEED)(place_feed)
    blueprint.post(FEED)(renew_place_feed)
    blueprint.post(f"{FEED}/revoke")(revoke_place_feed)


@policy(Permission.MANAGE_PLACES)
def place_feed(place_id: UUID) -> ResponseReturnValue:
    """Show whether the place has a feed; its address only after it was made."""
    with reading() as reader:
        place = read_place(reader, place_id)
        made_at = feed_made_at(reader, place_id)
    secret = session.pop(_SECRET, None)
    address = url_for("public.feed", token=secret) if secret else None
    return render_template(
        "bureau/scheduling/place_feed.html",
        place=place,
        made_at=made_at,
        address=f"{the_settings().base_url}{address}" if address else None,
    )


@policy(Permission.MANAGE_PLACES)
def renew_place_feed(place_id: UUID) -> ResponseReturnValue:
    """Make the address, or make it anew."""
    session[_SECRET] = run(calendar_feeds.renew, place_id)
    return redirect(url_for("bureau.place_feed", place_id=place_id), code=303)


@policy(Permission.MANAGE_PLACES)
def revoke_place_feed(place_id: UUID) -> ResponseReturnValue:
    """Make the address worthless."""
    run(calendar_feeds.revoke, place_id)
    flash(_("订阅地址已停用，已经订阅的日历不再更新。"), "ok")
    return redirect(url_for("bureau.place_feed", place_id=place_id), code=303)
