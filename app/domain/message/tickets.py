"""What officers are told of tickets on bad ratings; nobody else hears of them."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

_OFFICERS = Audience.OFFICERS
_TICKET = "/bureau/tickets/{ticket_id}"
_OPEN = frozenset({"open", "taken"})

TICKETS: Mapping[str, tuple[Notice, ...]] = {
    "ticket.opened": (Notice(to=_OFFICERS, words="ticket.opened", href=_TICKET, by_mail=False),),
    "ticket.due_soon": (
        Notice(to=_OFFICERS, words="ticket.due_soon", href=_TICKET, mail_while=_OPEN),
    ),
    "ticket.overdue": (
        Notice(to=_OFFICERS, words="ticket.overdue", href=_TICKET, mail_while=_OPEN),
    ),
}
