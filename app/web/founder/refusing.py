"""A refusal as a founder's page tells it, without losing what was typed."""

from dataclasses import dataclass

from app.domain.errors import DomainError
from app.http.status import status_of
from app.web.shared.errors import error_text
from app.web.shared.layout import reader_locale


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the page says about the refusal, and the status it is answered with."""

    code: str
    text: str
    status: int


def refusal_of(error: DomainError) -> Refusal:
    """Return the refusal in the reader's language."""
    text = error_text(error.code, error.facts, reader_locale())
    return Refusal(error.code, text, status_of(error))
