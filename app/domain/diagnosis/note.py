"""Notes of visits and interviews: when, who, and what was seen or said."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import FieldError, InvalidInputError
from app.domain.prose import faults

LONGEST_PEOPLE = 200
LONGEST_NOTE = 2000


class NoteKind(StrEnum):
    """How something was learnt (requirements C4)."""

    VISIT = "visit"
    INTERVIEW = "interview"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteText:
    """One note: `people` is who went and who was spoken to."""

    kind: NoteKind
    held_on: date
    people: str
    text: str


def ensure_note(note: NoteText, today: date) -> NoteText:
    """Return the note as it is kept.

    Raises:
        InvalidInputError: naming each field at fault.
    """
    wrong = faults("people", note.people, LONGEST_PEOPLE)
    wrong += faults("text", note.text, LONGEST_NOTE)
    if note.held_on > today:
        wrong.append(FieldError("held_on", "diagnosis.day_ahead"))
    if wrong:
        raise InvalidInputError(errors=wrong)
    return NoteText(
        kind=note.kind,
        held_on=note.held_on,
        people=note.people.strip(),
        text=note.text.strip(),
    )
