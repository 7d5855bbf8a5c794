"""Free text that people write: there, not too long, and fit to be shown."""

from app.domain.errors import FieldError, InvalidInputError
from app.domain.vocabulary import is_plain


def faults(field: str, text: str, longest: int) -> list[FieldError]:
    """Return what is wrong with an obligatory text, at its field."""
    if not text.strip():
        return [FieldError(field, "input.required")]
    if len(text) > longest:
        return [FieldError(field, "input.too_long", {"longest": longest, "length": len(text)})]
    return [] if is_plain(text) else [FieldError(field, "input.control_character")]


def ensure(field: str, text: str, longest: int) -> str:
    """Return the text without space around it.

    Raises:
        InvalidInputError: at the field.
    """
    errors = faults(field, text, longest)
    if errors:
        raise InvalidInputError(errors=errors)
    return text.strip()
