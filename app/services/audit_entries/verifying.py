"""Verification of entries one by one, of seals as a chain, of versions without holes."""

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.domain.audit_entry import (
    ALGORITHM,
    ALGORITHMS,
    FIRST_PREVIOUS,
    Checker,
    EntryFacts,
    SealHead,
    Signature,
    entry_fault,
    leaf_hash,
    marks_equal,
    merkle_root,
    seal_mac,
)
from app.models.audit_entry import AuditEntry, AuditSeal
from app.services.audit_entries import reading
from app.services.audit_entries.comparing import compare_rows
from app.services.audit_entries.report import MOST_NAMED, Report
from app.unit_of_work import Reader


def verify(
    reader: Reader,
    key: bytes | None,
    heads: Mapping[int, str] | None = None,
    checker: Checker | None = None,
    tick: Callable[[], None] = lambda: None,
) -> Report:
    """Compare the trail with itself, with its seals and with every ledger row.

    Everything is read as of one instant while others go on writing; memory stays flat.

    Args:
        reader: a look that has not read anything yet.
        key: the key that marks entries and seals. Without it, as somebody outside looks at a
            copy, marks are not looked at, and everything must be sealed.
        heads: digests of seals by number, as they were published earlier.
        checker: the public keys of seals; without it signatures are not looked at.
        tick: called after each seal and each page of rows; a long look may take minutes.
    """
    if reader.session.get_bind().dialect.name == "postgresql":
        reader.session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    report = Report()
    _Chain(reader.session, key, checker, report).follow(heads or {}, tick)
    _check_unsealed(reader.session, key, report)
    _check_versions(reader.session, report)
    compare_rows(reader.session, report, tick)
    return report


class _Chain:
    """The seals in order, with the entries each of them covers."""

    def __init__(
        self, session: Session, key: bytes | None, checker: Checker | None, report: Report
    ) -> None:
        self._session = session
        self._key = key
        self._checker = checker
        self._is_signed = False
        self._report = report
        self._entries = reading.sealed(session, report)
        self._ahead = next(self._entries, None)
        self._last = SealHead(0, 0, 0, "", "")
        self._previous = FIRST_PREVIOUS

    def follow(self, heads: Mapping[int, str], tick: Callable[[], None]) -> None:
        """Check every seal and its entries, then what no seal covers."""
        missing = dict(heads)
        for row in reading.seals(self._session):
            numbers = (row.number, row.first_seq, row.last_seq)
            head = SealHead(*numbers, row.root, row.previous, _known(row.algorithm))
            self._check_link(row, head)
            self._check_leaves(head)
            self._check_published(head, missing.pop(row.number, None))
            self._last, self._previous = head, head.digest()
            self._report.seals += 1
            self._report.head = (row.number, row.digest)
            tick()
        for number in sorted(missing):
            self._report.blame("seal.missing", seal=number)
        while (entry := self._take(None)) is not None:
            self._report.blame("entry.without_seal", **_named(entry))

    def _check_link(self, row: AuditSeal, head: SealHead) -> None:
        blame = self._report.blame
        digest = head.digest()
        if row.algorithm != head.algorithm or digest != row.digest:
            blame("seal.changed", seal=row.number)
        elif self._key and not marks_equal(seal_mac(self._key, digest), row.mac):
            blame("seal.forged", seal=row.number)
        else:
            self._check_signature(row)
        if row.number != self._last.number + 1:
            for number in range(self._last.number + 1, row.number)[:MOST_NAMED]:
                blame("seal.missing", seal=number)
        elif row.previous != self._previous or row.first_seq != self._last.last_seq + 1:
            blame("seal.unchained", seal=row.number)

    def _check_signature(self, row: AuditSeal) -> None:
        """Check the signature; only seals from before the first signed one may lack it."""
        if self._checker is None:
            return
        if row.signature is None or row.key_id is None:
            if self._is_signed:
                self._report.blame("seal.unsigned", seal=row.number)
            return
        self._is_signed = True
        if not self._checker.is_valid(row.digest, Signature(row.key_id, row.signature)):
            self._report.blame("seal.forged", seal=row.number)

    def _check_leaves(self, head: SealHead) -> None:
        while self._ahead is not None and (self._ahead.seq or 0) < head.first_seq:
            entry = self._take(None)
            if entry is not None:
                self._report.blame("entry.without_seal", **_named(entry))
        leaves: list[str] = []
        expected, before = head.first_seq, None
        while (entry := self._take(head.last_seq)) is not None:
            self._blame_missing(head, expected, entry.seq or 0)
            if before is not None and entry.id < before:
                self._report.blame("entry.moved", seal=head.number, **_named(entry))
            leaves.append(leaf_hash(entry.body, _known(entry.algorithm)))
            expected, before = (entry.seq or 0) + 1, entry.id
        self._blame_missing(head, expected, head.last_seq + 1)
        if merkle_root(leaves, head.algorithm) != head.root:
            self._report.blame(
                "seal.broken", seal=head.number, first=head.first_seq, last=head.last_seq
            )

    def _check_published(self, head: SealHead, published: str | None) -> None:
        if published is not None and published != head.digest():
            self._report.blame("seal.not_as_published", seal=head.number)

    def _blame_missing(self, head: SealHead, start: int, end: int) -> None:
        for seq in range(start, end)[:MOST_NAMED]:
            self._report.blame("entry.missing", seq=seq, seal=head.number)

    def _take(self, last_seq: int | None) -> EntryFacts | None:
        entry = self._ahead
        if entry is None or (last_seq is not None and (entry.seq or 0) > last_seq):
            return None
        self._ahead = next(self._entries, None)
        _check_entry(entry, self._key, self._report)
        return entry


