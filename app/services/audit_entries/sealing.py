"""Sealing: entries get their number, a Merkle root covers them, seals hang on each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from sqlalchemy import select, update

from app.db import MachineNow
from app.domain.audit_entry import (
    FIRST_PREVIOUS,
    EntryFacts,
    SealHead,
    Signer,
    entry_fault,
    merkle_root,
    seal_mac,
)
from app.models.audit_entry import AuditEntry, AuditSeal
from app.services.audit_entries.reading import key_of, unsealed
from app.services.audit_entries.report import Report
from app.unit_of_work import UnitOfWork, unscoped

MOST_IN_A_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one sealing did: entries sealed, and those it refused."""

    entries: int
    refused: tuple[UUID, ...]

    @property
    def is_full(self) -> bool:
        """Tell whether more may be waiting."""
        return self.entries == MOST_IN_A_BATCH


def seal(uow: UnitOfWork, key: bytes, signer: Signer | None = None) -> Sealed:
    """Seal the entries that wait, at most one batch; refuse those without a valid mark.

    Several sealers may run: the number of a seal is unique, so one of them succeeds and the
    others are told that the batch is sealed.

    Args:
        uow: the transaction.
        key: the key that marks entries and seals.
        signer: signs the seal; None leaves it unsigned, where there is no key yet.

    Raises:
        ConflictError: when another sealer was faster.
    """
    refused: list[UUID] = []
    batch = list(islice(_valid(uow, key, refused), MOST_IN_A_BATCH))
    if batch:
        last = uow.one(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))
        head = _next_head(last, batch)
        uow.add(_seal_row(head, key, signer))
        uow.flush()
        numbers = range(head.first_seq, head.last_seq + 1)
        rows = [{"id": e.id, "seq": seq} for e, seq in zip(batch, numbers, strict=True)]
        with unscoped():
            uow.session.execute(update(AuditEntry), rows)
    return Sealed(len(batch), tuple(refused))


def _valid(uow: UnitOfWork, key: bytes, refused: list[UUID]) -> Iterator[EntryFacts]:
    unreadable = Report()
    for entry in unsealed(uow.session, unreadable):
        if entry_fault(entry, key) is None:
            yield entry
        else:
            refused.append(entry.id)
    named = (key_of(fault["entry"]) for fault in unreadable.faults)
    refused += [each for each in named if each is not None]


def _next_head(last: AuditSeal | None, batch: list[EntryFacts]) -> SealHead:
    first = last.last_seq + 1 if last else 1
    return SealHead(
        number=last.number + 1 if last else 1,
        first_seq=first,
        last_seq=first + len(batch) - 1,
        root=merkle_root([entry.leaf for entry in batch], batch[-1].algorithm),
        previous=last.digest if last else FIRST_PREVIOUS,
        algorithm=batch[-1].algorithm,
    )


def _seal_row(head: SealHead, key: bytes, signer: Signer | None) -> AuditSeal:
    digest = head.digest()
    signature = signer.sign(digest) if signer else None
    return AuditSeal(
        number=head.number,
        first_seq=head.first_seq,
        last_seq=head.last_seq,
        root=head.root,
        previous=head.previous,
        digest=digest,
        mac=seal_mac(key, digest),
        algorithm=head.algorithm,
        key_id=signature.key_id if signature else None,
        signature=signature.value if signature else None,
        sealed_at=MachineNow(),
    )
