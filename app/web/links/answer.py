"""A request answered from its letter: accepted with one press, or declined with a reason."""

from flask import render_template

from app.domain.errors import NotFoundError
from app.http.run import reading, run
from app.queries import mentor_home
from app.queries.mail_links import Link, answered_how
from app.services import mail_links
from app.web.founder.refusing import Refusal
from app.web.links import closed
from app.web.mentor.endings import read_ending, read_version
from app.web.mentor.requests import DECLINE_REASONS
from app.web.mentor.words import END_REASONS
from app.web.shared.forms import Form
from app.web.shared.words import named

DECLINE = "decline"


def show(link: Link, form: Form, refusal: Refusal | None) -> str:
    """Return the request with its two answers, or how it was answered meanwhile."""
    with reading() as reader:
        try:
            asked = mentor_home.own_request(reader, link.subject_id)
        except NotFoundError:
            return closed.settled(link, answered_how(reader, link.subject_id))
    if asked.is_over:
        return closed.settled(link, "over")
    return render_template(
        "links/answer.html",
        link=link,
        meeting=asked.meeting,
        same_day=asked.same_day,
        form=form,
        refusal=refusal,
        reasons=named(END_REASONS, DECLINE_REASONS),
    )


def act(link: Link, form: Form) -> None:
    """Accept or decline as the button says."""
    if form.raw("do") == DECLINE:
        ending = read_ending(form, DECLINE_REASONS)
        said = mail_links.Answer(
            accepts=False, reason=ending.reason, note=ending.note, version=ending.version
        )
    else:
        said = mail_links.Answer(accepts=True, version=read_version(form))
    run(mail_links.answer, link.token_sha256, said)
