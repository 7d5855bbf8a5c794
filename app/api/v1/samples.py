"""Samples drawn for an audit: drawn, read with the whole list, called about."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint

from app.api.operations import CREATED, operation
from app.api.schemas import Count, Named, Text, Whole
from app.domain.actor import Permission
from app.domain.calendar import Month
from app.domain.sample import (
    LARGEST,
    LONGEST_NUMBER,
    LONGEST_SAID,
    Basis,
    Call,
    Difference,
    SampleResult,
)
from app.http.policy import audit
from app.http.run import reading, run
from app.http.wire import jsonable
from app.models.sample import Sample
from app.queries import samples as queries
from app.queries.samples import Drawn, Found, SamplePage
from app.services import samples
from app.services.samples import Draw


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawBody:
    """From which closed months, how many, and the drawer's own digits."""

    first_month: Month
    last_month: Month
    size: Annotated[int, Whole(1, LARGEST)]
    number: Annotated[str, Text(LONGEST_NUMBER), Named(says="Digits, or empty.")] = ""
    basis: Annotated[
        Basis, Named(says="The first head told after the closing, or the newest one.")
    ] = Basis.FIRST
    by_kind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBody:
    """What came of a call; `differs` and `said` where the record was told otherwise."""

    person_id: Annotated[
        UUID | None, Named(says="Of the founder's side; none for somebody on no list.")
    ] = None
    called_at: datetime
    result: SampleResult
    differs: Annotated[tuple[Difference, ...], Count(0, len(Difference))] = ()
    said: Annotated[str, Text(LONGEST_SAID)] = ""


@dataclass(frozen=True, slots=True)
class DrawnDetail:
    """One record drawn, in its place, and what is known of it."""

    place: int
    session_id: UUID
    reference: str
    session_type: str
    held_on: date
    found: Found
    differs: tuple[Difference, ...]
    calls: int


@dataclass(frozen=True, slots=True)
class Rate:
    """The share that agreed of those reached, with the Wilson score interval at 95 %."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SampleDetail:
    """A sample: how it was drawn, what came out, and whether it comes out again."""

    id: UUID
    reference: str
    first_month: str
    last_month: str
    basis: Basis
    head_number: int
    head_digest: str
    number: str
    seed: str
    size: int
    population: int
    list_sha256: str
    drawn_at: datetime
    is_same_again: bool
    agreed: int
    differs: int
    not_reached: int
    open: int
    rate: Rate | None
    items: tuple[DrawnDetail, ...]


@dataclass(frozen=True, slots=True)
class ListLine:
    """One record of the list drawn from."""

    id: UUID
    type: str
    reference: str


@dataclass(frozen=True, slots=True)
class SampleLines:
    """Every record of the list drawn from, by key."""

    items: tuple[ListLine, ...]
    next: UUID | None


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/samples")(draw_sample)
    blueprint.get("/samples/<uuid:sample_id>")(read_sample)
    blueprint.get("/samples/<uuid:sample_id>/list")(list_sample_lines)
    blueprint.post("/samples/<uuid:sample_id>/records/<uuid:session_id>/calls")(note_sample_call)


@audit
@operation(Permission.DRAW_SAMPLE, answer=SampleDetail, status=CREATED)
def draw_sample(body: DrawBody) -> Any:
    """Draw a sample of all records of closed months and freeze it.

    422 `sample.head_not_published` until a head that covers the closing was told by letter.
    """
    asked = Draw(
        first=body.first_month,
        last=body.last_month,
        size=body.size,
        number=body.number,
        basis=body.basis,
        is_by_kind=body.by_kind,
    )
    drawn: Sample = run(samples.draw, asked)
    return _detail(drawn.id)


@operation(Permission.READ_SAMPLES, answer=SampleDetail, logged=True)
def read_sample(sample_id: UUID) -> Any:
    """Read a sample with its results; it is drawn again from the trail at each look."""
    return _detail(sample_id)


@operation(Permission.READ_SAMPLES, answer=SampleLines, logged=True)
def list_sample_lines(sample_id: UUID) -> Any:
    """List every record the sample was drawn from, to draw it again by hand."""
    with reading() as reader:
        drawn = queries.sample_page(reader, sample_id).sample
        lines = queries.list_lines(reader, drawn)
    items = tuple(ListLine(UUID(line.id), line.kind, line.reference) for line in lines)
    return jsonable(SampleLines(items, None))


@audit
@operation(Permission.CALL_SAMPLE, answer=SampleDetail)
def note_sample_call(sample_id: UUID, session_id: UUID, body: CallBody) -> Any:
    """Keep what came of a call about a record drawn; not by who served, entered or wrote it."""
    call = Call(result=body.result, called_at=body.called_at, differs=body.differs, said=body.said)
    run(samples.note_call, sample_id, session_id, body.person_id, call)
    return _detail(sample_id)


def _detail(sample_id: UUID) -> Any:
    with reading() as reader:
        page = queries.sample_page(reader, sample_id)
        again = queries.redraw(reader, page.sample)
    return jsonable(_told(page, again.is_same))


def _told(page: SamplePage, is_same_again: bool) -> SampleDetail:
    one, tally = page.sample, page.tally
    rate = tally.rate
    return SampleDetail(
        id=one.id,
        reference=one.reference,
        first_month=one.first_month,
        last_month=one.last_month,
        basis=one.basis,
        head_number=one.head_number,
        head_digest=one.head_digest,
        number=one.number,
        seed=one.seed,
        size=one.size,
        population=one.population,
        list_sha256=one.list_sha256,
        drawn_at=one.drawn_at,
        is_same_again=is_same_again,
        agreed=tally.counts[Found.AGREED],
        differs=tally.counts[Found.DIFFERS],
        not_reached=tally.counts[Found.NOT_REACHED],
        open=tally.counts[Found.OPEN],
        rate=Rate(rate.share, rate.low, rate.high) if rate else None,
        items=tuple(map(_row, page.items)),
    )


def _row(row: Drawn) -> DrawnDetail:
    return DrawnDetail(
        row.place,
        row.session_id,
        row.reference,
        row.session_type,
        row.held_on,
        row.found,
        row.answer.differs if row.answer else (),
        len(row.calls),
    )
