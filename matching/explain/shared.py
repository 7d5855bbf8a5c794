"""Find the words that a founder's text and a profile have in common."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import NamedTuple

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from matching.encoder import TextEncoder
from matching.text import AlignedText, Snippet, normalise, runs

# Words that stand in more than a quarter of the fitted texts say little.
_COMMON_SHARE = 0.25
_LONGEST_PIECE = 12
_SHORTEST_PIECE = 2
# Particles and pronouns: a shared piece neither begins nor ends with one.
_PARTICLES = "的了是我你您他她它们这那吗呢吧啊么也就都很还"
# A piece of nothing but these is a number, a measure or a time, and says no subject.
_AMOUNTS = frozenset("零一二三四五六七八九十百千万亿两几余多个年月日天次名家岁半元")


class Shared(NamedTuple):
    """Hold the founder's exact words and the piece of the profile that has them too."""

    evidence: str
    snippet: Snippet


@dataclass(frozen=True)
class SharedWords:
    """Find shared words of one need; the more there are and the rarer, the earlier."""

    aligned: AlignedText
    encoder: TextEncoder

    def with_profile(self, snippets: Sequence[Snippet]) -> list[Shared]:
        """Return shared words with the first piece of the profile that has them."""
        places: dict[str, Snippet] = {}
        for snippet in snippets:
            for piece in self._pieces(normalise(snippet.text)):
                places.setdefault(piece, snippet)
        rarities = dict(zip(places, self.encoder.rarity(places), strict=True))
        telling = [piece for piece in places if rarities[piece] >= self._least_rarity]
        telling.sort(key=lambda piece: (-len(piece) * rarities[piece], piece))
        return [Shared(self._evidence(piece), places[piece]) for piece in telling]

    @cached_property
    def _least_rarity(self) -> float:
        documents = self.encoder.n_documents_
        return log((1 + documents) / (1 + _COMMON_SHARE * documents)) + 1.0

    @cached_property
    def _words(self) -> dict[str, int]:
        found = [run for run in runs(self.aligned.folded) if not run.is_chinese]
        return {run.text: run.start for run in reversed(found)}

    @cached_property
    def _pairs(self) -> frozenset[str]:
        found = [run.text for run in runs(self.aligned.folded) if run.is_chinese]
        return frozenset(a + b for text in found for a, b in itertools.pairwise(text))

    def _pieces(self, folded: str) -> Iterator[str]:
        for run in runs(folded):
            if run.is_chinese:
                yield from self._chinese_pieces(run.text)
            elif run.text in self._words and run.text not in ENGLISH_STOP_WORDS:
                yield run.text

    def _chinese_pieces(self, text: str) -> Iterator[str]:
        start = 0
        while start < len(text) - 1:
            end = self._end_of_piece(text, start)
            piece = text[start:end].strip(_PARTICLES)
            if len(piece) >= _SHORTEST_PIECE and not _AMOUNTS.issuperset(piece):
                yield piece
            start = max(start + 1, end - 1)

    def _end_of_piece(self, text: str, start: int) -> int:
        """Return the end of the longest piece from a start that stands in the need, too."""
        end = start + 1
        while (
            end < min(len(text), start + _LONGEST_PIECE)
            and text[end - 1 : end + 1] in self._pairs
            and text[start : end + 1] in self.aligned.folded
        ):
            end += 1
        return end

    def _evidence(self, piece: str) -> str:
        at = self._words.get(piece, self.aligned.folded.find(piece))
        return self.aligned.slice(at, at + len(piece))
