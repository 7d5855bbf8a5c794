"""How the cells of an imported need are read."""

from collections.abc import Mapping

from app.domain.errors import InvalidInputError
from app.domain.import_row import (
    CellError,
    Column,
    code,
    code_or_name,
    day,
    each,
    key,
    line,
    text,
)
from app.domain.need import LONGEST_TEXT, SERVICES, ensure_complete
from app.domain.venture import parse_credit_code
from app.domain.vocabulary import Words

VOCABULARIES = (
    "session_type",
    "industry",
    "venture_stage",
    "area",
    "street",
    "founder_group",
    "entity_type",
)


def _service(cell: object, words: Words) -> str:
    found: str = code("session_type")(cell, words)
    if found not in SERVICES:
        raise CellError("import.unknown_word", word=str(cell))
    return found


def _complete_text(cell: object, words: Words) -> str:
    written: str = text(LONGEST_TEXT)(cell, words)
    try:
        ensure_complete(written)
    except InvalidInputError as error:
        raise CellError(error.errors[0].code, **error.errors[0].facts) from error
    return written


def _credit_code(cell: object, words: Words) -> str:
    try:
        return parse_credit_code(line(40)(cell, words))
    except InvalidInputError as error:
        raise CellError(error.code) from error


COLUMNS: Mapping[str, Column] = {
    "id": Column(key, is_required=True),
    "founder_name": Column(line(80), is_required=True),
    "phone": Column(line(40)),
    "group": Column(code("founder_group")),
    "venture": Column(line(80)),
    "entity_type": Column(code("entity_type")),
    "venture_credit_code": Column(_credit_code),
    "registered_on": Column(day),
    "industry": Column(code_or_name("industry")),
    "stage": Column(code("venture_stage")),
    "area": Column(code("area")),
    "street": Column(code("street")),
    "mode": Column(each(code("mode")), empty=()),
    "session_type": Column(_service, is_required=True),
    "text": Column(_complete_text, is_required=True),
}
