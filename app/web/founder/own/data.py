"""我的资料: what the founder consented to, and how he takes it back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.actor import Permission
from app.http.policy import policy
from app.http.run import reading, run
from app.queries import vocabularies
from app.queries.own_data import own_data
from app.services import persons
from app.web.shared.layout import reader_locale

PAGE = "/me/data"


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get(PAGE)(data)
    blueprint.get(f"{PAGE}/consent")(ask_withdrawal)
    blueprint.post(f"{PAGE}/consent")(withdraw_consent)


@policy(Permission.USE_OWN_DATA)
def data() -> ResponseReturnValue:
    """Show what the founder consented to and what he may do."""
    return _page("data")


@policy(Permission.USE_OWN_DATA)
def ask_withdrawal() -> ResponseReturnValue:
    """Tell what taking the consent back means, before it is done."""
    return _page("withdrawal")


@policy(Permission.USE_OWN_DATA)
def withdraw_consent() -> ResponseReturnValue:
    """Take the consent back; the group is erased at once."""
    run(persons.withdraw_group_consent)
    flash(_("已撤回，群体已从您的资料里删除。"), "ok")
    return redirect(url_for("founder.data"), code=303)


def _page(name: str) -> str:
    with reading() as reader:
        page = own_data(reader)
        names = vocabularies.labels(reader, "founder_group", locale=reader_locale())
    return render_template(f"founder/own/{name}.html", page=page, names=names)
