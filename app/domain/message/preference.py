"""On which channels a person is reached, by his own choice and by what must be said."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.domain.errors import RuleError
from app.domain.message.short import mobile_number
from app.domain.message.topics import BY_TEXT, REQUIRED, RING, Topic, topic_of


class Channel(StrEnum):
    """A way out of the service; the inbox needs none and is never switched off."""

    EMAIL = "email"
    SMS = "sms"


class RequiredTopicError(RuleError):
    """What must be said cannot be switched off on every channel a person has."""

    default_code = "preference.required"


Choices = Mapping[tuple[Topic, Channel], bool]


def addresses(email: str | None, phone: str | None) -> dict[Channel, str]:
    """Return where a person is reached outside the service, by channel."""
    number = mobile_number(phone)
    ways = ((Channel.EMAIL, email), (Channel.SMS, number))
    return {channel: address for channel, address in ways if address}


def is_on(choices: Choices, topic: Topic, channel: Channel, reachable: Collection[Channel]) -> bool:
    """Tell whether a person gets the topic on the channel.

    Unless he chose, mail is on, and a text message stands in for it where he has no mail.

    Args:
        choices: what he chose.
        topic: what it is about.
        channel: on which channel.
        reachable: the channels on which he has an address.
    """
    if channel not in reachable:
        return False
    default = channel is Channel.EMAIL or Channel.EMAIL not in reachable
    return choices.get((topic, channel), default)


def channels_for(
    event: str, choices: Choices, reachable: Collection[Channel], *, is_near: bool = False
) -> list[Channel]:
    """Return where the event is told, besides in the inbox.

    Text messages carry only what is worth one. Where somebody has switched a required topic off
    everywhere, his first channel carries it all the same.

    Args:
        event: what is told.
        choices: what the reader chose.
        reachable: the channels on which he has an address.
        is_near: what it changes is close at hand, so that mail alone may be read too late.
    """
    topic = topic_of(event)
    if is_near and event in RING:
        choices = {(topic, Channel.SMS): True, **choices}
    usable = [
        channel
        for channel in Channel
        if channel in reachable and (channel is not Channel.SMS or event in BY_TEXT)
    ]
    chosen = [each for each in usable if is_on(choices, topic, each, reachable)]
    return chosen if chosen or topic not in REQUIRED else usable[:1]


def ensure_reachable(choices: Choices, reachable: Collection[Channel]) -> None:
    """Refuse to switch off a required topic everywhere.

    Raises:
        RequiredTopicError: naming the topic.
    """
    for topic in sorted(REQUIRED):
        if reachable and not any(is_on(choices, topic, each, reachable) for each in reachable):
            raise RequiredTopicError(topic=topic.value)
