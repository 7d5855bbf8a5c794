"""A district in which a founder and a mentor know each other, and what they did."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.domain.clock import FixedClock
from app.models.service_session import ServiceSession
from app.unit_of_work import Store
from tests.journeys.district import District, Founder, Mentor

FOUNDED = date(2024, 3, 1)


@dataclass(frozen=True)
class People:
    """The district, a founder with a firm, a mentor, and the meetings they had."""

    district: District
    founder: Founder
    mentor: Mentor
    sessions: list[ServiceSession]

    def meet(self, start: str, minutes: int, topic: str = "registration") -> None:
        pair = (self.mentor, self.founder)
        self.sessions.append(self.district.served(*pair, start, minutes, topic=topic))


def acquainted(store: Store, clock: FixedClock) -> People:
    district = District(store, clock)
    founder = district.founder("王强", name="历城某商贸", registered_on=FOUNDED)
    return People(district, founder, district.mentor("高源"), [])


@pytest.fixture
def district(scene: People) -> District:
    return scene.district


@pytest.fixture
def founder(scene: People) -> Founder:
    return scene.founder


@pytest.fixture
def mentor(scene: People) -> Mentor:
    return scene.mentor
