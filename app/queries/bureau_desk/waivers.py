"""What stands between a need and an expert, and what officers have waived of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.domain.actor import Permission, may
from app.domain.calendar import local_day
from app.domain.errors import NotFoundError
from app.domain.need import OPEN
from app.domain.waiver import WaiverRule, WaiverStatus
from app.models.expert import Expert
from app.models.need import Need
from app.models.person import Person, Venture
from app.models.waiver import Waiver
from app.queries.interests import Matter, recusals
from app.queries.pairings import is_beyond_cap
from app.unit_of_work import Reader


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver of this need and expert.

    Attributes:
        is_own: the reader proposed it, so that another has to check it.
        may_check: the reader may be the second officer.
    """

    id: UUID
    version: int
    rule: WaiverRule
    kinds: tuple[str, ...]
    reason: str
    status: WaiverStatus
    made_at: datetime
    checked_at: datetime | None
    is_own: bool
    may_check: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverPage:
    """A need and an expert with what forbids the pairing.

    Attributes:
        ties: kinds that forbid it today and that nobody has waived.
        is_final: one of them cannot be waived by anybody.
        open_rules: what the reader may propose to waive.
    """

    need_id: UUID
    reference: str
    founder: str | None
    venture: str | None
    expert_id: UUID
    expert: str
    category: str
    title: str
    ties: tuple[str, ...]
    is_final: bool
    is_beyond_cap: bool
    open_rules: tuple[WaiverRule, ...]
    waivers: tuple[WaiverRow, ...]


def waiver_page(reader: Reader, need_id: UUID, expert_id: UUID) -> WaiverPage:
    """Return what forbids the pairing today, and its waivers, the newest first.

    Raises:
        NotFoundError: there is no such need or expert, or the actor may not know of it.
    """
    row = reader.session.execute(
        select(Need, Expert, Person.name.label("founder"), Venture.name.label("venture"))
        .select_from(Need)
        .join(Expert, Expert.id == expert_id)
        .outerjoin(Person, Person.id == Need.person_id)
        .outerjoin(Venture, Venture.id == Need.venture_id)
        .where(Need.id == need_id)
    ).first()
    if row is None:
        raise NotFoundError("need.not_found")
    need, expert = row.Need, row.Expert
    matter = Matter(need.person_id, need.venture_id, need.session_type, need.id)
    held = recusals(reader, [expert.id], matter, local_day(reader.now))[expert.id].forbidding
    is_beyond = is_beyond_cap(reader, expert.id, matter, reader.now)
    waivers = _waivers(reader, need_id, expert_id)
    is_final = any(not tie.is_waivable for tie in held)
    stands = {
        WaiverRule.CONFLICT: bool(held) and not is_final,
        WaiverRule.PAIRINGS: is_beyond and not _is_settled(waivers, WaiverRule.PAIRINGS),
    }
    may_propose = may(reader.actor, Permission.PROPOSE_WAIVER) and need.status in OPEN
    waiting = {each.rule for each in waivers if each.status is WaiverStatus.PROPOSED}
    return WaiverPage(
        need_id=need.id,
        reference=need.reference,
        founder=row.founder,
        venture=row.venture,
        expert_id=expert.id,
        expert=expert.name,
        category=expert.category.value,
        title=f"{expert.organisation} {expert.title}".strip(),
        ties=tuple(sorted({tie.kind for tie in held})),
        is_final=is_final,
        is_beyond_cap=stands[WaiverRule.PAIRINGS],
        open_rules=tuple(
            rule for rule in WaiverRule if may_propose and stands[rule] and rule not in waiting
        ),
        waivers=waivers,
    )


def _waivers(reader: Reader, need_id: UUID, expert_id: UUID) -> tuple[WaiverRow, ...]:
    rows = reader.session.scalars(
        select(Waiver)
        .where(Waiver.need_id == need_id, Waiver.expert_id == expert_id)
        .order_by(Waiver.made_at.desc(), Waiver.id.desc())
    )
    return tuple(_row(reader, row) for row in rows)


def _row(reader: Reader, row: Any) -> WaiverRow:
    is_cap = row.rule is WaiverRule.PAIRINGS
    wanted = Permission.WAIVE_PAIRING_CAP if is_cap else Permission.CHECK_WAIVER
    return WaiverRow(
        id=row.id,
        version=row.version,
        rule=row.rule,
        kinds=tuple(row.kinds),
        reason=row.reason,
        status=row.status,
        made_at=row.made_at,
        checked_at=row.checked_at,
        is_own=row.made_by_id == reader.actor.account_id,
        may_check=row.status is WaiverStatus.PROPOSED and may(reader.actor, wanted),
    )


def _is_settled(waivers: tuple[WaiverRow, ...], rule: WaiverRule) -> bool:
    return any(each.rule is rule and each.status is WaiverStatus.APPROVED for each in waivers)
