"""What the matcher has learned, version by version, and whether learning is on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.domain.proposal import VersionState
from app.models.account import Account
from app.models.proposal import LearningSwitch, MatcherVersion
from app.queries.free_times import Look
from app.queries.shadow_lists import Beside, beside
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A learned version with its proof; who made it is empty for the service itself.

    `beside` tells of the lists it made in the shadow, None while it made none.
    """

    number: int
    name: str
    state: VersionState
    method: str
    learned_until: datetime
    created_at: datetime
    created_by: str
    promoted_at: datetime | None
    promoted_by: str
    retired_at: datetime | None
    retired_by: str
    evidence: Mapping[str, Any]
    beside: Beside | None


@dataclass(frozen=True, slots=True)
class VersionList:
    """All versions, the newest first."""

    learning_is_on: bool
    items: tuple[VersionRow, ...]


def list_versions(reader: Reader) -> VersionList:
    """Return all versions in five statements; the reader must see all proposals."""
    rows = reader.session.scalars(select(MatcherVersion).order_by(MatcherVersion.number.desc()))
    versions = rows.all()
    keys = {key for row in versions for key in _people(row) if key is not None}
    named = select(Account.id, Account.name).where(Account.id.in_(keys))
    names = {key: name for key, name in reader.session.execute(named)}
    made_beside = beside(reader)
    items = []
    for row in versions:
        made, promoted, retired = (names.get(key, "") if key else "" for key in _people(row))
        items.append(
            VersionRow(
                number=row.number,
                name=row.name,
                state=row.state,
                method=row.weights["method"],
                learned_until=row.learned_until,
                created_at=row.created_at,
                created_by=made,
                promoted_at=row.promoted_at,
                promoted_by=promoted,
                retired_at=row.retired_at,
                retired_by=retired,
                evidence=row.evidence,
                beside=made_beside.get(row.id),
            )
        )
    return VersionList(is_learning(reader), tuple(items))


def is_learning(look: Look) -> bool:
    """Tell whether learning is on; it is until somebody switches it off."""
    newest = look.session.scalars(newest_switch(LearningSwitch.is_on)).first()
    return newest is not False


def newest_switch(column: Any) -> Select[Any]:
    """Select a column of the switch that holds."""
    order = (LearningSwitch.switched_at.desc(), LearningSwitch.id.desc())
    return select(column).order_by(*order).limit(1)


def live_version(look: Look) -> MatcherVersion | None:
    """Return the version that ranks, None when none is live."""
    return version_in(look, VersionState.LIVE)


def version_in(look: Look, state: VersionState) -> MatcherVersion | None:
    """Return the version that runs, live or in the shadow, None when there is none."""
    found = select(MatcherVersion).where(MatcherVersion.state == state)
    return look.session.scalars(found).one_or_none()


def _people(row: MatcherVersion) -> tuple[Any, Any, Any]:
    return row.created_by_id, row.promoted_by_id, row.retired_by_id
