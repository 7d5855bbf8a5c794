"""The controlled vocabularies: labels to show, choices to offer, words to understand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import or_, select

from app.domain.vocabulary import Label, Words
from app.models.vocabulary import Term
from app.queries.free_times import Look

Locale = Literal["zh", "en"]
_ALL = (Term.vocabulary, Term.code, Term.zh, Term.en)


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by vocabulary and code in one language; an unknown code is its own label."""

    by_vocabulary: Mapping[str, Mapping[str, str]]

    def of(self, vocabulary: str, code: str | None) -> str:
        """Return the label; empty for no code."""
        if not code:
            return ""
        return self.by_vocabulary.get(vocabulary, {}).get(code, code)

    def choices(self, vocabulary: str) -> Sequence[tuple[str, str]]:
        """Return code and label of each term in its order."""
        return tuple(self.by_vocabulary.get(vocabulary, {}).items())


def labels(look: Look, *vocabularies: str, locale: Locale = "zh") -> Labels:
    """Return labels of the vocabularies, retired terms too, so that old rows stay readable."""
    found: dict[str, dict[str, str]] = {name: {} for name in vocabularies}
    for vocabulary, code, zh, en in _rows(look, vocabularies):
        found[vocabulary][code] = zh if locale == "zh" else en
    return Labels({name: MappingProxyType(terms) for name, terms in found.items()})


def words(look: Look, *vocabularies: str) -> Words:
    """Return the words that stand for the terms in use."""
    rows = _rows(look, vocabularies, Term.is_retired.is_(False))
    return Words.of(Label(*row) for row in rows)


def attributes(look: Look, vocabulary: str) -> Mapping[str, Mapping[str, Any]]:
    """Return what else is known of each term, such as the area of a street."""
    rows = look.session.execute(
        select(Term.code, Term.attributes).where(Term.vocabulary == vocabulary)
    )
    return {code: held for code, held in rows}


def _rows(look: Look, vocabularies: Sequence[str], *limits: Any) -> Sequence[Any]:
    named = or_(*(Term.vocabulary == name for name in vocabularies))
    statement = select(*_ALL).where(named, *limits).order_by(Term.vocabulary, Term.position)
    return look.session.execute(statement).all()
