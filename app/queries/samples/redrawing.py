"""A sample drawn again from its seed, and compared with what was frozen."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.domain.calendar import Month
from app.domain.sample import Drawable, draw, list_hash, quotas_of, seed_of
from app.models.audit_entry import AuditSeal
from app.models.sample import Sample
from app.models.service_session import ServiceSession
from app.queries.free_times import Look
from app.queries.samples.lots import records_under
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class Redraw:
    """What drawing again gave; `faults` names what is no longer as it was frozen."""

    reference: str
    records: Sequence[Drawable]
    faults: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Tell whether the same records come out again."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list a sample is drawn from."""

    id: str
    kind: str
    reference: str


def list_lines(reader: Reader, sample: Sample) -> tuple[Line, ...]:
    """Return the whole list a sample was drawn from, by key."""
    records = {each.id: each.kind for each in redraw(reader, sample).records}
    rows = reader.session.execute(
        select(ServiceSession.id, ServiceSession.reference).where(
            ServiceSession.id.in_(map(UUID, records))
        )
    )
    lines = (Line(str(key), records[str(key)], reference) for key, reference in rows)
    return tuple(sorted(lines, key=lambda line: line.id))


def redraw(look: Look, sample: Sample) -> Redraw:
    """Draw a sample again from the trail alone and compare every step."""
    seal = look.session.scalars(
        select(AuditSeal).where(AuditSeal.number == sample.head_number)
    ).one_or_none()
    if seal is None:
        return Redraw(sample.reference, (), ("head.missing",))
    first, last = Month.parse(sample.first_month), Month.parse(sample.last_month)
    records = records_under(look, first, last, seal.last_seq)
    seed = seed_of(seal.digest, sample.number)
    quotas = quotas_of(records, sample.size) if sample.quotas is not None else None
    compared = {
        "head.differs": seal.digest == sample.head_digest,
        "seed.differs": seed == sample.seed,
        "list.differs": list_hash(records) == sample.list_sha256,
        "population.differs": len(records) == sample.population,
        "quotas.differ": quotas == sample.quotas,
        "draw.differs": draw(records, seed, sample.size, quotas) == sample.session_ids,
    }
    faults = tuple(fault for fault, is_same in compared.items() if not is_same)
    return Redraw(sample.reference, records, faults)
