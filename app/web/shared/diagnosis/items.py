"""What is to be done after a meeting: its list, and the form with which an item is closed."""

from functools import partial
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _

from app.domain.action_item import LONGEST_NOTE, ActionEvent, ActionStatus, Closing
from app.http.run import reading, run
from app.queries.action_items import ItemView, item, meeting_items
from app.services import action_items
from app.web.shared.diagnosis.errand import LAYOUTS, Asked, Errand
from app.web.shared.diagnosis.names import NAMES
from app.web.shared.forms import Choice, Form

DONE, DROPPED = ActionEvent.FINISH.value, ActionEvent.DROP.value


def items_page(portal: str, session_id: UUID) -> str:
    """Return what is to be done after one meeting."""
    with reading() as reader:
        reference, found = meeting_items(reader, session_id)
    return render_template(
        "diagnosis/items.html",
        layout=LAYOUTS.get(portal, "layouts/flow.html"),
        portal=portal,
        session_id=session_id,
        reference=reference,
        found=found,
        names=NAMES,
    )


def look_at(item_id: UUID) -> ItemView:
    """Return one item."""
    with reading() as reader:
        return item(reader, item_id)


def item_errand(found: ItemView) -> Errand:
    """Return the form that closes an item, or opens one again that was closed by mistake."""
    is_open = found.status is ActionStatus.OPEN
    how = Asked(
        name="event",
        label=_("办得怎么样"),
        kind="radio",
        options=(Choice(DONE, _("办好了")), Choice(DROPPED, _("不办了"))),
    )
    note = Asked(
        name="note",
        label=_("说明") if is_open else _("为什么还要办"),
        kind="textarea",
        hint=_("不办的写一句原因；办好的可以不写。") if is_open else "",
        is_optional=is_open,
    )
    return Errand(
        title=found.text,
        kicker=found.reference,
        fields=(how, note) if is_open else (note,),
        button=_("登记") if is_open else _("重新列入"),
        act=partial(_close, found),
        version=found.version,
    )


def _close(found: ItemView, form: Form) -> None:
    is_open = found.status is ActionStatus.OPEN
    with form:
        event = form.choice("event", (DONE, DROPPED)) if is_open else ActionEvent.REOPEN.value
        note = form.text("note", longest=LONGEST_NOTE, required=event != DONE)
        version = form.version()
    run(action_items.close, found.id, Closing(ActionEvent(event), note), version=version)


def list_of(portal: str, found: ItemView) -> str:
    """Return the address of the list that an item stands in."""
    if portal == "bureau":
        return url_for("bureau.action_list")
    return url_for(f"{portal}.actions", session_id=found.session_id)
