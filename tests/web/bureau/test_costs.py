"""A page costs at most eight statements, proofs and reports twelve, for any number of rows."""

import pytest

from tests.founder_road import statements
from tests.web.bureau.conftest import Desk

MOST = 8
# Files, calls, words and decisions of a meeting lie in a table each; so do the figures of a month,
# its changes, errata, groups and labels.
MOST_OF_PROOF = {
    # The bureau's first page tells of the services and of the plan.
    "/bureau": 15,
    "/bureau/sessions/{meeting}": 12,
    "/meetings/{meeting}/record": 12,
    "/bureau/reports/2026-09": 12,
    # Duties, honours and marks, each with its policy.
    "/bureau/duty/{expert}": 10,
}
# Who is signed in, with his roles, and the look noted in the access log are the frame's own.
# The years of the calendar are asked for once by each process.
_FRAME = (
    "sign_in_sessions",
    "account_roles",
    "access_entries",
    "INSERT INTO audit_entries",
    "calendar_days",
)


@pytest.fixture
def chief(year, enter) -> Desk:
    return enter(year.district.approver)


@pytest.mark.parametrize(
    "path",
    [
        "/bureau",
        "/bureau/sessions?year=2026",
        "/bureau/sessions?year=2026&measure=first_meetings",
        "/bureau/sessions?month=2026-09&counted=no",
        "/bureau/sessions?month=2026-09&basis=reported",
        "/bureau/sessions/{meeting}",
        "/meetings/{meeting}/record",
        "/meetings/{meeting}/files",
        "/bureau/sessions/{meeting}/correction?operation=set_topic",
        "/bureau/reviews",
        "/bureau/doubles",
        "/bureau/desk/people/{person}",
        "/bureau/desk/people/{person}/doubles?q=4321",
        "/bureau/agenda?day=2026-09-16&span=week",
        "/bureau/needs?waiting=long",
        "/bureau/needs/{need}",
        "/bureau/needs/{need}/book?mentor={expert}",
        "/bureau/waiting/records",
        "/bureau/answers",
        "/bureau/tickets",
        "/bureau/tickets?state=closed",
        "/bureau/mentors",
        "/bureau/mentors/{expert}",
        "/bureau/mentors/import",
        "/bureau/duty",
        "/bureau/duty?view=months",
        "/bureau/duty/{expert}",
        "/bureau/duty/{expert}/year",
        "/bureau/reports",
        "/bureau/reports/2026-09",
        "/bureau/log",
        "/bureau/log/looks?who=a",
        "/bureau/outbox",
        "/bureau/rules",
        "/bureau/policies",
    ],
)
def test_a_page_costs_few_statements(year, chief, path: str) -> None:
    session = year.meetings["team"]
    address = path.format(
        meeting=session.id,
        need=session.need_id,
        expert=year.official.expert.id,
        person=year.firm.person_id,
    )
    with statements(year.district.store) as sent:
        chief.get(address)
    own = [each for each in sent if not any(table in each for table in _FRAME)]
    assert len(own) <= MOST_OF_PROOF.get(path, MOST), own
