"""What the reader has chosen to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.domain.message import REQUIRED, Channel, Choices, Topic, addresses, is_on
from app.models.account import Account
from app.models.message import Preference
from app.models.person import Person
from app.unit_of_work import Reader, unscoped


@dataclass(frozen=True, slots=True)
class PreferenceLine:
    """One topic: on which of the reader's channels it is on, and whether it must be on one."""

    topic: Topic
    is_on: dict[Channel, bool]
    is_required: bool


@dataclass(frozen=True, slots=True)
class Preferences:
    """Where the reader is reached, and what reaches him there; the phone as he wrote it."""

    email: str | None
    phone: str | None
    addresses: dict[Channel, str]
    lines: Sequence[PreferenceLine]


def preferences(reader: Reader, topics: Sequence[Topic]) -> Preferences:
    """Return the reader's own choices for the topics that may concern him."""
    account_id = reader.actor.account_id
    own = select(Person.email, Person.phone).join(Account, Account.person_id == Person.id)
    with unscoped():
        row = reader.session.connection().execute(own.where(Account.id == account_id)).first()
    ways = addresses(row.email, row.phone) if row else {}
    rows = reader.session.scalars(select(Preference).where(Preference.account_id == account_id))
    choices: Choices = {(row.topic, row.channel): row.is_on for row in rows}
    return Preferences(
        row.email if row else None,
        row.phone if row else None,
        ways,
        [
            PreferenceLine(
                topic,
                {channel: is_on(choices, topic, channel, ways) for channel in ways},
                topic in REQUIRED,
            )
            for topic in topics
        ],
    )
