"""Normalise Chinese and English text, cut it into terms and clauses, and find the way back."""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from matching.types import ExpertProfile

# A founder's text is a few hundred characters; the bound keeps a hostile one as quick.
MAX_CHARACTERS = 20_000
MAX_WORD_LENGTH = 64

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
_RUN = re.compile(rf"([{_CJK}]+)|([^\W_{_CJK}]+)")
_MARKS = r"\s,.;:!?，。；：！？、…()（）“”\""
_CLAUSE = re.compile(rf"[^{_MARKS}]+(?: +[^{_MARKS}]+)*")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
# 不是我们要借钱: the words of a matter that is not asked about. A mere 不想 or 没有 is often
# the matter itself (不想交社保, 没有抵押物) and stays.
_NOT_ASKED = re.compile(
    r"(?:这次|也|又|倒|其实|当然|可)*(?:"
    r"(?:并不是|不是|并非)(?:说)?(?:我们?|俺们?|咱们?|本人)?(?:自己)?(?:要|想|来|问|找|缺|需要)"
    r"|(?:不用|用不着|不需要|不必|无需|不劳)(?:您|你|再)*(?:教|讲|帮|谈|说|介绍|考虑|推荐|管)"
    r"|(?:我们?|俺们?|咱们?)?(?:不缺|不差|暂不考虑|先不考虑|先不谈|不谈)"
    r"|(?:i|we)?(?:'m| am|'re| are)? ?not (?:looking for|asking (?:for|about)|seeking)"
    r"|(?:i|we) (?:do not|don't|dont) need"
    r")"
)


def normalise(text: str) -> str:
    """Fold width, compatibility forms and case, and keep the first 20 000 characters."""
    return unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).lower()


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the English stem of a lower-case word."""
    # The stemmer keeps its word in itself, so each call has one of its own (threads).
    stemmed: str = snowballstemmer.stemmer("english").stemWord(word[:MAX_WORD_LENGTH])
    return stemmed


class Run(NamedTuple):
    """Hold a run of Chinese characters, or one word of another script, and its place."""

    start: int
    text: str
    is_chinese: bool


def runs(folded: str) -> Iterator[Run]:
    """Cut folded text into runs, leaving out marks and spaces."""
    for match in _RUN.finditer(folded):
        yield Run(match.start(), match.group(), match.lastindex == 1)


def terms(text: str) -> list[str]:
    """Cut text into character 1- and 2-grams of Chinese and stemmed words of the rest.

    Linear in the length of the text; stop words are left out.
    """
    found: list[str] = []
    for run in runs(normalise(text)):
        if run.is_chinese:
            found.extend(run.text)
            found.extend(map("".join, itertools.pairwise(run.text)))
        elif run.text not in ENGLISH_STOP_WORDS:
            found.append(stem(run.text))
    return found


def clauses(text: str) -> list[str]:
    """Cut text at punctuation into exact pieces of it."""
    return _CLAUSE.findall(text[:MAX_CHARACTERS])


def sentences(text: str) -> list[str]:
    """Cut text at the ends of sentences into exact pieces of it."""
    found = (match.group().strip() for match in _SENTENCE.finditer(text[:MAX_CHARACTERS]))
    return [piece for piece in found if piece]


def asked(text: str) -> str:
    """Leave out the clauses that say what a founder does not ask for; the rest stays exact."""
    kept: list[str] = []
    end = 0
    for match in _CLAUSE.finditer(text[:MAX_CHARACTERS]):
        if _NOT_ASKED.match(normalise(match.group())):
            kept.append(text[end : match.start()])
            end = match.end()
    return "".join(kept) + text[end:MAX_CHARACTERS]


@lru_cache(maxsize=65_536)
def _fold(character: str) -> str:
    return unicodedata.normalize("NFKC", character).lower()


@dataclass(frozen=True, slots=True)
class AlignedText:
    """Hold a text with its folded form, each folded character knowing where it came from."""

    original: str
    folded: str
    origins: tuple[int, ...]

    def slice(self, start: int, end: int) -> str:
        """Return the exact piece of the original behind folded characters start to end."""
        return self.original[self.origins[start] : self.origins[end - 1] + 1]


def align(text: str) -> AlignedText:
    """Fold a text character by character, so that a find leads back to the founder's words."""
    original = text[:MAX_CHARACTERS]
    pieces = [_fold(character) for character in original]
    origins = tuple(at for at, piece in enumerate(pieces) for _ in piece)
    return AlignedText(original, "".join(pieces), origins)


# 不承担融资估值: the same words, the opposite offer.
_REFUSAL = re.compile(
    r"(?:但|目前|暂时|本人)?(?:暂不|恕不|不再|不)"
    r"(?:承担|代理|代写|代办|做|接受?|提供|办理|负责|受理|涉及|参与|从事)"
)


class Snippet(NamedTuple):
    """Hold an exact piece of a profile and the field it stands in."""

    field: str
    text: str


def snippets(expert: ExpertProfile) -> tuple[Snippet, ...]:
    """Cut what a profile offers into its post, tags, clauses of the biography and trades."""
    return tuple(piece for piece in _pieces(expert) if not _REFUSAL.match(piece.text.strip()))


def refusals(expert: ExpertProfile) -> tuple[Snippet, ...]:
    """Return the pieces of a profile that say what the expert does not do."""
    return tuple(piece for piece in _pieces(expert) if _REFUSAL.match(piece.text.strip()))


def _pieces(expert: ExpertProfile) -> tuple[Snippet, ...]:
    pieces = [
        ("organisation", expert.organisation),
        ("title", expert.title),
        *(("expertise", piece) for piece in expert.expertise),
        *(("bio", piece) for piece in clauses(expert.bio)),
        *(("industries", piece) for piece in expert.industries),
    ]
    return tuple(Snippet(field, piece) for field, piece in pieces if piece.strip())
