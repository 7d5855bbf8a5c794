"""Work out once what explaining a need to many candidates takes."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from matching.encoder import TextEncoder
from matching.explain.shared import SharedWords
from matching.lexicon import topic_lexicon
from matching.scorer import need_topics
from matching.text import AlignedText, align
from matching.types import NeedProfile


@dataclass(frozen=True)
class NeedView:
    """Hold a need with its topics and words; `today` is None where no day matters."""

    need: NeedProfile
    encoder: TextEncoder
    today: date | None = None

    @cached_property
    def aligned(self) -> AlignedText:
        """The text with the way back to the founder's own words."""
        return align(self.need.text)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics asked for, the strongest first."""
        asked = need_topics(self.need)
        return tuple(sorted(asked, key=lambda topic: (-asked[topic], topic)))

    @cached_property
    def shared_words(self) -> SharedWords:
        """The finder of words that the text shares with a profile."""
        return SharedWords(self.aligned, self.encoder)

    def words_for(self, topic: str) -> str:
        """Return the founder's fullest exact words for a topic, or nothing."""
        return self._words.get(topic, "")

    @cached_property
    def _words(self) -> dict[str, str]:
        words = topic_lexicon().words(self.aligned)
        return {topic: max(some, key=len) for topic, some in words.items()}
