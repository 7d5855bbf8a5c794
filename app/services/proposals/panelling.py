"""Panels formed for a need from the pool of today, with the times at which they can meet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.domain.expert import ExpertCategory
from app.domain.panel import NoPanelError, PanelList, PanelWish
from app.models.need import Need
from app.queries.panel_times import Meeting, PanelTimes, panel_times
from app.queries.panels import PanelFacet, PanelMember
from app.services.proposals.asked import Asked, ask
from app.services.proposals.comparing import Document, explained
from app.services.proposals.facts import Sight
from app.services.proposals.pool import FittedPool
from matching import ExpertProfile, FreeTimes, Matcher, Panel, Quota, rank_panels
from matching import NoPanelError as TooFewError
from matching import PanelWish as MatcherWish

MOST_OPTIONS = 3


@dataclass(frozen=True, slots=True)
class PanelOption:
    """A panel that may be chosen; the lead stands first.

    Attributes:
        coverage: the share of what is asked that they cover, 0 to 1.
        meeting: the earliest time at which all can meet the founder.
    """

    list: PanelList
    rank: int
    members: tuple[PanelMember, ...]
    facets: tuple[PanelFacet, ...]
    coverage: float
    meeting: Meeting | None


@dataclass(frozen=True, slots=True)
class PanelDay:
    """A need, the pool and everybody's diaries as they are today."""

    matcher: Matcher
    about: Asked
    times: PanelTimes
    today: date

    def options(self, wish: PanelWish) -> tuple[PanelOption, ...]:
        """Return the panels that fit best, then the best of those that can meet soon.

        A panel of which nobody covers anything is none.

        Raises:
            NoPanelError: too few experts may be asked today.
        """
        quota = Quota(_by_value(wish.at_least), _by_value(wish.at_most))
        request = MatcherWish(wish.size, quota, self._free())
        own = self.about.of(self.matcher)
        try:
            found = rank_panels(own, self.about.need, request, MOST_OPTIONS, today=self.today)
        except TooFewError as error:
            raise NoPanelError(size=wish.size) from error
        best, soon = _able(found.best), _able(found.soon)
        members = self._members([*best, *soon])
        return tuple(
            self._option(name, rank, panel, members)
            for name, panels in ((PanelList.BEST, best), (PanelList.SOON, soon))
            for rank, panel in enumerate(panels, start=1)
        )

    def kept_out(self, expert_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Return those of the experts whom a rule keeps out today, with its words."""
        own = self.about.among({str(key) for key in expert_ids})
        found = own.of(self.matcher).propose(own.need, 0, today=self.today).exclusions
        # The first rule named is the gravest.
        return {UUID(each.expert_id): each.text for each in reversed(found)}

    def meeting(self, expert_ids: Sequence[UUID]) -> Meeting | None:
        """Return the earliest time at which all can meet the founder."""
        return self.times.first_together(expert_ids)

    def _option(
        self, name: PanelList, rank: int, panel: Panel, members: Mapping[str, PanelMember]
    ) -> PanelOption:
        chosen = tuple(members[expert_id] for expert_id in panel.expert_ids)
        facets = tuple(
            PanelFacet(facet.words, facet.topics, tuple(map(UUID, facet.expert_ids)))
            for facet in panel.facets
        )
        meeting = self.meeting([member.id for member in chosen])
        return PanelOption(name, rank, chosen, facets, panel.coverage, meeting)

    def _members(self, panels: Sequence[Panel]) -> dict[str, PanelMember]:
        keys = sorted({expert_id for panel in panels for expert_id in panel.expert_ids})
        documents = explained(self.matcher, self.about, list(map(UUID, keys)), self.today)
        profiles = {each.expert_id: each for each in self.about.experts}
        return {
            key: _member(profiles[key], document)
            for key, document in zip(keys, documents, strict=True)
        }

    def _free(self) -> FreeTimes:
        """Number the times that are soon in their order."""
        soon = self.times.soon()
        ordered = self.times.in_order(frozenset().union(*soon.values()))
        numbers = {meeting: number for number, meeting in enumerate(ordered)}
        slots = {str(key): [numbers[each] for each in some] for key, some in soon.items()}
        return FreeTimes(slots, len(ordered))


def panel_day(sight: Sight, need: Need, pool: FittedPool) -> PanelDay:
    """Return what panels are formed from today, in a fixed number of statements."""
    about = ask(sight, need, pool)
    keys = [UUID(expert.expert_id) for expert in about.experts]
    return PanelDay(pool.matcher, about, panel_times(sight, need, keys), sight.today)


def _able(panels: Sequence[Panel]) -> list[Panel]:
    return [panel for panel in panels if any(facet.expert_ids for facet in panel.facets)]


def _by_value(bounds: Mapping[ExpertCategory, int]) -> dict[str, int]:
    return {category.value: count for category, count in bounds.items()}


def _member(expert: ExpertProfile, document: Document) -> PanelMember:
    return PanelMember(
        id=UUID(expert.expert_id),
        name=expert.name,
        category=ExpertCategory(expert.category),
        title=expert.title,
        organisation=expert.organisation,
        document=document,
    )
