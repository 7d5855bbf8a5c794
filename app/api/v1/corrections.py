"""更正: a counted fact is put right by one officer and checked by another; told before it is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import operation
from app.api.v1.correction_bodies import (
    CorrectionBody,
    CorrectionDetail,
    PreviewTold,
    preview_told,
    told,
)
from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.errors import NotFoundError
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.service_record import Correction, CorrectionStatus
from app.queries import bureau_desk
from app.queries.bureau_desk import ReviewAsked, ReviewFilter
from app.services import corrections
from app.services.service_records import preview_proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsQuery:
    """Which corrections, of one month or meeting or of all."""

    state: ReviewFilter = ReviewFilter.WAITING
    month: Month | None = None
    service_session_id: UUID | None = None
    cursor: UUID | None = None


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """A page of corrections, the newest first; `open` counts those that wait."""

    items: tuple[CorrectionDetail, ...]
    open: int
    next: UUID | None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    one = "/corrections/<uuid:correction_id>"
    blueprint.post("/service-sessions/<uuid:session_id>/corrections")(propose_correction)
    blueprint.get("/corrections")(list_corrections)
    blueprint.get(one)(read_correction)
    blueprint.get(f"{one}/preview")(preview_correction)
    blueprint.post(f"{one}/approve")(approve_correction)
    blueprint.post(f"{one}/refuse")(refuse_correction)


@operation(Permission.MAKE_CORRECTION, answer=CorrectionDetail)
def propose_correction(session_id: UUID, body: CorrectionBody) -> Any:
    """Propose what is right instead of what was recorded; nothing changes before the check."""
    given = (session_id, body.operation, body.value(), body.reason)
    made: Correction = run(corrections.propose, *given, sample_call_id=body.sample_call_id)
    return _detail(made.id)


@operation(Permission.READ_COUNTS, answer=CorrectionPage)
def list_corrections(query: CorrectionsQuery) -> Any:
    """List the corrections that wait for their checker, or those that were checked."""
    asked = ReviewAsked(query.state, query.month, query.service_session_id)
    with reading() as reader:
        page = bureau_desk.reviews(reader, asked, after=query.cursor)
    return jsonable(CorrectionPage(tuple(map(told, page.items)), page.open, page.next))


@operation(Permission.READ_COUNTS, answer=CorrectionDetail, logged=True)
def read_correction(correction_id: UUID) -> Any:
    """Read one correction, and what it changed in closed months."""
    return _detail(correction_id)


@operation(Permission.READ_COUNTS, answer=PreviewTold, logged=True)
def preview_correction(correction_id: UUID) -> Any:
    """Tell what the approval would change: the decision on the meeting and every figure it moves.

    Nothing is written. A correction that was checked has none any more.
    """
    with reading() as reader:
        page = bureau_desk.review(reader, correction_id)
        row = page.review
        if row.status is not CorrectionStatus.PROPOSED:
            raise NotFoundError("correction.no_preview")
        change = preview_proposed(reader, row.session_id, row.operation, row.stored)
    return jsonable(preview_told(change))


@operation(Permission.CHECK_CORRECTION, answer=CorrectionDetail)
def approve_correction(correction_id: UUID, version: int | None) -> Any:
    """Let the correction take effect; not by who proposed it.

    Closed months stay as reported; the difference is posted to an open one.
    """
    run(corrections.approve, correction_id, version=version)
    return _detail(correction_id)


@operation(Permission.CHECK_CORRECTION, answer=CorrectionDetail)
def refuse_correction(correction_id: UUID, version: int | None) -> Any:
    """Leave the record as it is; the proposal stays in the file."""
    run(corrections.refuse, correction_id, version=version)
    return _detail(correction_id)


def _detail(correction_id: UUID) -> Any:
    with reading() as reader:
        return jsonable(told(bureau_desk.review(reader, correction_id).review))
