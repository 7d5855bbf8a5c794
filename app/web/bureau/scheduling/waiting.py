"""需要处理: the meetings that wait for somebody, and how requests were answered."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.calendar import local_day
from app.http.policy import policy
from app.http.run import reading
from app.queries import bureau_desk, vocabularies
from app.queries.bureau_desk import Answer, Waiting
from app.web.bureau.address import here, key_asked, months_asked, one_of
from app.web.shared.layout import reader_locale

_KINDS = {kind.value: kind for kind in (Waiting.RECORDS, Waiting.DISPUTES, Waiting.CONFIRMATIONS)}
_ANSWERS = {answer.value: answer for answer in Answer}


def register(blueprint: Blueprint) -> None:
    """Add the pages."""
    blueprint.get("/bureau/waiting/<kind>")(waiting)
    blueprint.get("/bureau/answers")(answers)


@policy(Permission.READ_COUNTS)
def waiting(kind: str) -> ResponseReturnValue:
    """Show the meetings of one kind, the longest overdue first."""
    wanted, after = one_of(_KINDS, kind), key_asked(here().given("after"))
    with reading() as reader:
        page = bureau_desk.waiting_meetings(reader, wanted, after=after)
    return render_template("bureau/scheduling/waiting.html", page=page, kind=wanted)


@policy(Permission.READ_EXCLUSIONS, Permission.ENTER_ON_PAPER)
def answers() -> ResponseReturnValue:
    """Show the requests of a period that were answered in time, or not at all."""
    address = here()
    answer = one_of(_ANSWERS, address.given("answer") or Answer.IN_TIME)
    after = key_asked(address.given("after"))
    with reading() as reader:
        months = months_asked(address, local_day(reader.now))
        which = bureau_desk.answered(months, answer, address.given("street"))
        page = bureau_desk.answered_requests(reader, which, after=after)
        names = vocabularies.labels(reader, "street", locale=reader_locale())
    return render_template(
        "bureau/scheduling/answers.html",
        page=page,
        answer=answer,
        months=months,
        address=address,
        names=names,
    )
