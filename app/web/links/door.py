"""The one address of all links: GET shows, POST acts, and nobody is signed in by either."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from app.domain.actor import SYSTEM
from app.domain.errors import ConflictError, InvalidInputError, NotFoundError, RuleError
from app.domain.mail_link import LinkClosedError, LinkState, UnknownLinkError, fingerprint
from app.http.by_link import act_as, by_link
from app.http.edge import request_id, the_store
from app.http.hand import mark
from app.http.limits import Allowance
from app.http.origin import from_unseen_pages
from app.http.policy import public
from app.queries.mail_links import Link, link_of
from app.web.founder.refusing import refusal_of
from app.web.links import closed
from app.web.links.errands import ERRANDS
from app.web.shared.forms import Form

LINK = "/links/<token>"
LONGEST_TOKEN = 100
# Scanners of mail open every link several times, people a few times, guessers never the same.
_USES = Allowance(most=120, seconds=3600)
_GUESSES = Allowance(most=30, seconds=600)


class TooManyUsesError(UnknownLinkError):
    """The link was opened too often, or too many were tried; `seconds` says how long to wait."""


def register(blueprint: Blueprint) -> None:
    """Add the address."""
    blueprint.get(LINK)(look)
    blueprint.post(LINK)(act)


@public
@by_link
def look(token: str) -> ResponseReturnValue:
    """Show what the link is for, or why nothing can be done with it; changes nothing at all."""
    try:
        link = _the_link(token)
    except TooManyUsesError as error:
        return closed.busy(error)
    except UnknownLinkError:
        return closed.unknown()
    return _page(link, Form())


@public
@by_link
@from_unseen_pages
def act(token: str) -> ResponseReturnValue:
    """Do the one thing the link is for; the second time, show what was done."""
    try:
        link = _the_link(token)
    except TooManyUsesError as error:
        return closed.busy(error)
    except UnknownLinkError:
        return closed.unknown()
    form = Form(request.form)
    if link.state is LinkState.OPEN:
        try:
            ERRANDS[link.purpose].act(link, form)
        except InvalidInputError as error:
            form.refuse(error)
            return _page(link, form, 422)
        except (LinkClosedError, NotFoundError):
            # Somebody was quicker, in another window or at another desk: the page says so.
            return redirect(request.path, code=303)
        except (ConflictError, RuleError) as error:
            return _page(link, form, error=error)
    return mark(redirect(request.path, code=303))


def _the_link(token: str) -> Link:
    """Return the link and go on as its reader.

    Raises:
        UnknownLinkError: there is none.
        TooManyUsesError: too many were tried from here, or this one too often.
    """
    token_sha256 = fingerprint(token[: LONGEST_TOKEN + 1])
    with the_store().read(SYSTEM) as reader:
        link = link_of(reader, token_sha256, request_id())
    if link is None:
        wait = _GUESSES.spend(request.remote_addr or "")
        raise TooManyUsesError(seconds=wait) if wait else UnknownLinkError
    wait = _USES.spend(token_sha256)
    if wait:
        raise TooManyUsesError(seconds=wait)
    if link.holder is not None:
        act_as(link.holder)
    return link


def _page(
    link: Link, form: Form, status: int = 200, error: ConflictError | RuleError | None = None
) -> ResponseReturnValue:
    if link.state is not LinkState.OPEN:
        return closed.page(link)
    refusal = refusal_of(error) if error else None
    try:
        shown = ERRANDS[link.purpose].show(link, form, refusal)
    except NotFoundError:
        shown = closed.settled(link, "gone")
    return shown, refusal.status if refusal else status
