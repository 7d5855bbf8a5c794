"""A meeting's record as it is printed and filed, as far as its reader may know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.service_session import Party
from app.queries.accounts import account_names
from app.queries.attachments import AttachmentRow, attachments_of
from app.queries.bureau_desk import Compared, Evidence, compared, evidence
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSheet:
    """Everything that stands on the printed record.

    Attributes:
        author: who wrote the newest version.
        officers: who confirmed on behalf of the bureau, by account.
        compared: each later version beside the one before it, the newest first.
        sha256: the hash of the text that was signed last, None before there was one.
    """

    evidence: Evidence
    files: Sequence[AttachmentRow]
    compared: Sequence[Compared]
    author: str | None
    entered_by: str | None
    officers: Mapping[UUID, str]
    sha256: str | None
    printed_at: datetime

    @property
    def is_panel(self) -> bool:
        """Tell whether more than one expert was there."""
        came = [each for each in self.evidence.people if each.is_present]
        return sum(each.side is Party.EXPERT for each in came) > 1


def record_sheet(reader: Reader, session_id: UUID) -> RecordSheet:
    """Return the record of a meeting to be printed.

    Raises:
        NotFoundError: there is no such meeting, or the reader may not know of it.
    """
    page = evidence(reader, session_id)
    written = page.record.written if page.record else ()
    said = page.record.said if page.record else ()
    people = {version.author_id for version in written}
    people |= {each.officer_id for each in said if each.officer_id}
    people |= {page.meeting.entered_by_id} if page.meeting.entered_by_id else set()
    names = account_names(reader, people) if people else {}
    last = written[-1] if written else None
    entered_by_id = page.meeting.entered_by_id
    return RecordSheet(
        evidence=page,
        files=attachments_of(reader, session_id),
        compared=compared(written),
        author=names.get(last.author_id) if last else None,
        entered_by=names.get(entered_by_id) if entered_by_id else None,
        officers={each.officer_id: names[each.officer_id] for each in said if each.officer_id},
        sha256=last.signature.sha256 if last and last.signature else None,
        printed_at=reader.now,
    )
