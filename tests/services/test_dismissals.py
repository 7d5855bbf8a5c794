"""Dismissals: a listed ground, the mentor heard, another decides; renewals with reasons."""

from datetime import date

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.db import StaleVersionError
from app.domain.actor import Role
from app.domain.booking import BookingStatus
from app.domain.dismissal import (
    AlreadyHeardError,
    DismissalClosedError,
    DismissalOpenError,
    DismissalStatus,
    Ground,
    HearingOpenError,
    SameOfficerError,
)
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking
from app.models.dismissal import Dismissal, RenewalReason
from app.models.expert import Appointment
from app.models.service_record import ServiceRecord
from app.queries.renewals import dismissal_list, dismissal_page, renewals
from app.services import dismissals, experts
from app.services.experts import Renewal
from tests.builders import an_appointment, keep, staff
from tests.journeys.district import District
from tests.journeys.visits import told
from tests.moments import at
from tests.scenes import Plays
from tests.turns import on_each
from tests.web.bureau.year import Year, a_year

FACTS = "9月1日、9月8日两次约好没有到，有窗口登记。"
PAPER = "历人社解〔2026〕1号"


@pytest.fixture
def plays() -> Plays:
    return {"year": a_year}


@pytest.fixture
def year(scene: Year) -> Year:
    return scene


def proposed(year: Year, ground: Ground = Ground.SHORT_TERM) -> Dismissal:
    who = year.district.officer
    return year.district.store.execute(
        who, dismissals.propose, year.scholar.expert.id, ground, FACTS
    )


def the_case(district: District) -> Dismissal:
    (row,) = district.rows(Dismissal)
    return row


def decide(year: Year, use_case, *args, **more) -> Dismissal:
    key = the_case(year.district).id
    return year.district.store.execute(year.district.approver, use_case, key, *args, **more)


def test_a_proposal_keeps_its_figures_tells_the_mentor_and_changes_nothing_else(year: Year) -> None:
    district = year.district
    terms = [(row.id, row.ends_on) for row in district.rows(Appointment)]
    row = proposed(year)
    assert row.evidence["minutes"] == 185
    assert row.evidence["minutes_owed"] == 1800
    # Friday 25 September 2026 is off, 25-27 too, and so are 1-7 October: five working days.
    assert row.hear_by == at("10-10 00:00")
    assert told(district, year.scholar.actor).count("appointment.hearing") == 1
    assert [(row.id, row.ends_on) for row in district.rows(Appointment)] == terms
    with pytest.raises(DismissalOpenError):
        proposed(year, Ground.ABSENCES)
    with pytest.raises(InvalidInputError):
        district.store.execute(
            district.officer, dismissals.propose, year.official.expert.id, Ground.ABSENCES, " "
        )


def test_nobody_decides_before_the_mentor_was_heard_or_his_time_is_over(year: Year) -> None:
    proposed(year)
    with pytest.raises(HearingOpenError):
        decide(year, dismissals.approve, PAPER)
    year.district.clock.put(the_case(year.district).hear_by)
    assert decide(year, dismissals.refuse).status is DismissalStatus.REFUSED
    assert told(year.district, year.scholar.actor).count("appointment.kept") == 1


def test_the_mentor_is_heard_once_and_nobody_answers_for_him(year: Year) -> None:
    district = year.district
    key = proposed(year).id
    with pytest.raises(NotFoundError):
        district.store.execute(year.official.actor, dismissals.hear, key, "不是我")
    row = district.store.execute(year.scholar.actor, dismissals.hear, key, "那两天在住院。")
    assert (row.status, row.words) == (DismissalStatus.HEARD, "那两天在住院。")
    with pytest.raises(AlreadyHeardError):
        district.store.execute(year.scholar.actor, dismissals.hear, key, "补充")
    kept = str([entry.body for entry in district.rows(AuditEntry)])
    assert "住院" not in kept
    assert "窗口登记" not in kept


def standing(district) -> dict[object, tuple[str, int]]:
    """Return what is decided of each meeting now, whatever versions came before."""
    rows = sorted(district.rows(ServiceRecord), key=lambda row: row.number)
    return {row.service_session_id: (row.status, row.minutes) for row in rows}


