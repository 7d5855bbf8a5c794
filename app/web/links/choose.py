"""One of the times a mentor offers, taken from the letter that tells of them."""

from flask import render_template

from app.domain.errors import InvalidInputError
from app.http.run import reading, run
from app.queries import booking_pages
from app.queries.mail_links import Link
from app.services import mail_links
from app.web.founder.picker import instant
from app.web.founder.refusing import Refusal
from app.web.links import closed
from app.web.shared.forms import Form

NONE = "none"


def show(link: Link, form: Form, refusal: Refusal | None) -> str:
    """Return the times that are still free, or how the booking stands by now."""
    with reading() as reader:
        booking = booking_pages.booking_of(reader, link.subject_id)
        offer = booking_pages.times_offered(reader, link.subject_id)
    if offer is None or not offer.is_by_mentor:
        return closed.settled(link, booking.stage)
    return render_template(
        "links/choose.html", link=link, booking=booking, offer=offer, form=form, refusal=refusal
    )


def act(link: Link, form: Form) -> None:
    """Take the time that was chosen, or none."""
    chosen = form.raw("starts_at")
    starts_at = instant(chosen)
    with form:
        version = form.version()
    if starts_at is None and chosen != NONE:
        raise InvalidInputError.at("starts_at", "input.not_chosen")
    run(mail_links.choose, link.token_sha256, starts_at, version=version)
