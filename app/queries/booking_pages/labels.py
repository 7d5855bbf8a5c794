"""Names of a few codes in both languages; templates take the reader's."""

from collections.abc import Collection

from sqlalchemy import select, tuple_

from app.domain.vocabulary import Label
from app.models.vocabulary import Term
from app.unit_of_work import Reader

Key = tuple[str, str]


def labels_of(reader: Reader, keys: Collection[Key]) -> dict[Key, Label]:
    """Return the names of (vocabulary, code) pairs in one statement; unknown ones are left out."""
    if not keys:
        return {}
    rows = reader.session.execute(
        select(Term.vocabulary, Term.code, Term.zh, Term.en).where(
            tuple_(Term.vocabulary, Term.code).in_(sorted(set(keys)))
        )
    )
    return {(row.vocabulary, row.code): Label(*row) for row in rows}
