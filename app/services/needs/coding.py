"""A need as it is put in, and its words led to the codes of the vocabularies."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.domain.availability import Mode
from app.domain.errors import FieldError, InvalidInputError
from app.domain.need import SERVICES, Channel, ensure_complete, ensure_readable
from app.domain.vocabulary import Words, is_plain
from app.queries.vocabularies import words
from app.services.ventures import VentureInput
from app.unit_of_work import UnitOfWork

LONGEST_INDUSTRY = 40
VOCABULARIES = ("session_type", "industry", "venture_stage", "area", "street", "need_topic")
_ONE_CODE = {
    "session_type": "session_type",
    "stage": "venture_stage",
    "area": "area",
    "street": "street",
    "language": "language",
}
_CODES = {
    "modes": ("mode", "modes"),
    "struck": ("need_topic", "topics"),
    "added": ("need_topic", "topics"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedInput:
    """A need as it is put in; words may be codes or labels of the vocabularies.

    `struck` and `added` are the topics that the founder left out or put in; what else the text
    is about is understood here, never taken from outside. `language` is the one the founder
    wants to talk in, where it is not that of the text.
    """

    text: str = ""
    session_type: str = "consultation"
    industry: str | None = None
    stage: str | None = None
    area: str | None = None
    street: str | None = None
    modes: tuple[str, ...] = ()
    venture_id: UUID | None = None
    venture: VentureInput | None = None
    struck: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    channel: Channel = Channel.WEB
    language: str | None = None


def coded(uow: UnitOfWork, given: NeedInput, *, is_complete: bool = True) -> NeedInput:
    """Return the input with every word led to its code; one statement.

    Args:
        uow: the transaction.
        given: the input.
        is_complete: False for a draft, whose text may still be short.

    Raises:
        InvalidInputError: naming each field that cannot be taken.
    """
    known = words(uow, *VOCABULARIES)
    errors = _text_errors(given.text, is_complete)
    found: dict[str, Any] = {}
    for field, vocabulary in _ONE_CODE.items():
        found[field] = _code(known, vocabulary, getattr(given, field), field, errors)
    if found["session_type"] not in (None, *SERVICES):
        errors.append(FieldError("session_type", "input.unknown_code"))
    for field, (vocabulary, name) in _CODES.items():
        codes = [_code(known, vocabulary, word, name, errors) for word in getattr(given, field)]
        found[field] = tuple(dict.fromkeys(codes))
    found["modes"] = found["modes"] or tuple(mode.value for mode in Mode)
    found["industry"] = _industry(known, given.industry, errors)
    if errors:
        raise InvalidInputError(errors=errors)
    return replace(given, **found)


def _text_errors(text: str, is_complete: bool) -> list[FieldError]:
    try:
        (ensure_complete if is_complete else ensure_readable)(text)
    except InvalidInputError as error:
        return list(error.errors)
    return []


def _code(
    known: Words, vocabulary: str, word: str | None, field: str, errors: list[FieldError]
) -> str | None:
    code = known.code_of(vocabulary, word) if word else None
    if code is None and (word or field == "session_type"):
        errors.append(FieldError(field, "input.unknown_code"))
    return code


def _industry(known: Words, name: str | None, errors: list[FieldError]) -> str | None:
    shown = " ".join((name or "").split())
    if len(shown) > LONGEST_INDUSTRY:
        facts = {"longest": LONGEST_INDUSTRY, "length": len(shown)}
        errors.append(FieldError("industry", "input.too_long", facts))
    elif not is_plain(shown):
        errors.append(FieldError("industry", "input.control_character"))
    return known.code_of("industry", shown) or shown or None
