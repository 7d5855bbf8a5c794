"""Form panels for a need, and say who of them covers what."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from matching.panel.agenda import Agenda
from matching.panel.choosing import Choice
from matching.panel.outlook import Outlook, Ranker
from matching.panel.values import Facet, NoPanelError, Panel, PanelLists, PanelWish, Quota
from matching.types import NeedProfile

# Who comes this near to the best of all for a matter covers it.
_COVERS = 0.8


def form_panel(
    matcher: Ranker,
    need: NeedProfile,
    size: int = 3,
    *,
    quota: Quota | None = None,
    today: date | None = None,
) -> Panel:
    """Return the panel that fits a need best and covers most of it.

    The day applies the rules of `propose`: nobody whom one of them keeps out is a member.

    Raises:
        NoPanelError: too few experts are allowed, in all or of a category.
        ValueError: the size is not 2 to 5, or the quota cannot be kept by so many.
    """
    wish = PanelWish(size, quota or Quota())
    former = _Former.of(Outlook.of(matcher, need, today), wish)
    return former.panel(former.best())


def rank_panels(
    matcher: Ranker, need: NeedProfile, wish: PanelWish, k: int = 3, *, today: date | None = None
) -> PanelLists:
    """Return the best panel and its alternatives, and the best panels that can meet soon.

    An alternative is the best panel without one of the members of the best. Each list has
    up to k panels.

    Raises:
        NoPanelError: too few experts are allowed, in all or of a category.
        ValueError: k is less than 1, or a slot is negative.
    """
    if k < 1:
        raise ValueError(f"k is {k}, expected 1 or more")
    former = _Former.of(Outlook.of(matcher, need, today), wish)
    best = former.best()
    others = former.panels((former.everybody - {member} for member in best), k - 1)
    soon = former.panels(former.agenda.soon_together(), k)
    return PanelLists((former.panel(best), *others), soon)


@dataclass(frozen=True, slots=True)
class _Former:
    outlook: Outlook
    choice: Choice
    agenda: Agenda

    @classmethod
    def of(cls, outlook: Outlook, wish: PanelWish) -> "_Former":
        choice = Choice(outlook, wish.size, wish.quota)
        return cls(outlook, choice, Agenda.of(outlook.experts, wish.free))

    @property
    def everybody(self) -> frozenset[int]:
        """All who are allowed."""
        return frozenset(range(len(self.outlook.experts)))

    def best(self) -> tuple[int, ...]:
        """Return the best panel of all who are allowed.

        Raises:
            NoPanelError: there is none.
        """
        best = self.choice.best(self.everybody)
        if best is None:
            size, total = self.choice.size, len(self.outlook.experts)
            raise NoPanelError(f"no panel of {size} among {total} experts who are allowed")
        return best

    def panels(self, groups: Iterable[Collection[int]], k: int) -> tuple[Panel, ...]:
        """Return the best panel of each group of experts, the best k of them, best first."""
        chosen = filter(None, map(self.choice.best, groups))
        panels = map(self.panel, {frozenset(members) for members in chosen})
        return tuple(sorted(panels, key=lambda panel: (-panel.value, panel.expert_ids))[:k])

    def panel(self, chosen: Iterable[int]) -> Panel:
        """Tell who leads a panel, who covers what, and when it can meet."""
        members = sorted(chosen, key=lambda place: (-self.outlook.fits[place], place))
        ids = tuple(self.outlook.experts[place].expert_id for place in members)
        return Panel(
            expert_ids=ids,
            lead=ids[0],
            facets=tuple(self._facets(members)),
            value=self.choice.value(members),
            coverage=self.choice.coverage(members),
            first_slot=self.agenda.first_slot(members),
        )

    def _facets(self, members: Sequence[int]) -> Iterable[Facet]:
        matters = self.outlook.matters
        is_any_heard = any(matter.is_heard for matter in matters)
        for at, matter in enumerate(matters):
            if matter.is_heard or not is_any_heard:
                yield Facet(matter.words, matter.topics, self._covering(at, members))

    def _covering(self, matter: int, members: Sequence[int]) -> tuple[str, ...]:
        chances = self.outlook.of_matter(matter)
        least = _COVERS * float(chances.max())
        able = [place for place in members if chances[place] >= least > 0.0]
        able.sort(key=lambda place: -chances[place])
        return tuple(self.outlook.experts[place].expert_id for place in able)
