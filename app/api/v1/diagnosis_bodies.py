"""What the routes of diagnoses take."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from app.api.schemas import Count, Named, Text, Whole
from app.domain.diagnosis import (
    LONGEST_AUDIENCE,
    LONGEST_DISSENT,
    LONGEST_NOTE,
    LONGEST_OBJECTION,
    LONGEST_PEOPLE,
    LONGEST_REASON,
    LONGEST_REMARK,
    LONGEST_SUMMARY,
    LONGEST_TEXT,
    LONGEST_WANTED,
    MOST_FINDINGS,
    DiagnosisScope,
    FindingOwner,
    FindingText,
    NoteKind,
    Priority,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeBody:
    """Whether the whole venture is looked at, or one question of it."""

    scope: DiagnosisScope


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialBody:
    """What the founder is asked for, and by which day."""

    text: Annotated[str, Text(LONGEST_WANTED)]
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialAnswerBody:
    """What came of it; where there is no such thing, why."""

    received: bool
    reason: Annotated[str | None, Text(LONGEST_REASON)] = None
    remark: Annotated[str | None, Text(LONGEST_REMARK)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialAgainBody:
    """What is missing."""

    remark: Annotated[str, Text(LONGEST_REMARK)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBody:
    """A visit, an interview or papers looked at: when, who, and what was seen or said."""

    kind: NoteKind
    held_on: date
    people: Annotated[str, Text(LONGEST_PEOPLE)]
    text: Annotated[str, Text(LONGEST_NOTE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingBody:
    """A problem, why it is so, what comes of it, what is to be done by whom and when."""

    problem: Annotated[str, Text(LONGEST_TEXT)]
    cause: Annotated[str, Text(LONGEST_TEXT)]
    effect: Annotated[str, Text(LONGEST_TEXT)]
    recommendation: Annotated[str, Text(LONGEST_TEXT)]
    priority: Priority
    owner: FindingOwner
    due_on: date

    @property
    def written(self) -> FindingText:
        """Return the finding as it is written."""
        return FindingText(
            problem=self.problem,
            cause=self.cause,
            effect=self.effect,
            recommendation=self.recommendation,
            priority=self.priority,
            owner=self.owner,
            due_on=self.due_on,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPlaceBody:
    """Where in the order the finding is to stand, from 1 on."""

    place: Annotated[int, Whole(1, MOST_FINDINGS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueBody:
    """The lead's overall view; the findings are taken as they stand."""

    summary: Annotated[str, Text(LONGEST_SUMMARY)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonBody:
    """Why it is done."""

    reason: Annotated[str, Text(LONGEST_REASON)]


@dataclass(frozen=True, slots=True)
class DissentBody:
    """With which finding, by its number in the report, the signer does not agree, and why."""

    number: Annotated[int, Whole(1, MOST_FINDINGS)]
    text: Annotated[str, Text(LONGEST_DISSENT)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignReportBody:
    """A signature under the version that was read."""

    report_id: Annotated[UUID, Named(says="Of the version that was read; a newer one answers 409.")]
    dissents: Annotated[tuple[DissentBody, ...], Count(0, MOST_FINDINGS)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecuseBody:
    """Who stands aside, oneself where nobody is named, and why."""

    reason: Annotated[str, Text(LONGEST_REASON)]
    expert_id: Annotated[UUID | None, Named(says="By officers alone.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentBody:
    """When the complete report was presented, or is going to be, and to whom."""

    presented_at: datetime
    audience: Annotated[str, Text(LONGEST_AUDIENCE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordBody:
    """The founder's word on a presentation; an objection has words."""

    presentation_id: UUID
    understood: bool
    objection: Annotated[str | None, Text(LONGEST_OBJECTION)] = None
