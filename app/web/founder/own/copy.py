"""个人信息副本: all that is kept about the founder, to print and as a file."""

import json
from uuid import UUID

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.errors import NotFoundError
from app.http.policy import policy
from app.http.run import reading
from app.http.wire import jsonable
from app.queries import vocabularies
from app.queries.own_data import own_copy
from app.unit_of_work import Reader
from app.web.founder.own.data import PAGE
from app.web.shared import own_copy_words
from app.web.shared.layout import reader_locale

FILE = "my-data.json"


def register(blueprint: Blueprint) -> None:
    """Add the page and the file."""
    blueprint.get(f"{PAGE}/copy")(copy_page)
    blueprint.get(f"{PAGE}/copy.json")(copy_file)


@policy(Permission.USE_OWN_DATA, logged=True)
def copy_page() -> ResponseReturnValue:
    """Show everything, fit to be printed."""
    with reading() as reader:
        found = own_copy(reader, _own(reader))
        names = vocabularies.labels(reader, *own_copy_words.NAMED, locale=reader_locale())
    return render_template("founder/own/copy.html", copy=found, names=names, told=own_copy_words)


@policy(Permission.USE_OWN_DATA, logged=True)
def copy_file() -> ResponseReturnValue:
    """Hand everything out as a file that other services can read."""
    with reading() as reader:
        found = own_copy(reader, _own(reader))
    body = json.dumps(jsonable(found), ensure_ascii=False, indent=1)
    answer = Response(body, mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=FILE)
    return answer


def _own(reader: Reader) -> UUID:
    if reader.actor.person_id is None:
        raise NotFoundError("person.not_found")
    return reader.actor.person_id
