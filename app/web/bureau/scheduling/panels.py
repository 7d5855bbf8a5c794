"""会诊小组: panels proposed for a need, and the one that an officer chooses."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.expert import ExpertCategory
from app.domain.ids import parse_id
from app.domain.panel import LARGEST, SMALLEST, USUAL, NoPanelError, PanelList, PanelWish
from app.http.matchers import fitted_pool
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import vocabularies
from app.queries.panels import panel_page
from app.services import panels
from app.services.panels import Pick
from app.services.proposals import PanelDay, PanelOption
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

_PAGE = "/bureau/needs/<uuid:need_id>/panel"
# What can be wished of a category: the least and the most there may be of it.
_QUOTAS = {
    "any": (0, LARGEST),
    "some": (1, LARGEST),
    "two": (2, LARGEST),
    "one": (1, 1),
    "few": (0, 1),
    "none": (0, 0),
}
_USUAL = {"size": str(USUAL), **{each.value: "any" for each in ExpertCategory}}


@dataclass(frozen=True, slots=True)
class _Proposed:
    """What the wish comes to; without options it cannot be read, or nobody is left for it."""

    options: tuple[PanelOption, ...] = ()
    status: int = 200
    refusal: NoPanelError | None = None

    def under(self, name: str) -> list[PanelOption]:
        return [each for each in self.options if each.list is PanelList(name)]


def register(blueprint: Blueprint) -> None:
    """Add the page and the acts."""
    blueprint.get(_PAGE)(panel)
    blueprint.post(_PAGE)(choose_panel)
    blueprint.post(f"{_PAGE}/<uuid:panel_id>/withdrawal")(withdraw_panel)


@policy(Permission.FORM_PANEL, logged=True)
def panel(need_id: UUID) -> ResponseReturnValue:
    """Show the panel that stands and those that would be proposed today; nothing is kept."""
    form, pool = Form({**_USUAL, **request.args}), fitted_pool()
    with reading() as reader:
        page = panel_page(reader, need_id)
        day = panels.day_of(reader, need_id, pool) if page.may_form else None
        proposed = _proposed(day, form) if day else None
        names = vocabularies.labels(reader, "need_topic", locale=reader_locale())
        shown = render_template(
            "bureau/scheduling/panel.html",
            page=page,
            day=day,
            proposed=proposed,
            names=names,
            form=form,
            sizes=range(SMALLEST, LARGEST + 1),
            quotas=list(_QUOTAS),
            categories=[each.value for each in ExpertCategory],
            wished={name: form.raw(name) for name in _USUAL},
        )
    return shown, proposed.status if proposed else 200


@policy(Permission.FORM_PANEL)
def choose_panel(need_id: UUID) -> ResponseReturnValue:
    """Keep one of the panels with the need; nobody is asked by that."""
    form = Form(request.form)
    wish = _wish(form)
    with form:
        version = form.integer("version", 1, 10**6)
    pick = Pick(wish, [key for key in map(parse_id, form.chosen("expert")) if key])
    run(panels.choose, need_id, fitted_pool(), pick, version=version)
    flash(_("已选定小组。导师还没有收到邀请。"), "ok")
    return _back(need_id, **{name: form.raw(name) for name in _USUAL})


@policy(Permission.FORM_PANEL)
def withdraw_panel(need_id: UUID, panel_id: UUID) -> ResponseReturnValue:
    """End the panel that stands."""
    run(panels.withdraw, panel_id)
    flash(_("已撤回小组。"), "ok")
    return _back(need_id)


def _proposed(day: PanelDay, form: Form) -> _Proposed:
    try:
        return _Proposed(panels.formed(day, _wish(form)))
    except InvalidInputError as error:
        form.refuse(error)
        return _Proposed(status=422)
    except NoPanelError as error:
        return _Proposed(refusal=error)


def _wish(form: Form) -> PanelWish:
    with form:
        size = form.integer("size", SMALLEST, LARGEST)
        chosen = {each: form.choice(each.value, list(_QUOTAS)) for each in ExpertCategory}
    bounds = {each: _QUOTAS[code] for each, code in chosen.items()}
    return PanelWish(
        size,
        at_least={each: least for each, (least, _most) in bounds.items() if least},
        at_most={each: most for each, (_least, most) in bounds.items() if most < LARGEST},
    )


def _back(need_id: UUID, **wished: Any) -> ResponseReturnValue:
    return redirect(url_for("bureau.panel", need_id=need_id, **wished), code=303)
