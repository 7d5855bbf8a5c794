"""Which rows of the desk each reach shows: consents, paper, tickets, plan, samples, signals."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, false, select

from app.domain.actor import Actor, Reach
from app.models.base import Base
from app.models.consent import Consent, ConsentWithdrawal
from app.models.erasure import Erasure
from app.models.need import Need
from app.models.paper_sheet import PaperSheet, PaperSheetRow
from app.models.person import Person
from app.models.plan import ReportedFigure
from app.models.progress import ProgressEntry, ProgressStep
from app.models.report_file import ReportFile, ReportFilePart
from app.models.sample import Sample, SampleCall
from app.models.signal import Signal, SignalNote
from app.models.support_item import OpeningList, OpeningRow, SupportItem
from app.models.ticket import Ticket, TicketTry
from app.models.venture_registration import VentureRegistration
from app.models.written_answer import WrittenAnswer

Criterion = ColumnElement[bool]
Rule = Callable[[Actor, Reach], Criterion]

_consent = Consent.__table__.c
_withdrawal = ConsentWithdrawal.__table__.c
_sheet = PaperSheet.__table__.c
_row = PaperSheetRow.__table__.c
_written = WrittenAnswer.__table__.c
_person = Person.__table__.c
_need = Need.__table__.c
_report = ReportedFigure.__table__.c
_progress = ProgressEntry.__table__.c


def _of_person(column: ColumnElement[UUID]) -> Rule:
    # Whom a mentor serves is all he learns; what was consented to is between founder and desk.
    def rule(actor: Actor, reach: Reach) -> Criterion:
        if reach is Reach.OWN:
            return column == actor.person_id
        if reach is Reach.STREET:
            return column.in_(select(_person.id).where(_person.street == actor.street))
        return false()

    return rule


def _sheet_rule(actor: Actor, reach: Reach) -> Criterion:
    return _sheet.street == actor.street if reach is Reach.STREET else false()


def _row_rule(actor: Actor, reach: Reach) -> Criterion:
    return _row.paper_sheet_id.in_(select(_sheet.id).where(_sheet_rule(actor, reach)))


def _written_rule(actor: Actor, reach: Reach) -> Criterion:
    if reach is Reach.OWN:
        return _written.person_id == actor.person_id
    if reach is Reach.SERVED:
        return _written.expert_id == actor.expert_id
    if reach is Reach.STREET:
        return _written.need_id.in_(select(_need.id).where(_need.street == actor.street))
    return false()


def _report_rule(actor: Actor, reach: Reach) -> Criterion:
    return _report.department == actor.department if reach is Reach.DEPARTMENT else false()


def _progress_rule(actor: Actor, reach: Reach) -> Criterion:
    return _progress.department == actor.department if reach is Reach.DEPARTMENT else false()


def _step_rule(actor: Actor, reach: Reach) -> Criterion:
    own = select(_progress.id).where(_progress_rule(actor, reach))
    return ProgressStep.__table__.c.progress_entry_id.in_(own)


def _bureau_rule(_actor: Actor, _reach: Reach) -> Criterion:
    # Who was rated badly may not learn by whom, nor what will be asked about his records; what
    # somebody was lent is his and the bureau's; a report file is of the whole district.
    return false()


RULES: dict[type[Base], Rule] = {
    Consent: _of_person(_consent.person_id),
    ConsentWithdrawal: _of_person(_withdrawal.person_id),
    Erasure: _bureau_rule,
    PaperSheet: _sheet_rule,
    PaperSheetRow: _row_rule,
    WrittenAnswer: _written_rule,
    VentureRegistration: _bureau_rule,
    ReportFile: _bureau_rule,
    ReportFilePart: _bureau_rule,
    Ticket: _bureau_rule,
    TicketTry: _bureau_rule,
    SupportItem: _bureau_rule,
    OpeningList: _bureau_rule,
    OpeningRow: _bureau_rule,
    ReportedFigure: _report_rule,
    Sample: _bureau_rule,
    SampleCall: _bureau_rule,
    Signal: _bureau_rule,
    SignalNote: _bureau_rule,
    ProgressEntry: _progress_rule,
    ProgressStep: _step_rule,
}
