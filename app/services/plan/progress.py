"""The verbs of the progress table: asked, filled in, handed in, signed off or sent back."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.domain import prose
from app.domain.actor import Permission, Reach
from app.domain.calendar import day_ends_at
from app.domain.checking import ensure_another
from app.domain.errors import InvalidInputError
from app.domain.plan import LONGEST_GROUNDS, ReportPeriod, SameHandsError
from app.domain.plan.progress import (
    BUREAU,
    WAITING,
    NotYourItemError,
    Progress,
    ProgressEvent,
    ProgressStatus,
    due_at,
    duties,
    ensure_draft,
    ensure_progress,
    next_status,
    reminders,
    stored,
)
from app.models.progress import ProgressEntry, ProgressRound, ProgressStep
from app.queries.vocabularies import attributes
from app.services.bookings.versions import ensure_version
from app.unit_of_work import UnitOfWork

REMIND = "remind_progress"
_VERBS = {
    ProgressEvent.SUBMIT: "submitted",
    ProgressEvent.SIGN: "signed",
    ProgressEvent.RETURN: "returned",
}


def open_round(uow: UnitOfWork, period: str, due_on: date | None = None) -> ProgressRound:
    """Ask every department responsible how its items went in a month, quarter or year.

    Args:
        uow: the transaction.
        period: its code, such as 2026-Q3.
        due_on: the last day for filling it in; by default the fifth working day after it.

    Raises:
        RoundOpenError: it was asked already.
        InvalidInputError: it is no period, or its last day has passed.
    """
    uow.require(Permission.ENTER_PLAN)
    found = ReportPeriod.parse(period)
    due = day_ends_at(due_on) if due_on else due_at(found, uow.calendar)
    if due <= uow.now:
        raise InvalidInputError.at("due_on", "input.too_early", first=uow.today)
    if found.first_on > uow.today:
        raise InvalidInputError.at("period", "plan.period_ahead")
    made = uow.add(
        ProgressRound(
            period=found.code,
            first_on=found.first_on,
            last_on=found.last_on,
            due_at=due,
            opened_by_id=uow.actor.account_id,
            opened_at=uow.now,
        )
    )
    uow.flush()
    for duty in duties(attributes(uow, "department")):
        uow.add(
            ProgressEntry(
                progress_round_id=made.id,
                item=duty.item,
                department=duty.department,
                is_lead=duty.is_lead,
                status=ProgressStatus.OPEN,
                words="",
                figures=[],
                document="",
            )
        )
    _plan_reminders(uow, made, due)
    uow.audit("progress_round.opened", made)
    uow.tell("progress_round.opened", made)
    return made


def save_progress(
    uow: UnitOfWork, entry_id: UUID, said: Progress, *, version: int | None = None
) -> ProgressEntry:
    """Keep what is written so far; nobody is told.

    Raises:
        ProgressStepError: it is handed in.
        NotYourItemError: it is another department's.
    """
    entry = _own(uow, entry_id, version)
    status = next_status(entry.status, ProgressEvent.SAVE)
    _write(entry, ensure_draft(said))
    entry.status = status
    uow.audit("progress_entry.saved", entry)
    return entry


def submit_progress(
    uow: UnitOfWork, entry_id: UUID, said: Progress, *, version: int | None = None
) -> ProgressEntry:
    """Hand in what is said of an item; it is kept as a version, and the bureau looks at it.

    Raises:
        ProgressStepError: it is handed in already.
        NotYourItemError: it is another department's.
        InvalidInputError: something lacks or cannot be so.
    """
    entry = _own(uow, entry_id, version)
    status = next_status(entry.status, ProgressEvent.SUBMIT)
    _write(entry, ensure_progress(said))
    entry.status = status
    entry.submitted_by_id, entry.submitted_at = uow.actor.account_id, uow.now
    _step(uow, entry, ProgressEvent.SUBMIT, entry.words)
    uow.tell("progress_entry.submitted", entry)
    return entry


def sign_progress(uow: UnitOfWork, entry_id: UUID, *, version: int | None = None) -> ProgressEntry:
    """Sign off what was handed in.

    Raises:
        ProgressStepError: it is not handed in.
        SameHandsError: the actor handed it in.
    """
    entry = _checked(uow, entry_id, ProgressEvent.SIGN, version)
    _step(uow, entry, ProgressEvent.SIGN, "")
    uow.tell("progress_entry.signed", entry)
    return entry


def return_progress(
    uow: UnitOfWork, entry_id: UUID, answer: str, *, version: int | None = None
) -> ProgressEntry:
    """Send it back with what is to be put right; what was handed in stays as a version.

    Raises:
        ProgressStepError: it is not handed in.
        SameHandsError: the actor handed it in.
        InvalidInputError: no reason is given.
    """
    why = prose.ensure("answer", answer, LONGEST_GROUNDS)
    entry = _checked(uow, entry_id, ProgressEvent.RETURN, version)
    _step(uow, entry, ProgressEvent.RETURN, why)
    uow.tell("progress_entry.returned", entry)
    return entry


def _plan_reminders(uow: UnitOfWork, made: ProgressRound, due: datetime) -> None:
    for remind_at in reminders(due, uow.calendar):
        if remind_at > uow.now:
            key = f"{REMIND}:{made.id}:{remind_at.isoformat()}"
            uow.later(REMIND, key, remind_at, subject_id=made.id)


def _own(uow: UnitOfWork, entry_id: UUID, version: int | None) -> ProgressEntry:
    entry = uow.load(ProgressEntry, entry_id, lock=True)
    uow.require(Permission.REPORT_PLAN)
    is_bureau = Reach.ALL in uow.actor.reaches and entry.department == BUREAU
    if not is_bureau and uow.actor.department != entry.department:
        raise NotYourItemError(department=entry.department)
    ensure_version(entry, version)
    return entry


def _checked(
    uow: UnitOfWork, entry_id: UUID, event: ProgressEvent, version: int | None
) -> ProgressEntry:
    entry = uow.load(ProgressEntry, entry_id, lock=True)
    uow.require(Permission.CHECK_PLAN)
    status = next_status(entry.status, event)
    ensure_version(entry, version)
    if entry.submitted_by_id is not None:
        ensure_another(entry.submitted_by_id, uow.actor.account_id, SameHandsError)
    entry.status = status
    return entry


def _write(entry: ProgressEntry, said: Progress) -> None:
    entry.words, entry.document = said.words, said.document
    entry.figures = stored(said.figures)


def _step(uow: UnitOfWork, entry: ProgressEntry, event: ProgressEvent, words: str) -> None:
    entry.steps += 1
    is_handed_in = event is ProgressEvent.SUBMIT
    step = uow.add(
        ProgressStep(
            progress_entry_id=entry.id,
            number=entry.steps,
            event=event,
            words=words,
            figures=entry.figures if is_handed_in else [],
            document=entry.document if is_handed_in else "",
            by_id=uow.actor.account_id,
            at=uow.now,
        )
    )
    uow.audit(f"progress_entry.{_VERBS[event]}", entry, step)


def waiting_departments(uow: UnitOfWork, round_id: UUID) -> list[str]:
    """Return the departments that have not handed in all of their items."""
    found = select(ProgressEntry.department).where(
        ProgressEntry.progress_round_id == round_id, ProgressEntry.status.in_(WAITING)
    )
    return sorted(set(uow.all(found)))
