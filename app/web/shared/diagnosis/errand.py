"""A form on a page of its own: asked for, read, done, refused without losing a word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.status import status_of
from app.web.shared.errors import error_text
from app.web.shared.forms import Choice, Form
from app.web.shared.layout import reader_locale

LAYOUTS = {"bureau": "layouts/bureau.html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field; `kind` as for the macro `ui.field`, `radio` for choices."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: Sequence[Choice] = ()
    is_optional: bool = False
    rows: int = 3
    size: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a form asks for and what is done with it.

    Attributes:
        title: the heading.
        lead: a line below it.
        kicker: what it is about.
        fields: what is asked.
        button: what the button says.
        act: reads the form and does it; it names the faults that it finds.
        version: of the thing as the page shows it, where that is asked for.
        begins: the fields as the form begins.
    """

    title: str
    fields: Sequence[Asked]
    button: str
    act: Callable[[Form], object]
    lead: str = ""
    kicker: str = ""
    version: int | None = None
    begins: Mapping[str, str] = field(default_factory=dict)


def attend(errand: Errand, portal: str, back: str) -> ResponseReturnValue:
    """Show the form; or do what was sent and go back, or show it again with what is wrong.

    Args:
        errand: what is asked and done.
        portal: whose page it is.
        back: where it leads when done.
    """
    if request.method != "POST":
        return _page(errand, portal, back, Form(errand.begins))
    form = Form(request.form)
    try:
        errand.act(form)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(errand, portal, back, form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(errand, portal, back, form, why), status_of(error)
    return redirect(back, code=303)


def _page(errand: Errand, portal: str, back: str, form: Form, refusal: str = "") -> str:
    return render_template(
        "diagnosis/form.html",
        layout=LAYOUTS.get(portal, "layouts/flow.html"),
        portal=portal,
        errand=errand,
        labels={each.name: each.label for each in errand.fields},
        form=form,
        back=back,
        refusal=refusal,
    )
