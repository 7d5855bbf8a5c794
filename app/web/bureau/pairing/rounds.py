"""撮合批次: the list, a new one, how far it has come, and its board."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.batch import LARGEST_CAP, BatchStatus, NotComputedError, Objective, Terms
from app.domain.calendar import Month
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.http.edge import is_fragment
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.models.batch import Batch
from app.queries import batches as pages
from app.queries import vocabularies
from app.queries.batches import View
from app.services import batches
from app.web.bureau.address import key_asked, one_of
from app.web.bureau.counting.chart import load_chart
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

_VIEWS = {"": None} | {view.value: view for view in View}
_UNDER_WAY = frozenset({BatchStatus.COMPUTING, BatchStatus.CANCELLED, BatchStatus.FAILED})


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/bureau/rounds")(round_list)
    blueprint.post("/bureau/rounds")(make_round)
    blueprint.get("/bureau/rounds/<uuid:batch_id>")(round_board)
    blueprint.get("/bureau/rounds/<uuid:batch_id>/progress")(round_progress)
    blueprint.post("/bureau/rounds/<uuid:batch_id>/cancel")(cancel_round)


@policy(Permission.READ_BATCHES)
def round_list() -> ResponseReturnValue:
    """Show the batches, the newest first, and the form for a new one."""
    return _list(Form({"objective": Objective.EVEN.value}))


@policy(Permission.MAKE_BATCH)
def make_round() -> ResponseReturnValue:
    """Begin a batch; the job process computes it while the page shows how far it is."""
    form = Form(request.form)
    try:
        with form:
            month = form.text("month", longest=len("YYYY-MM"))
            objective = form.choice("objective", [each.value for each in Objective])
            cap = form.integer("cap", 1, LARGEST_CAP) if form.given("cap") else None
        terms = Terms.usual(Objective(objective), cap)
        made: Batch = run(batches.draft, Month.parse(month), terms)
    except InvalidInputError as error:
        form.refuse(error)
        return _list(form), 422
    except (ConflictError, RuleError) as error:
        return _list(form, error), status_of(error)
    return redirect(url_for("bureau.round_progress", batch_id=made.id), code=303)


@policy(Permission.READ_BATCHES)
def round_board(batch_id: UUID) -> ResponseReturnValue:
    """Show a batch with what to look at, what was left over, and what other terms come to."""
    view, after = one_of(_VIEWS, request.args.get("view", "")), key_asked(request.args.get("after"))
    try:
        with reading() as reader:
            page = pages.board(reader, batch_id, view=view, after=after)
            names = vocabularies.labels(reader, "need_topic", locale=reader_locale())
    except NotComputedError:
        return redirect(url_for("bureau.round_progress", batch_id=batch_id))
    chart = load_chart(page.measures.spread)
    return render_template(
        "bureau/pairing/round.html", page=page, names=names, form=_as_sent(page.terms), chart=chart
    )


@policy(Permission.READ_BATCHES)
def round_progress(batch_id: UUID) -> ResponseReturnValue:
    """Show how far a batch has come; htmx is given the progress alone, and the way on."""
    with reading() as reader:
        page = pages.progress(reader, batch_id)
    if page.status in _UNDER_WAY:
        template = "round_state.html" if is_fragment() else "round_progress.html"
        return render_template(f"bureau/pairing/{template}", page=page)
    on = url_for("bureau.round_board", batch_id=batch_id)
    if is_fragment():
        return Response(status=204, headers={"HX-Redirect": on})
    return redirect(on)


@policy(Permission.MAKE_BATCH)
def cancel_round(batch_id: UUID) -> ResponseReturnValue:
    """Stop computing."""
    run(batches.cancel, batch_id)
    return redirect(url_for("bureau.round_progress", batch_id=batch_id), code=303)


def _as_sent(terms: Terms) -> Form:
    is_worst_first = terms.objective is Objective.WORST_OFF
    return Form(
        {
            "fit": terms.fit,
            "even": terms.even,
            "soon": terms.soon,
            "cap": terms.cap or "",
            "worst_first": "yes" if is_worst_first else "",
        }
    )


def _list(form: Form, refusal: ConflictError | RuleError | None = None) -> str:
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        page = pages.batch_list(reader, after)
    return render_template("bureau/pairing/rounds.html", page=page, form=form, refusal=refusal)
