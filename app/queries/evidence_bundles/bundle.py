"""The files of an evidence bundle: inputs, figures, and the sealed trail they are tied to."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.domain.audit_entry import canonical
from app.domain.calendar import Month
from app.domain.errors import NotFoundError, RuleError
from app.models.audit_entry import AuditEntry, AuditSeal
from app.models.diagnosis import Diagnosis, DiagnosisReport, DiagnosisSignature
from app.models.period import Period
from app.queries.evidence_bundles.gathering import Rows, in_batches, place_names, rows_of
from app.queries.evidence_bundles.packing import document, lines
from app.queries.evidence_bundles.showing import withheld
from app.unit_of_work import Reader

FORMAT, VERSION = "jieban-evidence", 1
MOST_ENTRIES = 500_000
_READ_ME = """\
Evidence bundle of {month} / {month} 证据包

python verify_bundle.py THIS_FILE.zip --key-fingerprint HEX --head NUMBER:DIGEST

Take the program from a copy you trust, fingerprint and head from the printed report.
程序取自您信任的副本，公钥指纹和封存批号、摘要取自打印的月报。
"""


class BundleTooLongError(RuleError):
    """The trail is too long to be packed while a page waits."""

    default_code = "evidence.too_long"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who hands the bundle out, and the public keys with which his seals were signed."""

    district: str
    public_keys: Sequence[str]


def bundle(
    reader: Reader, month: Month, issuer: Issuer, most_entries: int = MOST_ENTRIES
) -> dict[str, bytes]:
    """Return the files of the bundle by their names; the same trail gives the same bytes.

    Raises:
        NotFoundError: the month is not closed.
        RuleError: `evidence.not_sealed`: no seal covers the closing yet.
        BundleTooLongError: more entries are sealed than the caller can wait for.
    """
    period = reader.session.scalars(select(Period).where(Period.month == str(month))).first()
    if period is None:
        raise NotFoundError("period.not_closed", month=str(month))
    sealed = reader.session.execute(select(func.max(AuditSeal.last_seq))).scalar_one() or 0
    if sealed > most_entries:
        raise BundleTooLongError(entries=sealed, most=most_entries)
    # What is under lock is proved all the same: of its words a bundle holds hashes.
    with reader.beyond_scope("every row a closed month rests on"):
        rows = rows_of(reader, period)
    trail = _Trail(reader, rows, sealed)
    if ("periods", period.id) not in trail.known:
        raise RuleError("evidence.not_sealed", month=str(month))
    files = _inputs(rows, trail.known)
    files["trail/entries.jsonl"] = lines(trail.entries())
    seals = [_seal(row) for row in _seals(reader)]
    files["trail/seals.jsonl"] = lines(seals)
    files["keys.json"] = document({"ed25519": list(issuer.public_keys)})
    files["README.txt"] = _READ_ME.format(month=month).encode()
    files["manifest.json"] = document(_manifest(period, issuer, files, seals[-1]))
    return files


def _manifest(
    period: Period, issuer: Issuer, files: dict[str, bytes], last: dict[str, Any]
) -> dict[str, object]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "district": issuer.district,
        "month": period.month,
        "cut_at": period.cut_at.isoformat(),
        "policy": period.policy_code,
        "head": {"number": last["number"], "digest": last["digest"]},
        "entries": last["last"],
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in files.items()
        },
    }


def _inputs(rows: Rows, known: frozenset[tuple[str, UUID]]) -> dict[str, bytes]:
    """Return what is counted with, as far as it is sealed."""
    lists: dict[str, Iterable[Any]] = {
        "sessions": rows.sessions,
        "records": rows.records,
        "figures": rows.figures,
        "adjustments": rows.adjustments,
        "policies": rows.policies,
        "attachments": rows.attachments,
        "diagnoses": rows.diagnoses.get(Diagnosis, ()),
        "reports": rows.diagnoses.get(DiagnosisReport, ()),
        "signatures": rows.diagnoses.get(DiagnosisSignature, ()),
    }
    shown: dict[str, Sequence[str]] = {
        "sessions": ("id",),
        "records": ("id", "service_session_id", "number", "month", "decided_at", "inputs"),
        "figures": ("id", "measure", "value", "rows", "sha256"),
        "adjustments": (
            *("id", "service_session_id", "service_record_id", "posted_month"),
            *("cause", "deltas", "created_at"),
        ),
        "policies": ("id", "code", "valid_from", "rules"),
        "attachments": (
            *("id", "service_session_id", "kind", "file_type", "size", "sha256"),
            *("is_for_both", "added_at"),
        ),
        "diagnoses": ("id", "service_session_id"),
        "reports": (
            *("id", "diagnosis_id", "number", "scope", "signers"),
            *("digest", "issued_by_id", "issued_at"),
        ),
        "signatures": ("id", "report_id", "expert_id", "digest", "dissented", "signed_at"),
    }
    return {
        f"{name}.json": document(
            [
                _plain({column: getattr(row, column) for column in shown[name]})
                for row in some
                if (row.__tablename__, row.id) in known
            ]
        )
        for name, some in lists.items()
    }


class _Trail:
    """The sealed entries: bodies of those about the month's rows, leaves of all others."""

    def __init__(self, reader: Reader, rows: Rows, sealed: int) -> None:
        self._reader = reader
        self._places = place_names(reader)
        wanted = rows.keys()
        self._all = self._read(sealed)
        about = {seq: (entity, key) for seq, _, _, entity, key in self._all}
        self._shown = [seq for seq, thing in about.items() if thing in wanted]
        self.known = frozenset(about[seq] for seq in self._shown)

    def entries(self) -> Iterator[dict[str, object]]:
        """Yield every sealed entry in order of its number."""
        bodies = self._bodies()
        for seq, leaf, algorithm, entity, key in self._all:
            entry: dict[str, object] = {"seq": seq, "leaf": leaf}
            if algorithm != "sha256":
                entry["algorithm"] = algorithm
            if seq in bodies:
                hidden = withheld(entity, bodies[seq], self._places)
                told = {"withheld": hidden, "entity": entity, "id": str(key)}
                entry |= told if hidden else {"body": bodies[seq]}
            yield entry

    def _read(self, sealed: int) -> Sequence[Any]:
        columns = (
            AuditEntry.seq,
            AuditEntry.leaf,
            AuditEntry.algorithm,
            AuditEntry.entity,
            AuditEntry.entity_id,
        )
        covered = select(*columns).where(AuditEntry.seq <= sealed).order_by(AuditEntry.seq)
        return self._reader.session.execute(covered).all()

    def _bodies(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for some in in_batches(self._shown):
            statement = select(AuditEntry.seq, AuditEntry.body).where(AuditEntry.seq.in_(some))
            found |= {seq: body for seq, body in self._reader.session.execute(statement) if seq}
        return found


def _seals(reader: Reader) -> Sequence[AuditSeal]:
    return reader.session.scalars(select(AuditSeal).order_by(AuditSeal.number)).all()


def _seal(row: AuditSeal) -> dict[str, Any]:
    return {
        "number": row.number,
        "first": row.first_seq,
        "last": row.last_seq,
        "root": row.root,
        "previous": row.previous,
        "digest": row.digest,
        "algorithm": row.algorithm,
        "key": row.key_id,
        "signature": row.signature,
    }


def _plain(values: dict[str, Any]) -> Any:
    """Return values in the very form in which the trail keeps them."""
    return json.loads(canonical(values))
