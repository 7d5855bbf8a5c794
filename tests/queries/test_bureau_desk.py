from uuid import UUID, uuid4

import pytest

from app.domain.actor import Actor, Permission, Role
from app.domain.calendar import Month
from app.domain.errors import InvalidInputError, NotFoundError
from app.domain.service_record import FIGURE_NAMES, CorrectionOp, Reason, UnknownMeasureError
from app.domain.service_record.slices import Labels, Share, months_of
from app.queries import bureau_desk
from app.queries.bureau_desk import Asked, PoolFilter, Standing
from app.queries.bureau_desk.late_changes import Hands, Moved
from app.queries.bureau_desk.waits import FIRST_MEETINGS
from app.services import experts
from tests.builders import an_expert, staff
from tests.founder_road import statements
from tests.journeys.district import District
from tests.moments import at, day
from tests.web.bureau.year import Year, district, plays, year

__all__ = ["district", "plays", "year"]

YEAR = months_of(2026)
SEPTEMBER = (Month(2026, 9),)


def look(district: District, query, *args, actor: Actor | None = None, **values):
    with (
        district.store.read(actor or district.officer) as reader,
        statements(district.store) as sent,
    ):
        found = query(reader, *args, **values)
    assert len(sent) <= 12, sent
    return found


def rows(year: Year, months=SEPTEMBER, actor: Actor | None = None, **asked):
    return look(year.district, bureau_desk.ledger, Asked(months=months, **asked), actor=actor)


def references(year: Year, page) -> list[str]:
    names = {session.id: name for name, session in year.meetings.items()}
    return [names[row.id] for row in page.rows]


def test_the_rows_of_a_month_stand_newest_first_with_who_met_whom(year) -> None:
    page = rows(year)
    assert references(year, page) == ["team", "diagnosis"]
    assert (page.value, page.count, page.not_counted, page.apart) == (2, 2, 3, 0)
    team = page.rows[0]
    assert (team.founder, team.expert, team.venture) == ("孙立", "田野", "孙立团队")
    assert (team.minutes, team.amount, team.reason, team.proofs) == (55, 1, None, (True,) * 3)


@pytest.mark.parametrize("measure", [*FIGURE_NAMES, *Share, FIRST_MEETINGS])
def test_every_figure_is_the_sum_of_its_rows(year, measure: str) -> None:
    page = rows(year, YEAR, measure=measure)
    assert sum(row.amount for row in page.rows) == page.value
    assert len(page.rows) == page.count


def test_what_does_not_count_is_listed_with_its_reason(year) -> None:
    page = rows(year, measure="not_counted")
    reasons = dict(zip(references(year, page), (row.reason for row in page.rows), strict=True))
    assert reasons == {
        "open": Reason.UNCONFIRMED,
        "unknown": Reason.IDENTITY_UNVERIFIED,
        "short": Reason.BELOW_MINIMUM,
    }
    assert page.rows[0].proofs == (True, True, False)
    short = rows(year, measure="not_counted", labels=Labels(reason="below_minimum"))
    assert references(year, short) == ["short"]


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ({"street": "guodian"}, ["guodian"]),
        ({"type": "diagnosis"}, ["diagnosis"]),
        ({"category": "official"}, ["team", "second"]),
        ({"confirmation": "call_back"}, []),
    ],
)
def test_labels_choose_the_rows(year, labels, names) -> None:
    page = rows(year, YEAR, labels=Labels(**labels))
    assert references(year, page) == names
    assert page.value == len(names)


def test_the_rows_of_one_expert_are_found_by_his_key(year) -> None:
    own = Labels(expert=str(year.official.expert.id))
    assert references(year, rows(year, YEAR, labels=own)) == ["team", "second"]


def test_pages_follow_each_other_and_go_back(year) -> None:
    def page(after: UUID | None):
        asked = Asked(months=YEAR)
        return look(year.district, bureau_desk.ledger, asked, after=after, limit=2)

    first = page(None)
    second = page(first.next)
    third = page(second.next)
    names = [references(year, each) for each in (first, second, third)]
    assert names == [["team", "diagnosis"], ["guodian", "second"], ["first"]]
    assert [each.first for each in (first, second, third)] == [1, 3, 5]
    assert (first.has_before, second.has_before, third.next) == (False, True, None)
    assert (second.before, page(third.before).first) == (None, 3)
    assert {each.value for each in (first, second, third)} == {5}
    with pytest.raises(NotFoundError):
        page(uuid4())


