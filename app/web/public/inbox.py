"""消息: what was told to whoever is signed in."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.ids import parse_id
from app.http.policy import own, policy
from app.http.run import reading, run
from app.models.message import Message
from app.queries.inbox import inbox as messages_of
from app.services import messages
from app.web.shared.display import safe_return
from app.web.shared.layout import reader_locale


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get("/inbox")(inbox)
    blueprint.post("/inbox/<uuid:message_id>/read")(mark_read)
    blueprint.post("/inbox/read")(mark_all_read)


@policy(Permission.USE_OWN_ACCOUNT)
def inbox() -> ResponseReturnValue:
    """Show the messages, newest first."""
    after = parse_id(request.args.get("after", ""))
    with reading() as reader:
        page = messages_of(reader, after=after, locale=reader_locale())
    return render_template("public/inbox.html", page=page, after=after)


@own
@policy(Permission.USE_OWN_ACCOUNT)
def mark_read(message_id: UUID) -> ResponseReturnValue:
    """Note that a message was read, and go where it leads when that was asked."""
    message: Message = run(messages.mark_read, message_id)
    back = url_for("public.inbox")
    goes_on = request.form.get("then") == "open"
    return redirect(safe_return(message.href, back) if goes_on else back, code=303)


@own
@policy(Permission.USE_OWN_ACCOUNT)
def mark_all_read() -> ResponseReturnValue:
    """Note that everything up to the newest message of the page was read."""
    run(messages.mark_all_read, parse_id(request.form.get("newest", "")))
    return redirect(url_for("public.inbox"), code=303)
