"""What is done with a batch: tried otherwise, swapped, reviewed, told, taken back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.batch import LARGEST_CAP, LARGEST_WEIGHT, LONGEST_REASON, Terms
from app.domain.errors import InvalidInputError
from app.http.edge import is_fragment
from app.http.matchers import fitted_pool
from app.http.policy import policy
from app.http.run import reading, run
from app.models.batch import Batch
from app.queries import batches as pages
from app.queries import vocabularies
from app.services import batches
from app.web.bureau.address import one_of
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

NOBODY = "none"
_WHICH = {"all": False, "clear": True}


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    one = "/bureau/rounds/<uuid:batch_id>"
    blueprint.get(f"{one}/what-if")(what_if)
    blueprint.post(f"{one}/what-if")(adopt)
    blueprint.get(f"{one}/needs/<uuid:need_id>")(choose_expert)
    blueprint.post(f"{one}/needs/<uuid:need_id>")(swap_expert)
    blueprint.post(f"{one}/needs/<uuid:need_id>/ask")(ask_experts)
    blueprint.post(f"{one}/review")(review_round)
    blueprint.post(f"{one}/confirm")(confirm_round)
    blueprint.post(f"{one}/undo")(undo_round)
    blueprint.post(f"{one}/discard")(discard_round)


@policy(Permission.READ_BATCHES)
def what_if(batch_id: UUID) -> ResponseReturnValue:
    """Compare other terms with the plan; nothing is written and nobody is told."""
    form, trial, status = Form(request.args), None, 200
    with reading() as reader:
        page = pages.progress(reader, batch_id)
        try:
            trial = batches.try_terms(reader, batch_id, _terms(form))
        except InvalidInputError as error:
            form.refuse(error)
            status = 422
    template = "bureau/pairing/trial.html" if is_fragment() else "bureau/pairing/what_if.html"
    return render_template(template, page=page, form=form, trial=trial), status


@policy(Permission.MAKE_BATCH)
def adopt(batch_id: UUID) -> ResponseReturnValue:
    """Put a draft under the terms tried in the place of this one."""
    made: Batch = run(batches.adopt, batch_id, _terms(Form(request.form)))
    return redirect(url_for("bureau.round_progress", batch_id=made.id), code=303)


@policy(Permission.READ_BATCHES)
def choose_expert(batch_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """Show whom a need has and whom it could get instead."""
    return _choosing(batch_id, need_id, Form())


@policy(Permission.MAKE_BATCH)
def swap_expert(batch_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """Arrange another expert for a need, or take it out of the batch, for a reason."""
    form = Form(request.form)
    try:
        with form:
            chosen = form.text("expert", longest=len(str(batch_id)))
            reason = form.text("reason", longest=LONGEST_REASON)
            expert = form.identifier("expert") if chosen not in ("", NOBODY) else None
        if expert is None:
            run(batches.drop, batch_id, need_id, reason)
        else:
            run(batches.swap, batch_id, need_id, expert, reason, fitted_pool())
    except InvalidInputError as error:
        form.refuse(error)
        return _choosing(batch_id, need_id, form), 422
    flash(_("已改好。确认以前不通知任何人。"), "ok")
    return redirect(url_for("bureau.round_board", batch_id=batch_id), code=303)


@policy(Permission.MAKE_BATCH)
def ask_experts(batch_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """Ask the experts who fit a need left over whether they can give more time."""
    asked = run(batches.ask_experts, batch_id, need_id)
    flash(_("已通知 %(count)s 位导师。有了时间或名额，再建一个批次就能安排。", count=asked), "ok")
    return _back(batch_id)


@policy(Permission.REVIEW_BATCH)
def review_round(batch_id: UUID) -> ResponseReturnValue:
    """Note that the batch was looked through by another than its maker."""
    run(batches.review, batch_id)
    flash(_("已复核。还没有通知任何人。"), "ok")
    return _back(batch_id)


@policy(Permission.PUBLISH_BATCH)
def confirm_round(batch_id: UUID) -> ResponseReturnValue:
    """Tell founders and mentors of the pairs, all or those without questions."""
    only_clear = one_of(_WHICH, request.form.get("which", ""))
    done = run(batches.publish, batch_id, only_clear=only_clear, answer=lambda result: result)
    if done["changed"]:
        flash(
            _(
                "已通知 %(told)s 个；%(changed)s 个情况有变，没有通知，请看原因。",
                told=done["told"],
                changed=done["changed"],
            ),
            "warn",
        )
    else:
        flash(_("已通知 %(told)s 个。创业者选好时间，导师再答复。", told=done["told"]), "ok")
    return _back(batch_id)


@policy(Permission.PUBLISH_BATCH)
def undo_round(batch_id: UUID) -> ResponseReturnValue:
    """Take back what nobody has acted upon, and say what stays."""
    done = run(batches.undo, batch_id, answer=lambda result: result)
    if done["kept"]:
        flash(
            _(
                "已撤回 %(withdrawn)s 个；%(kept)s 个已经约了时间，没有撤回。",
                withdrawn=done["withdrawn"],
                kept=done["kept"],
            ),
            "warn",
        )
    else:
        flash(_("已撤回 %(withdrawn)s 个，双方会收到通知。", withdrawn=done["withdrawn"]), "ok")
    return _back(batch_id)


@policy(Permission.MAKE_BATCH)
def discard_round(batch_id: UUID) -> ResponseReturnValue:
    """Give a draft up."""
    run(batches.discard, batch_id)
    flash(_("已放弃这个方案，没有通知任何人。"), "ok")
    return redirect(url_for("bureau.round_list"), code=303)


def _back(batch_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("bureau.round_board", batch_id=batch_id), code=303)


def _terms(form: Form) -> Terms:
    with form:
        fit, even, soon = (
            form.integer(name, 0, LARGEST_WEIGHT) for name in ("fit", "even", "soon")
        )
        cap = form.integer("cap", 1, LARGEST_CAP) if form.given("cap") else None
        worst_first = form.checkbox("worst_first")
    return Terms.weighed(fit, even, soon, cap=cap, worst_first=worst_first)


def _choosing(batch_id: UUID, need_id: UUID, form: Form) -> str:
    with reading() as reader:
        page = pages.choosing(reader, batch_id, need_id)
        names = vocabularies.labels(reader, "need_topic", locale=reader_locale())
    return render_template(
        "bureau/pairing/swap.html", page=page, names=names, form=form, nobody=NOBODY
    )