def test_an_unknown_figure_is_refused(year) -> None:
    with pytest.raises(UnknownMeasureError):
        rows(year, measure="happiness")


def test_an_open_month_has_nothing_reported(year) -> None:
    assert rows(year, as_reported=True).count == 0


def test_who_sees_a_street_sees_its_rows_and_sums_only(year) -> None:
    liaison = staff(year.district.store, Role.STREET_LIAISON, street="guodian")
    page = rows(year, YEAR, actor=liaison)
    assert (references(year, page), page.value) == (["guodian"], 1)


def test_a_department_sees_its_services_without_the_founders_names(year) -> None:
    own = year.meetings["first"].department
    liaison = staff(year.district.store, Role.DEPT_LIAISON, department=own)
    page = rows(year, actor=liaison)
    assert page.value == 2
    assert {row.founder for row in page.rows} == {None}


def test_the_evidence_of_a_meeting_is_whole(year) -> None:
    meeting = year.meetings["diagnosis"]
    page = look(year.district, bureau_desk.evidence, meeting.id)
    assert (page.meeting.reference, page.meeting.founder) == (meeting.reference, "王强")
    assert (page.both_came, page.standing.minutes, len(page.decided)) == (True, 90, 3)
    assert [each.number for each in page.record.written] == [1]
    assert [(said.name, said.agrees) for said in page.record.said] == [("王强", True)]
    assert page.makers[page.record.written[0].id] == "高源"
    assert page.chain[0].action == "booking.requested"
    assert sum(len(step.entries) for step in page.steps) == len(page.chain)
    assert "outcome.confirmed" in page.steps[-1].actions
    assert (page.disputes, page.corrections, page.open_dispute) == ((), (), None)


def test_what_may_be_done_depends_on_the_meeting_and_the_reader(year) -> None:
    def acts(name: str, actor: Actor) -> frozenset[Permission]:
        session_id = year.meetings[name].id
        return look(year.district, bureau_desk.evidence, session_id, actor=actor).acts

    officer = year.district.officer
    auditor = staff(year.district.store, Role.AUDITOR)
    assert acts("open", officer) == {
        Permission.MAKE_CORRECTION,
        Permission.CERTIFY_OUTCOME,
        Permission.ENTER_ON_PAPER,
        Permission.NOTE_REGISTRATION,
    }
    assert Permission.CERTIFY_OUTCOME not in acts("team", officer)
    assert acts("open", auditor) == frozenset()


def test_who_cannot_see_a_meeting_does_not_learn_that_it_is(year) -> None:
    liaison = staff(year.district.store, Role.STREET_LIAISON, street="guodian")
    for key in (year.meetings["first"].id, uuid4()):
        with pytest.raises(NotFoundError):
            look(year.district, bureau_desk.evidence, key, actor=liaison)
    found = look(year.district, bureau_desk.session_id_of, year.meetings["first"].reference)
    assert found == year.meetings["first"].id
    with pytest.raises(NotFoundError):
        look(year.district, bureau_desk.session_id_of, "TZ2026-999999")


def test_the_pool_is_filtered_by_words_category_and_standing(district) -> None:
    serving = an_expert(district.store, name="甲一", expertise=["专利布局"])
    paused = an_expert(district.store, name="乙二")
    an_expert(district.store, name="丙三", term=(day("01-01"), day("02-01")))
    an_expert(district.store, name="丁四", term=(day("12-01"), day("12-31")))
    district.store.execute(district.officer, experts.pause, paused.id)

    def names(**wanted) -> set[str]:
        page = look(district, bureau_desk.pool, PoolFilter(**wanted))
        return {row.name for row in page.items}

    assert names() == {"甲一", "乙二", "丙三", "丁四"}
    assert names(text="专利") == {"甲一"}
    assert [names(standing=each) for each in Standing] == [{"甲一"}, {"乙二"}, {"丁四"}, {"丙三"}]
    assert names(only_in_term=True) == {"甲一", "乙二"}
    with pytest.raises(InvalidInputError):
        names(text="长" * 101)
    with pytest.raises(NotFoundError):
        look(district, bureau_desk.pool, PoolFilter(), after=uuid4())
    profile = look(district, bureau_desk.pool_profile, serving.id)
    assert (profile.row.standing, profile.sessions, len(profile.terms)) == (Standing.SERVING, 0, 1)


