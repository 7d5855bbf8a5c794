"""Accounts closed for good: nobody signs in, no link, feed or token of theirs works any more."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select, update

from app.db import MachineNow
from app.domain.erasure import SOMEBODY
from app.domain.ids import new_id
from app.models.account import Account, ApiToken
from app.models.calendar_feed import CalendarFeed
from app.models.mail_link import MailLink
from app.models.message import Preference
from app.services.accounts import end_sign_ins
from app.unit_of_work import UnitOfWork

# No password hashes to this.
CLOSED = "closed"


def close_accounts(uow: UnitOfWork, persons: Collection[UUID]) -> None:
    """Close every account of the persons; login and name are forgotten."""
    for account in uow.all(select(Account).where(Account.person_id.in_(persons))):
        end_sign_ins(uow, account)
        _end_ways_in(uow, account.id)
        account.login, account.name = f"closed-{new_id().hex}", SOMEBODY
        account.password_hash, account.is_active, account.purpose = CLOSED, False, None
        uow.session.execute(delete(Preference).where(Preference.account_id == account.id))
        uow.audit("account.closed", account)


def _end_ways_in(uow: UnitOfWork, account_id: UUID) -> None:
    for model, at in ((ApiToken, MachineNow()), (MailLink, uow.now), (CalendarFeed, uow.now)):
        uow.session.execute(
            update(model)
            .where(model.account_id == account_id, model.revoked_at.is_(None))
            .values(revoked_at=at)
        )
