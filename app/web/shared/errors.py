"""The wording of error codes, in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime

from app.domain.errors import FieldError
from app.http.wording import wording
from app.web.shared.formatting import Locale, day, moment, thousands

_THIS_FIELD: dict[Locale, str] = {"zh": "这一项", "en": "this field"}


def error_text(code: str, facts: Mapping[str, object], locale: Locale) -> str:
    """Return what a person reads for an error.

    Raises:
        KeyError: when the code has no wording, or the wording asks for a fact that is not given.
    """
    shown = {name: _readable(fact, locale) for name, fact in facts.items()}
    return wording()[code][locale].format_map({"label": _THIS_FIELD[locale], **shown})


def fault_text(fault: FieldError, label: str, locale: Locale) -> str:
    """Return what a person reads beside a field, naming the field by its label."""
    named = {"label": label} if label else {}
    return error_text(fault.code, {**fault.facts, **named}, locale)


def _readable(fact: object, locale: Locale) -> str:
    if isinstance(fact, datetime):
        return moment(fact, locale)
    if isinstance(fact, date):
        return day(fact, locale)
    if isinstance(fact, int | float) and not isinstance(fact, bool):
        return thousands(fact)
    return str(fact)
