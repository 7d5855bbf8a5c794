"""核对一个数字: what is behind it, and whether counting again gives the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain.actor import SYSTEM, Permission
from app.domain.calendar import local_day
from app.domain.service_record import Decision
from app.domain.service_record.slices import total
from app.http.edge import the_store
from app.http.policy import policy
from app.http.run import reading
from app.queries import audit_desk, vocabularies
from app.queries.audit_desk import FigureProof
from app.queries.bureau_desk import Asked, addends_asked
from app.services.periods import fingerprint
from app.services.service_records.rechecking import Difference, decided_anew
from app.unit_of_work import Reader
from app.web.bureau.address import figure_asked, here
from app.web.shared.layout import reader_locale

NAMED = ("street", "department", "area", "industry", "not_counted_reason", "founder_group")
# What the decisions themselves do not tell: a need's first meeting.
NOT_COUNTED_AGAIN = frozenset({"first_meetings"})


@dataclass(frozen=True, slots=True)
class Again:
    """The figure counted again from the facts as they are now, nothing of it being kept.

    Attributes:
        value: None where the figure is not one of decisions.
        decided: how many meetings were decided anew.
        differences: the meetings on which the ledger says something else.
    """

    value: int | None
    decided: int
    differences: Sequence[Difference]


def register(blueprint: Blueprint) -> None:
    """Add the page."""
    blueprint.get("/bureau/audit/figure")(figure_page)


@policy(Permission.READ_AUDIT, logged=True)
def figure_page() -> ResponseReturnValue:
    """Show definition, policy, rows, what was published, and the same figure counted again."""
    address = here()
    with reading() as reader:
        asked = figure_asked(address, local_day(reader.now))
        proof = audit_desk.figure_proof(reader, asked)
        names = vocabularies.labels(reader, *NAMED, locale=reader_locale())
    with the_store().read(SYSTEM) as whole:
        again = _again(whole, asked)
    return render_template(
        "bureau/auditing/figure.html",
        proof=proof,
        asked=asked,
        again=again,
        is_intact=_is_intact(proof),
        address=address,
        names=names,
    )


def _again(whole: Reader, asked: Asked) -> Again:
    """Decide every meeting of the period anew and count; nothing is written."""
    decided: dict[str, Decision] = {}
    differences: list[Difference] = []
    for month in asked.months:
        anew = decided_anew(whole, month)
        differences += anew.differences()
        decided |= {each.session_id: each for each in anew.again.values() if each.month == month}
    value = None
    if asked.measure not in NOT_COUNTED_AGAIN:
        value = total(addends_asked(whole, asked.labels.choose(decided.values()), asked))
    return Again(value, len(decided), differences)


def _is_intact(proof: FigureProof) -> bool | None:
    """Tell whether what was published still has its hash; None where nothing was."""
    kept = proof.published
    if kept is None:
        return None
    return fingerprint(kept.period, kept.measure, kept.value, kept.rows) == kept.sha256
