"""要办的事: what reports and records ask for, until it is done; what is overdue first."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.action_item import ActionSide
from app.domain.actor import Permission
from app.http.policy import policy
from app.http.run import reading
from app.queries.action_items import ItemFilter, item_list
from app.web.bureau.address import key_asked, one_of
from app.web.shared.diagnosis import items
from app.web.shared.diagnosis.errand import attend
from app.web.shared.diagnosis.names import NAMES

LIST = "/bureau/actions"
_FILTERS = {each.value: each for each in ItemFilter}
_SIDES = {each.value: each for each in ActionSide}


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(LIST)(action_list)
    blueprint.route(f"{LIST}/<uuid:item_id>", methods=["GET", "POST"])(action_item)


@policy(Permission.READ_ACTIONS)
def action_list() -> ResponseReturnValue:
    """Show what is overdue, what is open, or what was closed; of everybody or of one side."""
    which = one_of(_FILTERS, request.args.get("state") or ItemFilter.OVERDUE)
    side = one_of(_SIDES, request.args["side"]) if request.args.get("side") else None
    after = key_asked(request.args.get("after"))
    with reading() as reader:
        page = item_list(reader, which, side=side, after=after)
    return render_template(
        "bureau/diagnosing/actions.html", page=page, state=which, side=side, names=NAMES
    )


@policy(Permission.CLOSE_ACTION)
def action_item(item_id: UUID) -> ResponseReturnValue:
    """Close an item on behalf of whose it is, or open it again."""
    found = items.look_at(item_id)
    return attend(items.item_errand(found), "bureau", items.list_of("bureau", found))
