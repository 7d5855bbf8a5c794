import pytest

from app.domain.calendar import local_day
from tests.builders import a_mentor, an_expert

AGENDA = "/bureau/agenda"


@pytest.fixture
def meeting(year):
    return year.meetings["team"]


def test_a_day_says_who_meets_whom_and_leads_to_the_meeting(year, desk, meeting) -> None:
    on = local_day(meeting.planned_starts_at)
    page = desk.get(f"{AGENDA}?day={on}")
    assert f'href="/bureau/sessions/{meeting.id}"' in page
    assert meeting.reference in page
    assert f'value="{on}"' in page


def test_a_week_by_expert_keeps_its_filters_in_every_link(desk) -> None:
    page = desk.get(f"{AGENDA}?day=2026-09-16&span=week&by=expert&kind=consultation")
    assert "9月14日–20日" in page
    assert "9月20日 周日：国庆节调休" in page
    for day in ("2026-09-09", "2026-09-23"):
        link = f"{AGENDA}?day={day}&amp;span=week&amp;by=expert&amp;kind=consultation"
        assert f'href="{link}"' in page


def test_a_day_without_meetings_says_so(desk) -> None:
    page = desk.get(f"{AGENDA}?day=2027-03-01")
    assert "这一天没有见面" in page


@pytest.mark.parametrize(
    "asked", ["day=16.09.2026", "day=0001-01-01", "by=colour", "span=year", "kind=lecture"]
)
def test_an_address_that_means_nothing_is_refused(desk, asked: str) -> None:
    desk.get(f"{AGENDA}?{asked}", status=422)


def test_a_mentor_has_no_agenda_of_the_bureau(year, enter) -> None:
    store = year.district.store
    enter(a_mentor(store, an_expert(store))).get(AGENDA, status=403)
