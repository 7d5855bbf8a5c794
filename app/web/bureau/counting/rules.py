"""口径: when a service counts, in words, with the numbers of the policy in force."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.actor import Permission
from app.domain.calendar import local_day
from app.domain.service_record import REASON_PRECEDENCE, RULE_OF_REASON, policy_on
from app.http.policy import policy
from app.http.run import reading
from app.queries import vocabularies
from app.queries.service_counts.policies import load_policies
from app.web.shared.forms import Form
from app.web.shared.layout import reader_locale


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/rules")(rules)


@policy(Permission.READ_COUNTS)
def rules() -> ResponseReturnValue:
    """Show the measures, the order of the reasons and the numbers of the policy of a day."""
    form = Form(request.args)
    with form:
        on = form.day("on") if form.given("on") else None
    with reading() as reader:
        in_force = policy_on(load_policies(reader), on or local_day(reader.now))
        names = vocabularies.labels(reader, "not_counted_reason", locale=reader_locale())
    reasons = [(reason, RULE_OF_REASON[reason]) for reason in REASON_PRECEDENCE]
    return render_template(
        "bureau/counting/rules.html", policy=in_force, reasons=reasons, names=names
    )
