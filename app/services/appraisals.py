"""The verbs of an appraisal: given once for each meeting and expert, corrected with a reason."""

from uuid import UUID

from app.db import StaleVersionError
from app.domain import prose
from app.domain.actor import Permission
from app.domain.appraisal import (
    LONGEST_REASON,
    LONGEST_WORDS,
    AppraisedError,
    NotHeldError,
    OwnAppraisalError,
    ensure_score,
)
from app.domain.calendar import local_day
from app.models.appraisal import Appraisal
from app.models.expert import Expert
from app.models.person import Person
from app.models.service_session import ServiceSession
from app.queries.appraisals import appraised_experts, policy_of, versions_of
from app.unit_of_work import UnitOfWork


def appraise(
    uow: UnitOfWork, session_id: UUID, expert_id: UUID, score: int, words: str
) -> Appraisal:
    """Give an expert his mark for a meeting; he reads it with the words.

    Raises:
        NotHeldError: the meeting was not held, or he was not there.
        OwnAppraisalError: the officer is the expert.
        AppraisedError: he has his mark for it; a correction says why.
        InvalidInputError: at field `score` or `words`.
    """
    session = _session(uow, session_id, expert_id)
    if versions_of(uow, session.id, expert_id):
        raise AppraisedError
    row = _version(uow, session, expert_id, score, words)
    row.number = 1
    uow.add(row)
    uow.audit("appraisal.made", row)
    return row


def correct(
    uow: UnitOfWork,
    appraisal_id: UUID,
    score: int,
    words: str,
    reason: str,
    *,
    version: int | None = None,
) -> Appraisal:
    """Replace a mark by a new version that says why; the earlier ones stay and are shown.

    Args:
        uow: the transaction.
        appraisal_id: any version of it.
        score: the new mark.
        words: on what it rests.
        reason: why the one before was wrong.
        version: the number of the version the officer saw.

    Raises:
        StaleVersionError: there is a newer one.
        OwnAppraisalError: the officer is the expert.
        InvalidInputError: at field `score`, `words` or `reason`.
    """
    known = uow.load(Appraisal, appraisal_id)
    session = _session(uow, known.service_session_id, known.expert_id)
    newest = versions_of(uow, session.id, known.expert_id)[-1]
    if version is not None and version != newest.number:
        raise StaleVersionError(version=newest.number)
    row = _version(uow, session, known.expert_id, score, words)
    row.number = newest.number + 1
    row.reason = prose.ensure("reason", reason, LONGEST_REASON)
    uow.add(row)
    uow.audit("appraisal.corrected", row)
    return row


def _session(uow: UnitOfWork, session_id: UUID, expert_id: UUID) -> ServiceSession:
    # Two who appraise at once find each other.
    session = uow.load(ServiceSession, session_id, lock=True)
    uow.require(Permission.APPRAISE)
    if expert_id not in appraised_experts(uow, session.id):
        raise NotHeldError
    person = uow.load(Person, uow.load(Expert, expert_id).person_id)
    if uow.actor.person_id == person.id:
        raise OwnAppraisalError
    return session


def _version(
    uow: UnitOfWork, session: ServiceSession, expert_id: UUID, score: int, words: str
) -> Appraisal:
    ended_at = session.actual_end or session.planned_ends_at
    policy = policy_of(uow, local_day(ended_at))
    mark = ensure_score(score)
    return Appraisal(
        service_session_id=session.id,
        expert_id=expert_id,
        score=mark,
        grade=policy.grade(mark),
        words=prose.ensure("words", words, LONGEST_WORDS),
        due_at=uow.calendar.duty_deadline(ended_at, policy.days),
        made_by_id=uow.actor.account_id,
        made_at=uow.now,
    )