def _known(algorithm: str) -> str:
    """Return the hash that is named, the usual one where the name means nothing."""
    return algorithm if algorithm in ALGORITHMS else ALGORITHM


def _check_entry(entry: EntryFacts, key: bytes | None, report: Report) -> None:
    report.entries += 1
    fault = entry_fault(entry, key)
    if fault is not None:
        report.blame(fault.value, **_named(entry))


def _check_unsealed(session: Session, key: bytes | None, report: Report) -> None:
    for entry in reading.unsealed(session, report):
        report.unsealed += 1
        if key is None:
            report.blame("entry.unsealed", **_named(entry))
        _check_entry(entry, key, report)


def _check_versions(session: Session, report: Report) -> None:
    """Name the holes in the versions of each entity: an entry was taken out there."""
    newest = func.max(AuditEntry.entity_version)
    holed = (
        select(AuditEntry.entity, AuditEntry.entity_id, newest)
        .group_by(AuditEntry.entity, AuditEntry.entity_id)
        .having((func.count() != newest) | (func.min(AuditEntry.entity_version) != 1))
        .order_by(AuditEntry.entity, AuditEntry.entity_id)
        .limit(MOST_NAMED)
    )
    try:
        found, of_it = session.execute(holed).all(), AuditEntry.entity_id
    except reading.UNREADABLE:
        of_it = reading.as_kept(AuditEntry.entity_id)
        found = session.execute(holed.with_only_columns(AuditEntry.entity, of_it, newest)).all()
    for entity, entity_id, last in found:
        statement = select(AuditEntry.entity_version).where(
            AuditEntry.entity == entity, of_it == entity_id
        )
        kept = {version for version in session.scalars(statement) if isinstance(version, int)}
        for version in _holes(kept, last if isinstance(last, int) else len(kept)):
            report.blame(
                "entry.version_missing", entity=entity, entity_id=str(entity_id), version=version
            )


def _holes(kept: set[int], last: int) -> Iterator[int]:
    found = [version for version in range(1, min(last, MOST_NAMED) + 1) if version not in kept]
    yield from found or sorted(kept)[:1]


def _named(entry: EntryFacts) -> dict[str, object]:
    return {
        "entry": str(entry.id),
        "seq": entry.seq,
        "action": entry.action,
        "entity": entry.entity,
        "entity_id": str(entry.entity_id),
        "version": entry.entity_version,
    }
