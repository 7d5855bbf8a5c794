"""A need of three matters and the experts who could take it together."""

from typing import Any

from app.domain.actor import SYSTEM, Actor
from app.domain.expert import ExpertCategory
from app.domain.panel import PanelList, PanelWish
from app.models.expert import Expert
from app.models.need import Need
from app.models.panel import Panel
from app.services import panels, proposals
from app.services.panels import Pick
from app.services.proposals import FittedPool, PanelOption
from app.unit_of_work import Store
from tests.builders import a_need, a_rule, an_expert, keep

TEXT = (
    "想注册一个商标，不知道怎么申请。员工的社会保险怎么缴纳？"
    "有个投资人想占三成股份，不知道估值合不合适。"
)
SKILLS = {
    "商一": (ExpertCategory.SCHOLAR, "主持商标注册与专利申请辅导。", ["商标注册", "专利申请"]),
    "保二": (ExpertCategory.OFFICIAL, "办理社会保险登记与缴费。", ["社会保险缴纳", "用工登记"]),
    "投三": (ExpertCategory.INVESTOR, "早期股权投资，熟悉估值。", ["股权融资", "估值"]),
    "店四": (ExpertCategory.ENTREPRENEUR, "开店十年，懂经营。", ["门店经营"]),
}
# Monday is 0; START is a Wednesday.
MONDAY, TUESDAY, FRIDAY = 0, 1, 4


class Round:
    """A founder's diagnosis, an officer, and who could be asked."""

    def __init__(self, store: Store, founder: Actor, officer: Actor, **experts: Any) -> None:
        self.store, self.officer, self.founder = store, officer, founder
        self.experts: dict[str, Expert] = {
            name: self.expert(name, **experts.get(name, {})) for name in SKILLS
        }
        self.need = self.a_need()

    def expert(
        self, skill: str, days: dict[int, tuple[int, int]] | None = None, **values: Any
    ) -> Expert:
        """Add an expert of the skill; hours by weekday where they are not all day long."""
        category, bio, expertise = SKILLS[skill]
        given: dict[str, Any] = {"name": skill, "category": category, "bio": bio, "topics": []}
        made = an_expert(
            self.store, weekly=days is None, **{**given, "expertise": expertise, **values}
        )
        for weekday, (starts, ends) in (days or {}).items():
            keep(self.store, a_rule(made.id, weekday, starts * 60, ends * 60))
        return made

    def a_need(self, **values: Any) -> Need:
        assert self.founder.person_id is not None
        given = {"session_type": "diagnosis", "text": TEXT, "topic": "ip", **values}
        return a_need(self.store, self.founder.person_id, **given)

    def pool(self) -> FittedPool:
        with self.store.read(SYSTEM) as reader:
            return proposals.fit_matcher(reader)

    def formed(self, wish: PanelWish | None = None, need: Need | None = None) -> list[PanelOption]:
        pool = self.pool()
        with self.store.read(self.officer) as reader:
            day = panels.day_of(reader, (need or self.need).id, pool)
            return list(panels.formed(day, wish or PanelWish()))

    def under(self, name: PanelList, wish: PanelWish | None = None) -> list[PanelOption]:
        return [option for option in self.formed(wish) if option.list is name]

    def choose(self, *names: str, wish: PanelWish | None = None, **options: Any) -> Panel:
        keys = [self.experts[name].id for name in names]
        actor = options.pop("actor", self.officer)
        pick = Pick(wish or PanelWish(len(keys)), keys)
        return self.store.execute(actor, panels.choose, self.need.id, self.pool(), pick, **options)


def named(option: PanelOption) -> set[str]:
    return {member.name for member in option.members}
