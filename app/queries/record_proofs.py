"""A printed record 记录单 verified by a stranger who holds its number and its code."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.certificate import record_code
from app.domain.privacy import mask_name
from app.models.expert import Expert
from app.models.outcome import Outcome, OutcomeVersion
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.queries.free_times import Look


@dataclass(frozen=True, slots=True)
class RecordProof:
    """What a stranger may read of a record he holds in his hands.

    Attributes:
        number: the version that was printed; `newest` is the one that stands now.
        written_at: when that version was written.
        expert: masked, as `founder` is; he is None where a meeting had listeners.
        is_voided: the meeting was entered by mistake.
    """

    reference: str
    number: int
    newest: int
    written_at: datetime
    session_type: str
    starts_at: datetime
    ends_at: datetime
    expert: str
    founder: str | None
    is_voided: bool

    @property
    def is_newest(self) -> bool:
        """Tell whether nothing was written since."""
        return self.number == self.newest and not self.is_voided


def record_proof(look: Look, key: bytes, reference: str, code: str) -> RecordProof | None:
    """Return the record a number and a code belong to, None where they do not; for anybody.

    Args:
        look: of whoever asks.
        key: from which codes are made; lives outside the database.
        reference: the number on the paper.
        code: as `typed_code` returns it.
    """
    with look.beyond_scope("the record of a number and a code, for whoever holds the paper"):
        row = look.session.execute(
            select(ServiceSession, Expert.name, Person.name)
            .join(Expert, Expert.id == ServiceSession.lead_expert_id)
            .outerjoin(Person, Person.id == ServiceSession.founder_person_id)
            .where(ServiceSession.reference == reference)
        ).one_or_none()
        if row is None:
            return None
        meeting, expert, founder = row
        written = look.session.scalars(
            select(OutcomeVersion)
            .join(Outcome, Outcome.id == OutcomeVersion.outcome_id)
            .where(Outcome.service_session_id == meeting.id)
            .order_by(OutcomeVersion.number)
        ).all()
        return next(
            (
                _proof(meeting, version, written[-1].number, expert, founder)
                for version in written
                if hmac.compare_digest(record_code(key, version.id), code)
            ),
            None,
        )


def _proof(
    meeting: ServiceSession, version: OutcomeVersion, newest: int, expert: str, founder: str | None
) -> RecordProof:
    return RecordProof(
        reference=meeting.reference,
        number=version.number,
        newest=newest,
        written_at=version.created_at,
        session_type=meeting.session_type,
        starts_at=meeting.actual_start or meeting.planned_starts_at,
        ends_at=meeting.actual_end or meeting.planned_ends_at,
        expert=mask_name(expert),
        founder=mask_name(founder) if founder else None,
        is_voided=meeting.voided_at is not None,
    )
