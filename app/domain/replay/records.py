"""The session records of a replay file as facts of the counting rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.expert import Term
from app.domain.outcome import ConfirmationKind
from app.domain.replay.errors import UnknownReplayInputError
from app.domain.replay.reading import (
    read_clock,
    read_code,
    read_day,
    read_list,
    read_number,
    read_object,
    read_persons,
    read_text,
)
from app.domain.replay.times import noon_of, span_of
from app.domain.service_record import (
    VOID_CODES,
    AttendeeFacts,
    Confirmation,
    ConflictFacts,
    DisputeFacts,
    ExpertFacts,
    Reason,
    SessionFacts,
    SessionType,
    VentureFacts,
)

_NEEDED = ("id", "type", "date", "minutes", "experts", "attendees", "venture", "topic")
_ALLOWED = ("start", "anonymous", "void", "confirmed_on", "conflict", "reviewed_projects")
# What may stand in place of a service; every other reason follows from the facts of the file.
_VOIDS = (*sorted(VOID_CODES), Reason.TEST_DATA, Reason.DISPUTED)


@dataclass(frozen=True)
class Registers:
    """The terms of the experts and the ventures a file knows, by id."""

    terms: Mapping[str, tuple[Term, ...]]
    ventures: Mapping[str, VentureFacts]


def read_records(value: object, registers: Registers) -> tuple[SessionFacts, ...]:
    """Return the facts of every session of the file, whose ids must differ."""
    rows = [read_object(row, "sessions", _NEEDED, _ALLOWED) for row in read_list(value, "sessions")]
    records = tuple(_record(row, registers) for row in rows)
    seen: set[str] = set()
    for record in records:
        if record.session_id in seen:
            raise UnknownReplayInputError.of("sessions.id", record.session_id)
        seen.add(record.session_id)
    return records


def _record(row: Mapping[str, object], registers: Registers) -> SessionFacts:
    where = f"sessions.{read_text(row['id'], 'sessions.id')}"
    day = read_day(row["date"], f"{where}.date")
    minutes = read_number(row["minutes"], f"{where}.minutes")
    start = read_clock(row["start"], f"{where}.start") if "start" in row else None
    span = span_of(day, start, minutes, where)
    void = _optional_void(row.get("void"), where)
    return SessionFacts(
        session_id=read_text(row["id"], where),
        session_type=read_code(row["type"], tuple(SessionType), f"{where}.type"),
        actual=span,
        stated_minutes=minutes,
        is_timed=start is not None,
        experts=_experts(row["experts"], registers, span.starts_at, where),
        attendees=_attendees(row["attendees"], span.starts_at, where),
        venture=read_venture(row["venture"], registers, f"{where}.venture"),
        topic=_optional_text(row["topic"], f"{where}.topic"),
        recorded_at=span.starts_at,
        confirmation=_confirmation(row.get("confirmed_on"), where),
        void_code=void if void in VOID_CODES else None,
        is_test=void is Reason.TEST_DATA,
        dispute=DisputeFacts(span.starts_at) if void is Reason.DISPUTED else None,
        conflicts=_conflicts(row.get("conflict"), where),
        anonymous_heads=read_number(row.get("anonymous", 0), f"{where}.anonymous"),
        review_projects=_review_projects(row, where),
    )


def _experts(
    value: object, registers: Registers, signed_at: datetime, where: str
) -> tuple[ExpertFacts, ...]:
    """Return the experts; the lead of a panel is the one named first."""
    rows = read_object(value, f"{where}.experts")
    return tuple(
        ExpertFacts(
            expert_id=read_code(mentor, tuple(registers.terms), f"{where}.experts"),
            is_lead=position == 0,
            terms=registers.terms[mentor],
            signed_at=signed_at,
            stated_minutes=read_number(minutes, f"{where}.experts.{mentor}"),
        )
        for position, (mentor, minutes) in enumerate(rows.items())
    )


def _attendees(value: object, vouched_at: datetime, where: str) -> tuple[AttendeeFacts, ...]:
    persons = read_persons(value, f"{where}.attendees")
    return tuple(AttendeeFacts(p, is_identified=True, vouched_at=vouched_at) for p in persons)


def read_venture(value: object, registers: Registers, where: str) -> VentureFacts | None:
    """Return the venture a place of the file names, None where it names none."""
    if value is None:
        return None
    key = read_code(value, tuple(registers.ventures), where)
    return registers.ventures[key]


def _confirmation(value: object, where: str) -> Confirmation | None:
    if value is None:
        return None
    day: date = read_day(value, f"{where}.confirmed_on")
    return Confirmation(ConfirmationKind.SIGNED_IN, noon_of(day))


def _conflicts(value: object, where: str) -> tuple[ConflictFacts, ...]:
    """Return the conflict of a file, which names its kind but not whose it is."""
    return () if _optional_text(value, f"{where}.conflict") is None else (ConflictFacts(None),)


def _review_projects(row: Mapping[str, object], where: str) -> int:
    """Return the projects of a review, which must be told; no other session has any."""
    untold = None if row["type"] == SessionType.REVIEW else 0
    return read_number(row.get("reviewed_projects", untold), f"{where}.reviewed_projects")


def _optional_void(value: object, where: str) -> Reason | None:
    return None if value is None else read_code(value, _VOIDS, f"{where}.void")


def _optional_text(value: object, where: str) -> str | None:
    return None if value is None else read_text(value, where)
