"""The questions of the nightly self-audit that the tables answer, and what the last one found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app.domain.attachment import FileState, KeptFiles
from app.domain.booking import BookingStatus
from app.domain.calendar import Month, local_day
from app.domain.job import JobState
from app.domain.self_audit import Check, Finding, from_stored
from app.domain.service_record import SplitBy, SplitMismatchError, split
from app.models.attachment import Attachment
from app.models.booking import Booking, BookingExpert, Resource, ResourceClaim
from app.models.expert import Appointment
from app.models.job import Job
from app.models.self_audit import SelfAudit
from app.queries.free_times import Look
from app.queries.service_counts.decisions import of_month
from app.unit_of_work import Reader

LIVE = (BookingStatus.REQUESTED, BookingStatus.ACCEPTED)
MEETING_REMINDERS = ("remind_session", "remind_answer")


@dataclass(frozen=True, slots=True)
class SelfAuditView:
    """What the last self-audit found; `entries` of the trail were proved, None where none were."""

    looked_at: datetime
    found: int
    entries: int | None
    findings: Sequence[Finding]

    @property
    def breaks(self) -> int:
        """How many of the findings named are about the trail."""
        return sum(each.check is Check.TRAIL_BROKEN for each in self.findings)


def newest(reader: Reader) -> SelfAuditView | None:
    """Return the last self-audit, None before the first."""
    row = reader.session.scalars(
        select(SelfAudit).order_by(SelfAudit.looked_at.desc()).limit(1)
    ).first()
    if row is None:
        return None
    return SelfAuditView(row.looked_at, row.found, row.entries, from_stored(row.findings))


def doubled_times(look: Look) -> Iterator[Finding]:
    """Yield claims of one person, room or thing on the same time."""
    other = aliased(ResourceClaim)
    rows = look.session.execute(
        select(ResourceClaim.booking_id, Resource.kind)
        .join(Resource, Resource.id == ResourceClaim.resource_id)
        .join(other, other.resource_id == ResourceClaim.resource_id)
        .where(
            ResourceClaim.id < other.id,
            ResourceClaim.is_active,
            other.is_active,
            ResourceClaim.starts_at < other.ends_at,
            other.starts_at < ResourceClaim.ends_at,
        )
    )
    for booking_id, kind in rows:
        yield Finding(Check.TIME_DOUBLED, str(booking_id), {"kind": kind.value})


def orphaned_reminders(look: Look) -> Iterator[Finding]:
    """Yield reminders that still wait although their booking is no longer on."""
    rows = look.session.execute(
        select(Job.subject_id, Job.kind)
        .join(Booking, Booking.id == Job.subject_id)
        .where(
            Job.state == JobState.READY,
            Job.kind.in_(MEETING_REMINDERS),
            Booking.status.not_in(LIVE),
        )
    )
    for booking_id, kind in rows:
        yield Finding(Check.REMINDER_ORPHANED, str(booking_id), {"kind": kind})


def beyond_terms(look: Look) -> Iterator[Finding]:
    """Yield bookings to come whose lead expert has no term that reaches their day."""
    rows = look.session.execute(
        select(Booking.id, Booking.lead_expert_id, Booking.starts_at).where(
            Booking.status.in_(LIVE),
            Booking.starts_at > look.now,
            exists().where(BookingExpert.booking_id == Booking.id),
        )
    ).all()
    terms = look.session.execute(
        select(Appointment.expert_id, Appointment.starts_on, Appointment.ends_on).where(
            Appointment.ends_on >= local_day(look.now)
        )
    ).all()
    for booking_id, expert_id, starts_at in rows:
        day = local_day(starts_at)
        reached = any(key == expert_id and first <= day <= last for key, first, last in terms)
        if not reached:
            yield Finding(Check.BEYOND_TERM, str(booking_id), {"day": day.isoformat()})


def damaged_files(look: Look, files: KeptFiles) -> Iterator[Finding]:
    """Yield the files of meetings whose bytes are gone or are no longer those of their hash."""
    rows = look.session.execute(
        select(Attachment.service_session_id, Attachment.sha256, Attachment.kind).order_by(
            Attachment.sha256, Attachment.id
        )
    ).all()
    state, of_hash = FileState.SOUND, ""
    for session_id, sha256, kind in rows:
        if sha256 != of_hash:
            state, of_hash = files.state(sha256), sha256
        if state is not FileState.SOUND:
            check = Check.FILE_MISSING if state is FileState.MISSING else Check.FILE_CHANGED
            yield Finding(check, str(session_id), {"kind": kind.value, "sha256": sha256})


def differing_splits(look: Look, month: Month) -> Iterator[Finding]:
    """Yield the splits of a month that do not sum to its totals."""
    decisions = [version.decision for version in of_month(look, month).values()]
    for by in SplitBy:
        try:
            split(decisions, month, by)
        except SplitMismatchError:
            yield Finding(Check.SPLIT_DIFFERS, str(month), {"by": by.value})
