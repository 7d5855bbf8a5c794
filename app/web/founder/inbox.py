"""消息: what was told to whoever is signed in."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.ids import parse_id
from app.http.policy import policy
from app.http.run import reading, run
from app.models.message import Message
from app.queries.inbox import inbox as messages_of
from app.queries.inbox import unread
from app.services import messages
from app.web.shared.display import safe_return
from app.web.shared.layout import reader_locale


def register(blueprint: Blueprint) -> None:
    """Add the page and the act."""
    blueprint.get("/inbox")(inbox)
    blueprint.post("/inbox/<uuid:message_id>/read")(mark_read)


@policy(Permission.USE_OWN_ACCOUNT)
def inbox() -> ResponseReturnValue:
    """Show the messages, newest first."""
    after = parse_id(request.args.get("after", ""))
    with reading() as reader:
        page = messages_of(reader, after=after, locale=reader_locale())
        count = unread(reader)
    return render_template("founder/inbox.html", page=page, unread=count, after=after)


@policy(Permission.USE_OWN_ACCOUNT)
def mark_read(message_id: UUID) -> ResponseReturnValue:
    """Note that a message was read, and go where it leads when that was asked."""
    message: Message = run(messages.mark_read, message_id)
    back = url_for("founder.inbox")
    goes_on = request.form.get("then") == "open"
    return redirect(safe_return(message.href, back) if goes_on else back, code=303)
