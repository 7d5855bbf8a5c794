"""A few services of 2026 whose figures can be counted by hand.

August: 王强 (a firm, in 唐冶) 50 and 60 minutes, a firm of 45 minutes in 郭店.
September: 王强 again, 90 minutes of diagnosis; a team 55 minutes; one of 20 minutes, too short;
one recorded and never confirmed; one by somebody whose identity nobody has checked.
"""

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

import pytest
from flask.testing import FlaskClient

from app.db import MachineNow, open_engine
from app.domain.actor import Actor
from app.domain.clock import FixedClock
from app.domain.expert import ExpertCategory
from app.factory import create_app
from app.models.account import SignInSession
from app.models.person import IdentityLevel
from app.models.service_session import ServiceSession
from app.services.accounts import secret_sha256
from app.unit_of_work import Store
from tests import databases
from tests.builders import keep
from tests.journeys.district import District, Founder, Mentor
from tests.moments import START
from tests.serving import settings

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


def a_year(district: District) -> Year:
    """Hold the meetings; the clock then stands at NOW."""
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


@pytest.fixture(scope="module")
def kept_enter(kept_year: Year) -> Callable[[Actor], FlaskClient]:
    """Sign clients in at pages that show the kept year."""
    store = kept_year.district.store
    app = create_app(settings(), store=store)

    def make(actor: Actor) -> FlaskClient:
        secret = f"secret of {actor.account_id}"
        opened = SignInSession(
            account_id=actor.account_id,
            token_sha256=secret_sha256(secret),
            created_at=MachineNow(),
            last_seen_at=MachineNow(),
        )
        keep(store, opened)
        client = app.test_client()
        client.set_cookie("sid", secret)
        return client

    return make


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept_year(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Year]:
    """Hold the meetings once for all tests of a module, which only look at them."""
    name = f"test_{uuid.uuid4().hex}"
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("year") / "year.db"
        shutil.copyfile(databases.sqlite_template(databases.shared_folder()), path)
        url, drop = f"sqlite:///{path}", path.unlink
    else:
        server = request.getfixturevalue("postgresql_server")
        databases.create(server, name, databases.TEMPLATE)
        url, drop = databases.database(server, name), partial(databases.drop, server, name)
    engine, clock = open_engine(url), FixedClock(START)
    yield a_year(District(Store(engine, clock, databases.AUDIT_KEY), clock))
    engine.dispose()
    drop()
