"""Last step of a batch: the reasons of each pair and of its alternates, some at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.domain.batch import PairState, with_cautions, with_change
from app.models.batch import Batch, BatchPair
from app.models.need import Need
from app.services.proposals.asked import Asked, ask
from app.services.proposals.comparing import Document, explained
from app.services.proposals.pool import FittedPool
from app.unit_of_work import UnitOfWork

CHUNK = 25
UNKNOWN_RULE = "changed"


@dataclass(frozen=True, slots=True)
class _Row:
    """One pair to explain: the expert arranged first, then the alternates."""

    pair_id: UUID
    about: Asked
    experts: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Explaining:
    """Some pairs and what is true of their experts, read."""

    batch_id: UUID
    done: int
    pool: FittedPool
    rows: tuple[_Row, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Explained:
    """Some pairs with their reasons."""

    batch_id: UUID
    done: int
    matcher_version: str
    shortlists: Mapping[UUID, list[Document]]


def to_explain(uow: UnitOfWork, batch: Batch, pool: FittedPool) -> Explaining:
    """Read the next pairs of the batch."""
    found = uow.session.execute(
        select(BatchPair, Need)
        .join(Need, Need.id == BatchPair.need_id)
        .where(BatchPair.batch_id == batch.id, BatchPair.state == PairState.PLANNED)
        .order_by(BatchPair.id)
        .offset(batch.done)
        .limit(CHUNK)
    ).all()
    rows = tuple(
        _Row(
            pair.id,
            ask(uow, need, pool).whatever_the_load(),
            [UUID(each["expert_id"]) for each in pair.shortlist],
        )
        for pair, need in found
    )
    return Explaining(batch.id, batch.done, pool, rows, uow.today)


def explain(parcel: Explaining) -> Explained:
    """Find the reasons; nothing is read or written."""
    matcher = parcel.pool.matcher
    shortlists = {
        row.pair_id: explained(matcher, row.about, row.experts, parcel.today) for row in parcel.rows
    }
    return Explained(parcel.batch_id, parcel.done, matcher.version_, shortlists)


def keep_explained(uow: UnitOfWork, batch: Batch, found: Explained) -> None:
    """Keep reasons and cautions with the pairs and note how far it has come."""
    pairs = uow.all(
        select(BatchPair).where(
            BatchPair.batch_id == batch.id, BatchPair.id.in_(list(found.shortlists))
        )
    )
    for pair in pairs:
        put_reasons(pair, found.shortlists[pair.id], found.matcher_version)
    batch.done += len(found.shortlists)


def put_reasons(pair: BatchPair, shortlist: list[Document], matcher_version: str) -> None:
    """Keep the reasons of a pair; an expert whom a rule has come to keep out raises a question."""
    pair.shortlist, pair.matcher_version = shortlist, matcher_version
    if not shortlist or shortlist[0]["expert_id"] != str(pair.expert_id):
        pair.questions = with_change(pair.questions, UNKNOWN_RULE)
        return
    cautions = [each["code"] for each in shortlist[0]["cautions"]]
    pair.questions = with_cautions(pair.questions, cautions)
