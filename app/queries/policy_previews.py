"""Previews of a policy: both figures side by side, what changes, and the rows behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.errors import NotFoundError
from app.domain.policy_change import CODE
from app.domain.policy_preview import PreviewStatus, Side, turned, with_changes
from app.domain.service_record import CountingPolicy, Decision, from_stored
from app.domain.service_record.slices import Addend, addends, total
from app.models.policy_change import PolicyChange, PolicyPreview, PolicyPreviewMonth
from app.models.service_record import CountingPolicyRow
from app.models.service_session import ServiceSession
from app.queries.free_times import Look
from app.queries.service_counts.decisions import by_ids
from app.queries.service_counts.policies import policy_of
from app.unit_of_work import Reader

PAGE = 50
# How many keys one statement names.
_SOME = 5000


@dataclass(frozen=True, slots=True)
class CountedMonth:
    """A month of a preview: the decisions that stood, and those that would differ."""

    month: str
    stands: tuple[Decision, ...]
    changed: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The figures of a month, or of all, as they stand and as they would be."""

    month: str | None
    old: Mapping[str, int | str]
    new: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A preview, and how far it has come.

    Attributes:
        total: all months together, None before the last is counted.
        policy: the row the change became, None while it waits.
    """

    id: UUID
    change_id: UUID
    valid_from: str
    policy: str | None
    status: PreviewStatus
    months: tuple[str, ...]
    done: int
    changed: int
    by_month: tuple[MonthFigures, ...]
    total: MonthFigures | None
    asked_at: datetime
    ended_at: datetime | None
    may_ask: bool


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A record behind a figure of a preview; `after` where it would be decided otherwise."""

    session_id: UUID
    reference: str
    before: Decision
    after: Decision | None
    amount: int

    @property
    def turn(self) -> str:
        """What becomes of it, as in `policy_preview.turned`; empty where nothing does."""
        return turned(self.before, self.after) if self.after else ""


@dataclass(frozen=True, slots=True)
class PreviewRows:
    """A page of the rows behind a figure; `value` is the sum of all pages."""

    value: int
    count: int
    rows: tuple[PreviewRow, ...]
    page: int
    pages: int


def policy_of_change(change: PolicyChange) -> CountingPolicy:
    """Return the policy a change makes, under a name of its own while it has none."""
    return policy_of(f"{CODE}-?", change.valid_from, change.rules)


def load_months(look: Look, preview_id: UUID, month: str | None = None) -> tuple[CountedMonth, ...]:
    """Return the counted months of a preview in order, or one of them."""
    wanted = select(PolicyPreviewMonth).where(PolicyPreviewMonth.policy_preview_id == preview_id)
    if month is not None:
        wanted = wanted.where(PolicyPreviewMonth.month == month)
    rows = look.session.scalars(wanted.order_by(PolicyPreviewMonth.month)).all()
    keys = [UUID(key) for row in rows for key in row.records]
    versions = {
        str(key): version.decision
        for start in range(0, len(keys), _SOME)
        for key, version in by_ids(look, keys[start : start + _SOME]).items()
    }
    return tuple(
        CountedMonth(
            row.month,
            tuple(versions[key] for key in row.records),
            tuple(from_stored(stored) for stored in row.changed.values()),
        )
        for row in rows
    )


def preview(reader: Reader, preview_id: UUID) -> PreviewPage:
    """Return a preview with its figures as far as they are counted; three statements.

    Raises:
        NotFoundError: there is none, or the reader may not know of it.
    """
    row = reader.session.get(PolicyPreview, preview_id)
    if row is None:
        raise NotFoundError("policy_preview.not_found")
    change = reader.session.get_one(PolicyChange, row.policy_change_id)
    code = select(CountingPolicyRow.code).where(CountingPolicyRow.id == change.policy_id)
    months = reader.session.execute(
        select(PolicyPreviewMonth.month, PolicyPreviewMonth.figures)
        .where(PolicyPreviewMonth.policy_preview_id == row.id)
        .order_by(PolicyPreviewMonth.month)
    )
    return PreviewPage(
        id=row.id,
        change_id=change.id,
        valid_from=change.valid_from.isoformat(),
        policy=reader.session.scalar(code) if change.policy_id else None,
        status=row.status,
        months=tuple(row.months),
        done=row.done,
        changed=row.changed,
        by_month=tuple(_figures(month, figures) for month, figures in months),
        total=_figures(None, row.figures) if row.figures else None,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        may_ask=may(reader.actor, Permission.PREVIEW_POLICY),
    )


def preview_rows(
    reader: Reader, preview_id: UUID, measure: str, side: Side, *, month: str | None, page: int
) -> PreviewRows:
    """Return a page of the records behind a figure of a preview.

    Raises:
        UnknownMeasureError: there is no such figure.
        NotFoundError: the month is not part of it, or there is no such page.
    """
    found = _months(reader, preview_id, month)
    old = {d.session_id: d for each in found for d in each.stands}
    anew = {d.session_id: d for each in found for d in each.changed}
    decisions = old.values() if side is Side.OLD else with_changes(old.values(), anew.values())
    behind = addends(decisions, measure)
    return _paged(reader, behind, old, anew, page)


def changed_rows(reader: Reader, preview_id: UUID, *, month: str | None, page: int) -> PreviewRows:
    """Return a page of the records that would be decided otherwise, in order of their start.

    Raises:
        NotFoundError: the month is not part of it, or there is no such page.
    """
    found = _months(reader, preview_id, month)
    anew = {d.session_id: d for each in found for d in each.changed}
    old = {d.session_id: d for each in found for d in each.stands if d.session_id in anew}
    ordered = sorted(anew.values(), key=lambda d: (d.started_at, d.session_id))
    return _paged(reader, tuple(Addend(d, 1) for d in ordered), old, anew, page)


def _months(reader: Reader, preview_id: UUID, month: str | None) -> tuple[CountedMonth, ...]:
    found = load_months(reader, preview_id, month)
    if not found:
        raise NotFoundError("policy_preview.not_found")
    return found


def _paged(
    reader: Reader,
    behind: Sequence[Addend],
    old: Mapping[str, Decision],
    anew: Mapping[str, Decision],
    page: int,
) -> PreviewRows:
    pages = max(1, -(-len(behind) // PAGE))
    if not 1 <= page <= pages:
        raise NotFoundError("policy_preview.not_found")
    shown = behind[(page - 1) * PAGE : page * PAGE]
    keys = [UUID(row.decision.session_id) for row in shown]
    named = reader.session.execute(
        select(ServiceSession.id, ServiceSession.reference).where(ServiceSession.id.in_(keys))
    )
    references = {key: reference for key, reference in named}
    rows = (
        PreviewRow(key, references[key], old[str(key)], anew.get(str(key)), row.amount)
        for key, row in zip(keys, shown, strict=True)
    )
    return PreviewRows(total(behind), len(behind), tuple(rows), page, pages)


def _figures(month: str | None, stored: Mapping[str, Mapping[str, int | str]]) -> MonthFigures:
    return MonthFigures(month, stored[Side.OLD.value], stored[Side.NEW.value])