def test_an_approved_dismissal_holds_back_what_is_to_come_and_leaves_what_counted(
    year: Year,
) -> None:
    district = year.district
    ahead = district.accepted(year.scholar, year.firm, "10-12 10:00")
    counted = standing(district)
    proposed(year)
    district.store.execute(year.scholar.actor, dismissals.hear, the_case(district).id, "知道了。")
    seen = the_case(district).version
    with pytest.raises(InvalidInputError):
        decide(year, dismissals.approve, "")
    with pytest.raises(StaleVersionError):
        decide(year, dismissals.approve, PAPER, version=seen - 1)
    row = decide(year, dismissals.approve, PAPER, version=seen)
    assert (row.status, row.document) == (DismissalStatus.APPROVED, PAPER)
    booking = district.one(Booking, Booking.id == ahead.booking_id)
    assert booking.status is BookingStatus.SUSPENDED
    assert standing(district) == counted
    assert told(district, year.scholar.actor).count("appointment.dismissed") == 1
    with pytest.raises(DismissalClosedError):
        decide(year, dismissals.approve, PAPER)


def test_who_proposes_does_not_decide_and_an_officer_never_does(year: Year) -> None:
    district = year.district
    expert_id = year.scholar.expert.id
    row = district.store.execute(
        district.approver, dismissals.propose, expert_id, Ground.MISCONDUCT, FACTS
    )
    district.clock.put(row.hear_by)
    with pytest.raises(SameOfficerError):
        decide(year, dismissals.approve, PAPER)
    with pytest.raises(ForbiddenError):
        district.store.execute(district.officer, dismissals.approve, row.id, PAPER)
    other = staff(district.store, Role.APPROVER, name="老王")
    assert district.store.execute(other, dismissals.approve, row.id, PAPER).document == PAPER


@on_each
@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM dismissals",
        "UPDATE dismissals SET status = 'approved'",
        "UPDATE dismissals SET status = 'approved', decided_at = proposed_at,"
        " decided_by_id = proposed_by_id",
        "UPDATE dismissals SET words = 'x'",
        "UPDATE dismissals SET ground = 'dislike'",
    ],
)
def test_the_database_keeps_the_law_of_dismissals(year: Year, database_url, attack: str) -> None:
    proposed(year)
    engine = create_engine(database_url)
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text(attack))
    engine.dispose()


def test_a_short_term_is_renewed_only_with_a_reason_which_is_kept(year: Year) -> None:
    district, expert = year.district, year.scholar.expert
    keep(district.store, an_appointment(expert.id, date(2028, 7, 1), date(2028, 7, 2)))
    days = (date(2028, 7, 3), date(2031, 7, 2))
    renew = (district.approver, experts.renew, expert.id)
    with pytest.raises(InvalidInputError) as refused:
        district.store.execute(*renew, Renewal("续聘文件", *days))
    (fault,) = refused.value.errors
    assert (fault.field, fault.code) == ("reason", "expert.short_term")
    assert fault.facts == {"hours": 3, "minutes": 5, "owed": 30}
    assert district.rows(RenewalReason) == []
    assert len(district.rows(Appointment, Appointment.expert_id == expert.id)) == 2
    term = district.store.execute(*renew, Renewal("续聘文件", *days, "生病一年，已恢复"))
    (kept,) = district.rows(RenewalReason)
    assert (kept.appointment_id, kept.minutes, kept.owed) == (term.id, 185, 1800)


def test_the_lists_show_whose_term_ends_and_who_is_at_a_limit(year: Year) -> None:
    district = year.district
    with district.store.read(district.officer) as reader:
        assert renewals(reader).rows == ()
        assert dismissal_list(reader) == ()
    proposed(year)
    # The terms of both end on 30 June 2028.
    for moment, listed in (("2028-03-31", 0), ("2028-07-31", 0), ("2028-04-01", 2)):
        district.clock.put(at("09-25 10:00").replace(*map(int, moment.split("-"))))
        with district.store.read(district.officer) as reader:
            found = renewals(reader).rows
        assert len(found) == listed, moment
    assert all(row.is_short and not row.ratings.is_told for row in found)
    district.clock.put(at("09-25 10:00").replace(2028, 6, 30))
    with district.store.read(district.officer) as reader:
        rows = dismissal_list(reader)
        page = dismissal_page(reader, year.scholar.expert.id)
    assert [(row.name, row.dismissal is not None) for row in rows] == [
        ("高源", True),
        ("田野", False),
    ]
    assert page is not None
    assert [each.ground for each in page.proposals] == [Ground.SHORT_TERM]
