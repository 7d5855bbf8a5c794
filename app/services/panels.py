"""Panels: formed for a need, and the one that an officer chooses kept with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from app.domain.actor import Permission
from app.domain.errors import NotFoundError
from app.domain.need import TopicState, ensure_open
from app.domain.panel import (
    PanelChangedError,
    PanelEndedError,
    PanelWish,
    ensure_sense,
    ensure_wish,
)
from app.models.need import Need, NeedTopic
from app.models.panel import Panel, PanelExpert
from app.queries.panels import PanelFacet
from app.services.bookings.versions import ensure_version
from app.services.proposals import FittedPool, PanelDay, PanelOption, panel_day
from app.services.proposals.facts import Sight
from app.unit_of_work import UnitOfWork

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pick:
    """The members of a panel that was proposed, and the wish for which it was."""

    wish: PanelWish
    expert_ids: Sequence[UUID]


def day_of(sight: Sight, need_id: UUID, pool: FittedPool) -> PanelDay:
    """Return what panels are formed from for a need today; nothing is kept.

    Raises:
        NotFoundError: there is no such need, or the actor may not know of it.
        NeedClosedError: it is a draft, withdrawn or closed.
        NotForPanelError: one expert meets it.
    """
    need = sight.session.get(Need, need_id)
    if need is None:
        raise NotFoundError("need.not_found")
    return _day_of(sight, need, pool)


def formed(day: PanelDay, wish: PanelWish) -> tuple[PanelOption, ...]:
    """Return the panels that would be proposed now, those that fit best first.

    Raises:
        InvalidInputError: naming each field of the wish at fault.
        NoPanelError: too few experts may be asked today.
    """
    ensure_wish(wish)
    return day.options(wish)


def choose(
    uow: UnitOfWork, need_id: UUID, pool: FittedPool, pick: Pick, *, version: int | None = None
) -> Panel:
    """Keep a panel as that of the need; another one that stands ends.

    Panels are formed anew, so that what is kept holds on the day; nobody is asked by it. The
    panel that stands already is left as it is.

    Args:
        uow: the transaction.
        need_id: for which need.
        pool: the pool of today.
        pick: who, and for which wish.
        version: that of the need when the panel was shown.

    Raises:
        StaleVersionError: the need has changed since.
        PanelChangedError: this panel would not be proposed any more.
    """
    need = uow.load(Need, need_id, lock=True)
    uow.require(Permission.FORM_PANEL)
    ensure_version(need, version)
    options = formed(_day_of(uow, need, pool), pick.wish)
    wanted = set(pick.expert_ids)
    option = next((each for each in options if set(_ids(each)) == wanted), None)
    if option is None:
        raise PanelChangedError
    standing = uow.one(_standing(need.id))
    if standing is not None:
        if set(uow.all(_members(standing.id))) == wanted:
            return standing
        _end(uow, standing, "panel.replaced")
    panel = _keep(uow, need, pool, option, pick.wish)
    uow.audit(
        "panel.chosen",
        panel,
        need=need.id,
        experts=list(map(str, _ids(option))),
        matcher_version=panel.matcher_version,
    )
    return panel


def withdraw(uow: UnitOfWork, panel_id: UUID) -> Panel:
    """End a panel without another in its place.

    Raises:
        PanelEndedError: it has been replaced or withdrawn.
    """
    panel = uow.load(Panel, panel_id, lock=True)
    uow.require(Permission.FORM_PANEL)
    if panel.ended_at is not None:
        raise PanelEndedError
    _end(uow, panel, "panel.withdrawn")
    return panel


def _day_of(sight: Sight, need: Need, pool: FittedPool) -> PanelDay:
    ensure_open(need.status)
    topics = sight.session.scalar(
        select(func.count())
        .select_from(NeedTopic)
        .where(NeedTopic.need_id == need.id, NeedTopic.state != TopicState.STRUCK)
    )
    ensure_sense(need.session_type, topics or 0)
    return panel_day(sight, need, pool)


def _standing(need_id: UUID) -> Select[Panel]:
    return select(Panel).where(Panel.need_id == need_id, Panel.ended_at.is_(None))


def _members(panel_id: UUID) -> Select[UUID]:
    return select(PanelExpert.expert_id).where(PanelExpert.panel_id == panel_id)


def _end(uow: UnitOfWork, panel: Panel, action: str) -> None:
    panel.ended_at = uow.now
    panel.ended_by_id = uow.actor.account_id
    uow.flush()
    uow.audit(action, panel, need=panel.need_id)


def _keep(
    uow: UnitOfWork, need: Need, pool: FittedPool, option: PanelOption, wish: PanelWish
) -> Panel:
    panel = uow.add(
        Panel(
            need_id=need.id,
            need_version=need.version,
            matcher_version=pool.matcher.version_,
            wish=_wish(wish),
            facets=[_facet(facet) for facet in option.facets],
            coverage=option.coverage,
            chosen_by_id=uow.actor.account_id,
            chosen_at=uow.now,
        )
    )
    uow.flush()
    for position, member in enumerate(option.members, start=1):
        found = {**member.document, "expert_id": member.id}
        uow.add(PanelExpert(panel_id=panel.id, position=position, **found))
    return panel


def _ids(option: PanelOption) -> list[UUID]:
    return [member.id for member in option.members]


def _wish(wish: PanelWish) -> Document:
    return {
        "size": wish.size,
        "at_least": {category.value: count for category, count in wish.at_least.items()},
        "at_most": {category.value: count for category, count in wish.at_most.items()},
    }


def _facet(facet: PanelFacet) -> Document:
    return {
        "words": facet.words,
        "topics": list(facet.topics),
        "expert_ids": list(map(str, facet.expert_ids)),
    }
