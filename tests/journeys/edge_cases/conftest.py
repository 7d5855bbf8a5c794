from datetime import date

import pytest

from app.domain.actor import Actor
from tests.builders import staff
from tests.journeys.district import District, Founder, Mentor


@pytest.fixture
def gao(district: District) -> Mentor:
    return district.mentor("高源")


@pytest.fixture
def clerk(district: District) -> Actor:
    return staff(district.store, name="小王")


@pytest.fixture
def wang(district: District) -> Founder:
    return district.founder("王强", name="历城某商贸", registered_on=date(2024, 3, 1))


@pytest.fixture
def zhao(district: District) -> Founder:
    return district.founder("赵敏")
