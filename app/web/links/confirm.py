"""A founder's word on the facts of a meeting: confirmed or disputed with one press."""

from flask import render_template

from app.domain.errors import NotFoundError
from app.http.hand import present_hand
from app.http.run import reading, run
from app.queries import booking_pages
from app.queries.mail_links import Link
from app.services import mail_links, outcomes
from app.web.founder.meetings import AGREES, DISAGREES, LONGEST_STATEMENT, MOST_VERSIONS, SCORES
from app.web.founder.refusing import Refusal
from app.web.links import closed
from app.web.shared.forms import Form

LONGEST_SURNAME = 100


def show(link: Link, form: Form, refusal: Refusal | None) -> str:
    """Return the facts and the record with the question, or how they stand by now."""
    with reading() as reader:
        page = booking_pages.meeting_page(reader, link.subject_id)
    word = page.word
    if word is None or word.record is None:
        raise NotFoundError("outcome.not_found")
    if not word.is_open:
        return closed.settled(link, word.status)
    if word.agreed is not None:
        return closed.settled(link, "vouched")
    return render_template(
        "links/confirm.html", link=link, page=page, word=word, form=form, refusal=refusal
    )


def act(link: Link, form: Form) -> None:
    """Confirm or dispute as was chosen."""
    with form:
        agrees = form.choice("agrees", (AGREES, DISAGREES)) == AGREES
        disagrees = form.raw("agrees") == DISAGREES
        remark = form.text("remark", longest=LONGEST_STATEMENT, required=disagrees)
        score = form.choice("rating", SCORES) if form.given("rating") else ""
        surname = form.text("surname", longest=LONGEST_SURNAME)
        version = form.integer("record", 1, MOST_VERSIONS)
    word = outcomes.OwnWord(
        agrees=agrees, rating=int(score) if score else None, remark=remark or None, version=version
    )
    run(mail_links.confirm, link.token_sha256, word, surname, present_hand())
