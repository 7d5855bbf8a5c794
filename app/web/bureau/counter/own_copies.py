"""个人信息副本: printed for somebody who asks for it at the desk."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.http.policy import policy
from app.http.run import reading
from app.queries import vocabularies
from app.queries.own_data import own_copy
from app.web.shared import own_copy_words
from app.web.shared.layout import reader_locale


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/desk/people/<uuid:person_id>/copy")(copy_of_person)


@policy(Permission.ENTER_ON_PAPER, logged=True)
def copy_of_person(person_id: UUID) -> ResponseReturnValue:
    """Show everything about a person within reach, to be printed and handed to him."""
    with reading() as reader:
        found = own_copy(reader, person_id)
        names = vocabularies.labels(reader, *own_copy_words.NAMED, locale=reader_locale())
    return render_template(
        "bureau/counter/copy.html",
        copy=found,
        names=names,
        told=own_copy_words,
        person_id=person_id,
    )