def test_a_profile_counts_the_expert_s_own_minutes(year) -> None:
    expert_id = year.official.expert.id
    profile = look(year.district, bureau_desk.pool_profile, expert_id)
    assert (profile.year, profile.sessions, profile.minutes) == (2026, 2, 60 + 55)
    with pytest.raises(NotFoundError):
        look(year.district, bureau_desk.pool_profile, uuid4())


def test_the_report_of_a_month_splits_into_parts_that_add_up(year) -> None:
    report = look(year.district, bureau_desk.month_report, Month(2026, 9))
    assert report.counts.own.additive.sessions == 2
    for parts in report.splits.values():
        assert sum(part.sessions for part in parts.values()) == 2
        assert sum(part.session_minutes for part in parts.values()) == 145
    assert report.reasons == {"identity_unverified": 1, "below_minimum": 1, "unconfirmed": 1}
    assert (report.has_ended, report.may_close, report.changes) == (False, False, ())


def test_the_months_are_listed_with_the_next_to_close(year) -> None:
    page = look(year.district, bureau_desk.report_list, actor=year.district.approver)
    assert [str(line.month) for line in page.months] == ["2026-09", "2026-08"]
    assert (str(page.next), page.opens_at, page.may_close) == ("2026-08", at("09-07 00:00"), True)
    assert look(year.district, bureau_desk.report_list).may_close is False


def test_late_news_of_a_closed_month_is_listed_in_its_report(district) -> None:
    mentor, founder = district.mentor("高源"), district.founder("王强")
    late = district.held(mentor, founder, "09-18 14:00", 45)
    district.record(mentor, late)
    district.close(Month(2026, 9), "10-13 10:00")
    district.confirm(founder, late, "10-21 10:00")
    report = look(district, bureau_desk.month_report, Month(2026, 9), actor=district.approver)
    (change,) = report.changes
    assert (change.session_id, change.cause) == (late.id, "late_confirmation")
    assert (change.posted_month, change.change.session_minutes) == ("2026-10", 45)
    asked = Asked(months=(Month(2026, 9),), as_reported=True, measure="records")
    assert look(district, bureau_desk.ledger, asked).value == 1
    posted = look(district, bureau_desk.month_report, Month(2026, 10))
    assert [each.additive.sessions for each in posted.counts.adjustments] == [1]
    assert posted.posted == {"2026-09": [change]}
    assert (change.added, change.removed) == (Moved(1, ("王强",)), Moved(0, ()))
    assert change.hands is None


def test_a_correction_after_closing_tells_whom_it_moves_and_who_made_and_checked_it(
    district,
) -> None:
    founder = district.founder("王强")
    met = district.served(district.mentor("高源"), founder, "09-18 14:00", 45)
    district.close(Month(2026, 9), "10-13 10:00")
    district.correct(met, CorrectionOp.REMOVE_ATTENDEE, founder.person_id, "10-21 10:00")
    posted = look(district, bureau_desk.month_report, Month(2026, 10)).posted
    (change,) = posted["2026-09"]
    assert (change.added, change.removed) == (Moved(0, ()), Moved(1, ("王强",)))
    assert change.hands == Hands(district.officer.name, district.approver.name)
    assert look(district, bureau_desk.month_report, Month(2026, 9)).changes == (change,)
    elsewhere = staff(district.store, Role.STREET_LIAISON, street="nowhere")
    assert look(district, bureau_desk.month_report, Month(2026, 10), actor=elsewhere).posted == {}


def test_seals_are_told_with_what_waits_for_them(year) -> None:
    found = look(year.district, bureau_desk.seals, actor=year.district.approver)
    assert (found.newest, found.unsealed > 0) == ([], True)
