"""Work out once what explaining a need to many candidates takes."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from matching.encoder import TextEncoder
from matching.explain.shared import SharedWords
from matching.lexicon import Reading, read, understand
from matching.scorer import Query, ask
from matching.text import AlignedText, align, asked, clauses
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
    def reading(self) -> Reading:
        """The clauses of the text that ask for something, with their concepts."""
        return read(clauses(asked(self.need.text)))

    @cached_property
    def query(self) -> Query:
        """What the need asks for, as the score sees it."""
        return ask(self.need)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The topics asked for: those that a person added, then the understood ones."""
        return tuple(dict.fromkeys((*self.need.topics, *self._words)))

    @cached_property
    def shared_words(self) -> SharedWords:
        """The finder of words that the text shares with a profile."""
        return SharedWords(self.aligned, self.encoder)

    def words_for(self, topic: str) -> str:
        """Return the founder's exact words that say most of a topic, or nothing."""
        return self._words.get(topic, "")

    @cached_property
    def _words(self) -> dict[str, str]:
        understood = understand(self.need.text)
        return {
            topic.code: topic.evidence[0]
            for topic in understood
            if topic.code not in self.need.struck
        }
