"""What a person wants to be sent, besides what the inbox shows."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission
from app.domain.errors import ForbiddenError
from app.domain.message import Channel, Topic, addresses, ensure_reachable
from app.models.account import Account
from app.models.message import Preference
from app.models.person import Person
from app.unit_of_work import UnitOfWork


def prefer(uow: UnitOfWork, chosen: Mapping[tuple[Topic, Channel], bool]) -> int:
    """Keep what the actor chose, and return how many choices are new or changed.

    What he does not name stays as it is.

    Raises:
        RequiredTopicError: a topic that must be said would reach him nowhere; nothing is kept.
    """
    uow.require(Permission.USE_OWN_ACCOUNT)
    account = uow.load(Account, _own(uow), lock=True)
    rows = {
        (row.topic, row.channel): row
        for row in uow.all(select(Preference).where(Preference.account_id == account.id))
    }
    kept = {key: row.is_on for key, row in rows.items()}
    ensure_reachable({**kept, **chosen}, _addresses(uow, account))
    changed = 0
    for key, is_on in chosen.items():
        if kept.get(key) is is_on:
            continue
        changed += 1
        if key in rows:
            rows[key].is_on, rows[key].updated_at = is_on, uow.now
            continue
        topic, channel = key
        uow.add(
            Preference(
                account_id=account.id,
                topic=topic,
                channel=channel,
                is_on=is_on,
                updated_at=uow.now,
            )
        )
    return changed


def _own(uow: UnitOfWork) -> UUID:
    if uow.actor.account_id is None:
        raise ForbiddenError(permission=Permission.USE_OWN_ACCOUNT.value)
    return uow.actor.account_id


def _addresses(uow: UnitOfWork, account: Account) -> dict[Channel, str]:
    if account.person_id is None:
        return {}
    with uow.beyond_scope("where the reader is reached"):
        person = uow.load(Person, account.person_id)
        return addresses(person.email, person.phone)
