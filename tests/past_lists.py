"""A past in which lists were shown and experts asked, written straight into the tables."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from app.domain.actor import SYSTEM
from app.domain.availability import Mode
from app.domain.booking import BookingStatus, Side
from app.domain.ids import new_id
from app.domain.need import Channel, NeedStatus
from app.domain.proposal import PlacedBy
from app.models.booking import Booking, BookingExpert, PanelAnswer
from app.models.expert import Expert
from app.models.need import Need
from app.models.proposal import MatchRound, Proposal
from app.services import proposals
from app.unit_of_work import Store, UnitOfWork
from matching import NeedProfile, Part
from tests.builders import a_founder, an_expert
from tests.moments import START

ASKED = NeedProfile(
    "N1",
    "我想办营业执照，不知道该注册个体户还是公司，要带哪些材料去大厅？",
    stage="preparing",
    modes=("onsite",),
)


class MadeBy(NamedTuple):
    """The version that made lists, and the parts it gave about."""

    version: str
    parts: tuple[Part, ...]


@dataclass
class Past:
    """Two experts listed in this order: the first declines, the second accepts."""

    experts: list[Expert]
    needs: list[Need]


def a_past(
    store: Store,
    needs: int = 110,
    *,
    luck: float = 0.95,
    begins_at: datetime = START - timedelta(days=100),
    version: str | None = None,
    experts: list[Expert] | None = None,
) -> Past:
    """Keep as many needs, one every two hours, each with a list and one expert of it asked.

    Args:
        store: where it is kept.
        needs: how many.
        luck: how often an expert answers as is his way; with 0.5 nothing can be learned.
        begins_at: when the first list was shown.
        version: the matcher version that made the lists, by default that of today.
        experts: two of the pool; new ones when not given.
    """
    pool = experts or [an_expert(store, name=name) for name in ("赵一", "钱二")]
    founder = a_founder(store)
    with store.read(SYSTEM) as reader:
        matcher = proposals.fit_matcher(reader).matcher.adopt(None)
    by = MadeBy(version or matcher.version_, matcher.rank(ASKED, k=1)[0].parts)
    chance = np.random.default_rng(0)
    moments = [begins_at + timedelta(hours=2 * number) for number in range(needs)]

    def use_case(uow: UnitOfWork) -> list[Need]:
        kept = []
        for moment in moments:
            need = uow.add(_need(founder.person_id, moment))
            uow.flush()
            asked = int(chance.integers(2))
            accepts = (chance.random() < luck) == (asked == 1)
            _list(uow, need, pool, by, chance)
            _ask(uow, need, pool[asked], accepts)
            kept.append(need)
        return kept

    return Past(pool, store.execute(SYSTEM, use_case))


def _need(person_id: object, moment: datetime) -> Need:
    return Need(
        reference=f"XQ2026-{new_id().hex[-10:]}",
        person_id=person_id,
        text=ASKED.text,
        session_type="consultation",
        modes=["onsite"],
        status=NeedStatus.BOOKED,
        channel=Channel.WEB,
        created_at=moment,
        submitted_at=moment,
    )


def _list(
    uow: UnitOfWork, need: Need, pool: list[Expert], by: MadeBy, chance: np.random.Generator
) -> None:
    made = uow.add(
        MatchRound(
            need_id=need.id,
            number=1,
            matcher_version=by.version,
            created_at=need.created_at,
            excluded=[],
        )
    )
    uow.flush()
    for place, expert in enumerate(pool):
        values = [round(part.value + chance.normal(0.0, 0.003), 6) for part in by.parts]
        values[0] = round(values[0] - 0.02 * place, 6)
        parts = [
            {"code": part.code, "value": value}
            for part, value in zip(by.parts, values, strict=True)
        ]
        uow.add(
            Proposal(
                match_round_id=made.id,
                need_id=need.id,
                expert_id=expert.id,
                rank=place + 1,
                score=round(sum(values), 6),
                parts=parts,
                reasons=[],
                cautions=[],
                propensity=1.0,
                placed_by=PlacedBy.SCORE,
            )
        )


def _ask(uow: UnitOfWork, need: Need, expert: Expert, accepts: bool) -> None:
    booking = uow.add(
        Booking(
            reference=f"YY2026-{new_id().hex[-10:]}",
            need_id=need.id,
            founder_person_id=need.person_id,
            lead_expert_id=expert.id,
            session_type=need.session_type,
            mode=Mode.ONSITE,
            place="",
            starts_at=need.created_at + timedelta(days=3),
            ends_at=need.created_at + timedelta(days=3, hours=1),
            status=BookingStatus.ACCEPTED if accepts else BookingStatus.DECLINED,
            channel=Channel.WEB,
            booked_at=need.created_at + timedelta(minutes=5),
            end_reason=None if accepts else "m_overload",
            end_side=None if accepts else Side.MENTOR,
        )
    )
    uow.flush()
    answer = PanelAnswer.ACCEPTED if accepts else PanelAnswer.DECLINED
    uow.add(BookingExpert(booking_id=booking.id, expert_id=expert.id, answer=answer, is_lead=True))
    uow.audit("test.built", booking)
