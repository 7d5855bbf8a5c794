"""The people of the stories, as they are on 1 September 2026."""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.actor import Actor, Role
from app.domain.clock import FixedClock
from app.domain.expert import ExpertCategory
from app.models.expert import DeclaredInterest
from app.models.person import Venture, VentureMember
from app.unit_of_work import Store
from tests.builders import a_venture, keep, staff
from tests.journeys.district import District, Founder, Mentor

MENTORS: dict[str, tuple[str, ExpertCategory]] = {
    "M1": ("张敏", ExpertCategory.OFFICIAL),
    "M2": ("陈教授", ExpertCategory.SCHOLAR),
    "M3": ("刘总", ExpertCategory.ENTREPRENEUR),
    "M4": ("何伟", ExpertCategory.INVESTOR),
    "M5": ("高源", ExpertCategory.ENTREPRENEUR),
    "M6": ("林会计", ExpertCategory.ENTREPRENEUR),
    "M7": ("郑工", ExpertCategory.SCHOLAR),
    "M8": ("徐总", ExpertCategory.ENTREPRENEUR),
}
PROJECTS = 12
ENDS, FILED = date(2026, 9, 30), date(2026, 12, 31)


class People:
    """Founders F1 to F6, mentors M1 to M8, the bureau, and twelve projects to be judged."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.district = district = District(store, clock)
        district.wait_until("09-01 08:00")
        self.mentors = {
            code: district.mentor(name, category=category, **_term(code))
            for code, (name, category) in MENTORS.items()
        }
        self.founders = self._founders()
        self.second_clerk = staff(store, name="小王")
        self.liaison = staff(store, Role.STREET_LIAISON, street="tangye", name="街道经办")
        self.projects = [self._project(number) for number in range(1, PROJECTS + 1)]
        self._tie("M4", "ci4_equity", "吴迪智造有限公司", date(2025, 3, 1))
        self._tie("M3", "ci1_employment", self.projects[0].name, date(2024, 1, 1))
        # Of their meetings some are tried by the API, some at the pages.
        self.sessions: dict[str, UUID] = {}

    @property
    def officer(self) -> Actor:
        """小郭."""
        return self.district.officer

    @property
    def approver(self) -> Actor:
        """老田."""
        return self.district.approver

    def mentor(self, code: str) -> Mentor:
        return self.mentors[code]

    def founder(self, code: str) -> Founder:
        return self.founders[code]

    def _founders(self) -> dict[str, Founder]:
        district = self.district
        found = {
            "F1": district.founder("李晓", name="李晓工作室"),
            "F2": district.founder("王强", name="历城某商贸", registered_on=date(2024, 3, 1)),
            "F3": district.founder("赵敏"),
            "F4": district.founder("孙丽", name="孙丽网店", registered_on=date(2025, 11, 20)),
            "F5": district.founder("周涛", name="周涛科技", registered_on=date(2022, 8, 8)),
            "F6": district.founder("吴迪", name="吴迪智造有限公司", registered_on=date(2023, 5, 5)),
        }
        company = found["F2"].venture
        assert company is not None
        guest = VentureMember(venture_id=company.id, person_id=found["F3"].person_id)
        keep(district.store, guest)
        return found

    def _project(self, number: int) -> Venture:
        leader = self.district.founder(f"参赛者{number}")
        return a_venture(self.district.store, leader.person_id, name=f"参赛项目第{number}号")

    def _tie(self, code: str, kind: str, organisation: str, since: date) -> None:
        row = DeclaredInterest(
            expert_id=self.mentors[code].expert.id,
            conflict_type=kind,
            organisation=organisation,
            starts_on=since,
        )
        keep(self.district.store, row)


def _term(code: str) -> dict[str, Any]:
    """M7's term is filed too long at first; story 9 finds that it ends in September."""
    return {"term": (date(2023, 10, 1), FILED)} if code == "M7" else {}
