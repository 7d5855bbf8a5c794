"""The form with which what somebody entered is let count, or sent back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _

from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.plan import LONGEST_GROUNDS
from app.http.run import run
from app.http.status import status_of
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

APPROVE, REFUSE = "approve", "refuse"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was decided, in words, and the status of the answer."""

    text: str
    status: int


def decided(
    key: UUID, approve: Callable[..., Any], refuse: Callable[..., Any]
) -> tuple[Form, Refusal | None]:
    """Decide as the form says; return it with the reason where that was not possible."""
    form = Form(request.form)
    try:
        with form:
            verdict = form.choice("verdict", (APPROVE, REFUSE))
            is_refused = verdict == REFUSE
            answer = form.text("answer", longest=LONGEST_GROUNDS, required=is_refused)
            version = form.version()
        if is_refused:
            run(refuse, key, answer, version=version)
        else:
            run(approve, key, version=version)
    except InvalidInputError as error:
        form.refuse(error)
        return form, Refusal("", status_of(error))
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return form, Refusal(why, status_of(error))
    flash(_("已退回。") if is_refused else _("已复核，从现在起计入。"), "ok")
    return form, None
