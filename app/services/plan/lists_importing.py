"""An opening list taken over from a file: all rows or none, and the same file once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import prose
from app.domain.actor import Permission
from app.domain.errors import InvalidInputError
from app.domain.import_row import (
    CellError,
    Column,
    RowReader,
    SourceRow,
    day,
    line,
    text,
    whole_number,
)
from app.domain.plan import (
    LONGEST_DOCUMENT,
    CheckStatus,
    SupportKind,
    Unit,
    fen_of,
    unit_of,
)
from app.domain.plan.people import person_mac, phone_mac
from app.domain.plan.support import MOST_FEN, MOST_HEADS
from app.domain.vocabulary import Words
from app.models.support_item import OpeningList, OpeningRow
from app.services.plan.lists import OpeningSheet, match, people_by_mark
from app.services.rehearsal import perform
from app.unit_of_work import UnitOfWork

LONGEST_NUMBER = 40
_KINDS: Mapping[str, SupportKind] = {
    "担保贷款": SupportKind.LOAN,
    "贷款": SupportKind.LOAN,
    "补贴": SupportKind.SUBSIDY,
    "入驻": SupportKind.SETTLEMENT,
    "带动就业": SupportKind.JOBS,
    "服务": SupportKind.SERVICE,
    **{kind.value: kind for kind in SupportKind},
}


def _kind(cell: object, words: Words) -> SupportKind:
    written = text(LONGEST_NUMBER)(cell, words)
    if written not in _KINDS:
        raise CellError("import.unknown_word", word=written)
    return _KINDS[written]


def _money(cell: object, words: Words) -> int:
    fen = fen_of(text(LONGEST_NUMBER)(cell, words))
    if fen is None:
        raise CellError("plan.not_money")
    if not 0 < fen <= MOST_FEN:
        raise CellError("input.too_large", low=1, high=MOST_FEN // 100)
    return fen


COLUMNS: Mapping[str, Column] = {
    "name": Column(line(80), is_required=True),
    "number": Column(line(LONGEST_NUMBER)),
    "phone": Column(line(LONGEST_NUMBER)),
    "kind": Column(_kind, is_required=True),
    "done_on": Column(day, is_required=True),
    "amount": Column(_money),
    "heads": Column(whole_number(1, MOST_HEADS)),
    "document": Column(line(LONGEST_DOCUMENT), is_required=True),
}


@dataclass(frozen=True, slots=True)
class ListReport:
    """What a file brings: its rows, and how many of them are somebody known here."""

    rows: int
    matched: int

    @property
    def unmatched(self) -> int:
        """Rows that are nobody known here."""
        return self.rows - self.matched


def import_list(
    uow: UnitOfWork, sheet: OpeningSheet, key: bytes, *, dry_run: bool = False
) -> ListReport:
    """Take a list over; its rows count once another officer has checked it.

    Numbers of documents and telephones are kept as marks only.

    Args:
        uow: the transaction.
        sheet: the file.
        key: from which marks are made.
        dry_run: everything happens and nothing remains.

    Raises:
        ImportRefusedError: rows have faults; nothing is taken.
        InvalidInputError: the document is not named, or the file has no row.
        KnownError: the same file has been brought in.
    """
    uow.require(Permission.ENTER_PLAN)
    document = prose.ensure("document", sheet.document, LONGEST_DOCUMENT)
    if not sheet.rows:
        raise InvalidInputError.at("file", "plan.list_empty")
    entries = _understood(uow, sheet.rows)
    return perform(uow, lambda: _apply(uow, sheet, document, entries, key), for_good=not dry_run)


def _understood(uow: UnitOfWork, rows: Sequence[SourceRow]) -> list[dict[str, Any]]:
    reader = RowReader(COLUMNS, Words.of(()))
    given = reader.read_all(rows)
    seen: dict[tuple[object, ...], int] = {}
    for source, values in zip(rows, given, strict=True):
        reader.require(source, values)
        if not ("number" in values or "phone" in values):
            reader.fault(source, "number", "plan.number_or_phone")
        _check_quantity(reader, source, values)
        if "done_on" in values and values["done_on"] > uow.today:
            reader.fault(source, "done_on", "input.too_late", last=uow.today)
        same = tuple(values.get(name) for name in ("number", "phone", "name", "kind", "document"))
        if seen.setdefault(same, source.number) != source.number:
            reader.fault(source, "document", "plan.row_twice", first=seen[same])
    reader.ensure_faultless()
    return given


def _check_quantity(reader: RowReader, source: SourceRow, values: dict[str, Any]) -> None:
    if "kind" not in values:
        return
    unit = unit_of(values["kind"])
    known = {fault.field for fault in reader.faults if fault.row == source.number}
    for field, wanted in (("amount", Unit.FEN), ("heads", Unit.HEADS)):
        if unit is wanted and field not in values and field not in known:
            reader.fault(source, field, "input.required")
        elif unit is not wanted and field in values:
            reader.fault(source, field, "plan.no_quantity")


def _apply(
    uow: UnitOfWork,
    sheet: OpeningSheet,
    document: str,
    entries: Sequence[dict[str, Any]],
    key: bytes,
) -> ListReport:
    made = uow.add(
        OpeningList(
            document=document,
            file_name=sheet.file_name,
            content_sha256=sheet.content_sha256,
            row_count=len(entries),
            status=CheckStatus.PROPOSED,
            made_by_id=uow.actor.account_id,
            made_at=uow.now,
        )
    )
    uow.audit("opening_list.imported", made)
    uow.flush()
    people = people_by_mark(uow, key)
    matched = 0
    for source, values in zip(sheet.rows, entries, strict=True):
        row = uow.add(
            OpeningRow(
                opening_list_id=made.id,
                number=source.number,
                name=values["name"],
                number_mac=person_mac(key, values.get("number")),
                phone_mac=phone_mac(key, values.get("phone")),
                kind=values["kind"],
                done_on=values["done_on"],
                quantity=values.get("amount") or values.get("heads"),
                document=values["document"],
            )
        )
        matched += match(uow, row, people)
        uow.audit("opening_row.imported", row)
    return ListReport(len(entries), matched)
