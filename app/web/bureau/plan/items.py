"""扶持事项: what founders were given or brought about, entered by one and checked by another."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.domain.errors import ConflictError, InvalidInputError, RuleError
from app.domain.ids import parse_id
from app.domain.plan import (
    LONGEST_DOCUMENT,
    LONGEST_GROUNDS,
    SUPPORT_ITEMS,
    CheckStatus,
    SupportKind,
    Unit,
    fen_of,
    unit_of,
    yuan,
)
from app.domain.plan.support import MOST_HEADS
from app.http.policy import policy
from app.http.run import reading, run
from app.http.status import status_of
from app.queries import vocabularies
from app.queries.person_search import LONGEST_WORDS, Found, find_persons
from app.queries.plan import entered
from app.queries.plan.entered import ItemRow
from app.services import plan
from app.services.plan import ItemEntry
from app.web.bureau.address import key_asked, one_of
from app.web.bureau.plan.verdicts import decided
from app.web.shared.errors import error_text
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale

LIST = "/bureau/plan/support"
ONE = f"{LIST}/<uuid:item_id>"
STATES = {each.value: each for each in CheckStatus}
LONGEST_AMOUNT = 20


def register(blueprint: Blueprint) -> None:
    """Add the pages and the acts."""
    blueprint.get(LIST)(support_list)
    blueprint.get(f"{LIST}/new")(ask_item)
    blueprint.post(f"{LIST}/new")(propose_item)
    blueprint.get(ONE)(support_item)
    blueprint.post(ONE)(check_item)


@policy(Permission.READ_PLAN)
def support_list() -> ResponseReturnValue:
    """Show what waits for its check, what counts, or what was sent back."""
    state = request.args.get("state") or CheckStatus.PROPOSED.value
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        page = entered.item_entries(reader, one_of(STATES, state), after=after)
    return render_template("bureau/plan/items.html", page=page, state=state, yuan=yuan)


@policy(Permission.READ_PLAN, logged=True)
def support_item(item_id: UUID) -> ResponseReturnValue:
    """Show one item: what shows it, who entered it, what the check came to."""
    with reading() as reader:
        row = entered.support_item(reader, item_id)
    return render_template("bureau/plan/item.html", row=row, form=Form(), yuan=yuan)


@policy(Permission.CHECK_PLAN)
def check_item(item_id: UUID) -> ResponseReturnValue:
    """Let an item count, or send it back."""
    form, refusal = decided(item_id, plan.approve_item, plan.refuse_item)
    if refusal is None:
        return redirect(url_for("bureau.support_item", item_id=item_id), code=303)
    with reading() as reader:
        row = entered.support_item(reader, item_id)
    return render_template(
        "bureau/plan/item.html", row=row, form=form, yuan=yuan, refusal=refusal.text
    ), refusal.status


@policy(Permission.ENTER_PLAN)
def ask_item() -> ResponseReturnValue:
    """Ask whom it is about, what it was and what shows it; or what is right instead."""
    return _page(Form(request.args.to_dict()), is_new=True)


@policy(Permission.ENTER_PLAN)
def propose_item() -> ResponseReturnValue:
    """Enter an item; it counts once another has checked it."""
    form = Form(request.form)
    try:
        with form:
            entry = _entry(form)
        run(plan.propose_item, entry)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(form), 422
    except (ConflictError, RuleError) as error:
        why = error_text(error.code, error.facts, reader_locale())
        return _page(form, why), status_of(error)
    flash(_("已登记，等另一位工作人员复核。复核以前不计入。"), "ok")
    return redirect(url_for("bureau.support_list"), code=303)


def _entry(form: Form) -> ItemEntry:
    """Read an item; to be called within `with form:`."""
    kind = form.choice("kind", [each.value for each in SUPPORT_ITEMS])
    return ItemEntry(
        kind=SupportKind(kind) if kind else SupportKind.SETTLEMENT,
        person_id=form.identifier("person_id"),
        done_on=form.day("done_on"),
        quantity=_quantity(form, kind),
        document=form.text("document", longest=LONGEST_DOCUMENT),
        note=form.text("note", longest=LONGEST_GROUNDS, required=form.given("replaces")),
        replaces=form.identifier("replaces") if form.given("replaces") else None,
        is_void=form.checkbox("is_void"),
    )


def _quantity(form: Form, kind: str) -> int | None:
    unit = unit_of(SupportKind(kind)) if kind else Unit.NONE
    if unit is Unit.HEADS:
        return form.integer("heads", 1, MOST_HEADS)
    if unit is Unit.FEN:
        written = form.text("amount", longest=LONGEST_AMOUNT)
        fen = fen_of(written)
        if written and fen is None:
            raise InvalidInputError.at("amount", "plan.not_money")
        return fen
    return None


def _page(form: Form, refusal: str = "", *, is_new: bool = False) -> str:
    replaced = parse_id(form.raw("replaces"))
    with reading() as reader:
        old = entered.support_item(reader, replaced) if replaced else None
        words = form.raw("q")[:LONGEST_WORDS]
        found = find_persons(reader, words) if words else Found()
        names = vocabularies.labels(reader, "street", locale=reader_locale())
    if old and is_new:
        form = Form(_values_of(old))
    return render_template(
        "bureau/plan/item_form.html",
        form=form,
        found=found,
        names=names,
        old=old,
        refusal=refusal,
        kinds=SUPPORT_ITEMS,
        yuan=yuan,
    )


def _values_of(old: ItemRow) -> dict[str, str]:
    unit = unit_of(old.kind)
    return {
        "replaces": str(old.checked.id),
        "person_id": str(old.person_id),
        "kind": old.kind.value,
        "done_on": old.done_on.isoformat(),
        "amount": yuan(old.quantity or 0) if unit is Unit.FEN else "",
        "heads": str(old.quantity or "") if unit is Unit.HEADS else "",
        "document": old.document,
    }
