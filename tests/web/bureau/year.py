"""A few services of 2026 whose figures can be counted by hand.

August: 王强 (a firm, in 唐冶) 50 and 60 minutes, a firm of 45 minutes in 郭店.
September: 王强 again, 90 minutes of diagnosis; a team 55 minutes; one of 20 minutes, too short;
one recorded and never confirmed; one by somebody whose identity nobody has checked.
"""

from dataclasses import dataclass
from datetime import date

import pytest

from app.domain.clock import FixedClock
from app.domain.expert import ExpertCategory
from app.models.person import IdentityLevel
from app.models.service_session import ServiceSession
from app.unit_of_work import Store
from tests.journeys.district import District, Founder, Mentor
from tests.scenes import Play, Plays

NOW = "09-25 10:00"
FOUNDED = date(2024, 3, 1)


@dataclass(frozen=True)
class Year:
    """Who took part, and the meetings by a short name."""

    district: District
    firm: Founder
    other: Founder
    team: Founder
    unknown: Founder
    scholar: Mentor
    official: Mentor
    meetings: dict[str, ServiceSession]


def a_year(store: Store, clock: FixedClock) -> Year:
    """Hold the meetings; the clock then stands at NOW."""
    district = District(store, clock)
    firm = district.founder("王强", name="历城某商贸", registered_on=FOUNDED)
    other = district.founder("赵敏", name="郭店某食品", registered_on=FOUNDED, street="guodian")
    team = district.founder("孙立", name="孙立团队")
    unknown = district.founder("周舟", IdentityLevel.NONE, name="周舟团队")
    scholar = district.mentor("高源", category=ExpertCategory.SCHOLAR)
    official = district.mentor("田野", category=ExpertCategory.OFFICIAL)
    served = district.served
    meetings = {
        "first": served(scholar, firm, "08-11 10:00", 50),
        "second": served(official, firm, "08-12 10:00", 60),
        "guodian": served(scholar, other, "08-13 10:00", 45),
        "diagnosis": served(scholar, firm, "09-08 10:00", 90, session_type="diagnosis"),
        "team": served(official, team, "09-09 10:00", 55),
        "short": served(official, team, "09-10 10:00", 20),
        "unknown": served(scholar, unknown, "09-11 10:00", 50),
        "open": district.held(scholar, other, "09-14 10:00", 50),
    }
    district.record(scholar, meetings["open"])
    district.wait_until(NOW)
    return Year(district, firm, other, team, unknown, scholar, official, meetings)


@pytest.fixture
def plays() -> Plays:
    return {"year": a_year, "district": District}


@pytest.fixture
def year(scene: Year) -> Year:
    return scene


@pytest.fixture
def district(
    request: pytest.FixtureRequest, play: Play | None, store: Store, clock: FixedClock
) -> District:
    """The district of the year where the test has one; beside another scene a new one."""
    if play not in (a_year, District):
        return District(store, clock)
    found: Year | District = request.getfixturevalue("scene")
    return found.district if isinstance(found, Year) else found
