"""Tables whose rows belong to one account each, and whose duty it is to see all of them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from app.domain.actor import Actor, Role
from app.models.account import Account, AccountRole, ApiToken, SignInSession
from app.models.audit_entry import AccessEntry, AuditEntry
from app.models.base import Base
from app.models.busy_calendar import BusySource
from app.models.calendar_feed import CalendarFeed
from app.models.desk_entry import DeskEntry
from app.models.mail_link import MailLink, RecordHand
from app.models.message import Delivery, Message, Preference
from app.models.webhook import Webhook, WebhookCall

Criterion = ColumnElement[bool]
_feed = CalendarFeed.__table__.c


def _account_rule(column: Any) -> Callable[[Actor], Criterion]:
    return lambda actor: column == actor.account_id


def _feed_rule(actor: Actor) -> Criterion:
    # The feed of a place belongs to the place, whoever made it.
    own = _feed.account_id == actor.account_id
    return or_(own, _feed.place_id.is_not(None)) if actor.is_staff else own


def _nobody(_actor: Actor) -> Criterion:
    return false()


PERSONAL: dict[type[Base], Callable[[Actor], Criterion]] = {
    Account: _account_rule(Account.__table__.c.id),
    AccountRole: _account_rule(AccountRole.__table__.c.account_id),
    SignInSession: _account_rule(SignInSession.__table__.c.account_id),
    ApiToken: _account_rule(ApiToken.__table__.c.account_id),
    BusySource: lambda actor: BusySource.__table__.c.expert_id == actor.expert_id,
    CalendarFeed: _feed_rule,
    DeskEntry: _account_rule(DeskEntry.__table__.c.entered_by_id),
    MailLink: _account_rule(MailLink.__table__.c.account_id),
    # The addresses of receivers may hold keys.
    Webhook: _nobody,
    WebhookCall: _nobody,
    RecordHand: _account_rule(RecordHand.__table__.c.account_id),
    Message: _account_rule(Message.__table__.c.account_id),
    Preference: _account_rule(Preference.__table__.c.account_id),
    Delivery: lambda actor: Delivery.__table__.c.message_id.in_(
        select(Message.__table__.c.id).where(Message.__table__.c.account_id == actor.account_id)
    ),
}
# Whose duty it is to see all rows of a personal table, or the trail.
WIDER: dict[type[Base], frozenset[Role]] = {
    Webhook: frozenset({Role.SYS_ADMIN}),
    WebhookCall: frozenset({Role.SYS_ADMIN}),
    Account: frozenset({Role.SEC_ADMIN}),
    AccountRole: frozenset({Role.SEC_ADMIN}),
    AuditEntry: frozenset({Role.AUDIT_ADMIN}),
    AccessEntry: frozenset({Role.AUDIT_ADMIN}),
    BusySource: frozenset({Role.OFFICER, Role.APPROVER}),
    Message: frozenset({Role.OFFICER, Role.APPROVER, Role.SYS_ADMIN}),
    Delivery: frozenset({Role.OFFICER, Role.APPROVER, Role.SYS_ADMIN}),
}
