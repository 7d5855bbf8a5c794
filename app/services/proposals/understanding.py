"""What a founder's words are about."""

import matching
from app.domain.need import Topic


def understand(text: str) -> tuple[Topic, ...]:
    """Return up to three topics, the surest first, each with an exact piece of the text."""
    return tuple(
        Topic(topic.code, topic.certainty, topic.evidence[0] if topic.evidence else "")
        for topic in matching.understand(text)
    )
