"""Appraisals: a mark for each expert of a meeting, corrected in versions, with what it asks for."""

from datetime import date

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.db import StaleVersionError
from app.domain.actor import SYSTEM, Role
from app.domain.appraisal import SENIOR, AppraisedError, Grade, NotHeldError
from app.domain.dismissal import Ground
from app.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.domain.policy_number import PolicyNumber
from app.models.appraisal import Appraisal
from app.models.audit_entry import AuditEntry
from app.models.dismissal import Dismissal
from app.models.message import Message
from app.queries.appraisals import appraisals_of, marks_of, waiting_appraisals
from app.queries.renewals import dismissal_list
from app.services import appraisals, dismissals, honours, messages
from app.services.honours import HonourEntry
from tests.builders import staff
from tests.journeys.visits import deliver
from tests.moments import at
from tests.scenes import Plays
from tests.services.test_policy_days import enter
from tests.turns import on_each
from tests.web.bureau.year import Year, a_year

WORDS = "准备充分，建议具体。"
ENTRY = HonourEntry(SENIOR, "历人社发〔2026〕15 号", "区人社局", date(2026, 9, 20))


@pytest.fixture
def plays() -> Plays:
    return {"year": a_year}


@pytest.fixture
def year(scene: Year) -> Year:
    return scene


def mark(year: Year, meeting: str, score: int, who=None, words: str = WORDS) -> Appraisal:
    session = year.meetings[meeting]
    return year.district.store.execute(
        who or year.district.officer,
        appraisals.appraise,
        session.id,
        session.lead_expert_id,
        score,
        words,
    )


def waiting(year: Year, who=None):
    with year.district.store.read(who or year.district.officer) as reader:
        return waiting_appraisals(reader)


def marks(year: Year):
    with year.district.store.read(SYSTEM) as reader:
        return marks_of(reader, [year.scholar.expert.id])[year.scholar.expert.id]


@on_each
def test_what_was_held_waits_two_working_days_and_leaves_the_list_with_its_mark(
    year: Year,
) -> None:
    before = waiting(year)
    # Eight meetings were held; nobody was marked yet, and all but one of them are long over.
    assert (before.count, before.overdue, len(before.items)) == (8, 8, 8)
    # Held on Monday 14 September: the 15th and the 16th.
    assert before.items[-1].due_at == at("09-17 00:00")
    district = year.district
    fresh = district.held(year.scholar, year.firm, "09-24 10:00")
    # The 25th to the 27th are off: Monday and Tuesday.
    (own,) = [row for row in waiting(year).items if row.session_id == fresh.id]
    assert (own.due_at, own.is_overdue) == (at("09-30 00:00"), False)
    district.clock.put(at("09-30 00:00"))
    (own,) = [row for row in waiting(year).items if row.session_id == fresh.id]
    assert own.is_overdue
    row = mark(year, "first", 92)
    assert (row.number, row.grade, row.due_at) == (1, Grade.EXCELLENT, at("08-14 00:00"))
    assert waiting(year).count == before.count
    with pytest.raises(AppraisedError):
        mark(year, "first", 92)


def test_only_who_was_there_at_what_was_held_is_marked_and_by_an_officer(year: Year) -> None:
    district, session = year.district, year.meetings["first"]
    planned = district.accepted(year.scholar, year.firm, "10-12 10:00")
    for key, expert in (
        (planned.id, year.scholar.expert.id),
        (session.id, year.official.expert.id),
    ):
        with pytest.raises(NotHeldError):
            district.store.execute(district.officer, appraisals.appraise, key, expert, 80, WORDS)
    for who in (year.scholar.actor, staff(district.store, Role.AUDITOR)):
        with pytest.raises((ForbiddenError, NotFoundError)):
            mark(year, "first", 100, who)
    for score, words, field in ((101, WORDS, "score"), (80, "  ", "words")):
        with pytest.raises(InvalidInputError) as refused:
            mark(year, "first", score, words=words)
        assert [error.field for error in refused.value.errors] == [field]
    assert district.rows(Appraisal) == []


def test_a_correction_is_a_new_version_with_a_reason_and_the_mentor_reads_both(
    year: Year,
) -> None:
    district = year.district
    first = mark(year, "first", 58, words="迟到，没有准备材料。")
    correct = appraisals.correct, first.id, 75, "迟到是因为封路。"
    with pytest.raises(InvalidInputError):
        district.store.execute(district.officer, *correct, " ")
    with pytest.raises(StaleVersionError):
        district.store.execute(district.officer, *correct, "核实了路况", version=2)
    district.store.execute(district.officer, *correct, "核实了路况", version=1)
    with pytest.raises(StaleVersionError):
        district.store.execute(district.officer, *correct, "再改一次", version=1)
    with district.store.read(year.scholar.actor) as reader:
        (own,) = appraisals_of(reader, year.scholar.expert.id)
        assert appraisals_of(reader, year.official.expert.id) == ()
    assert (own.score, own.grade, own.reason, own.version) == (
        75,
        Grade.QUALIFIED,
        "核实了路况",
        2,
    )
    assert [(each.score, each.words) for each in own.earlier] == [(58, "迟到，没有准备材料。")]
    assert own.made_by == ""
    with district.store.read(year.official.actor) as reader:
        assert appraisals_of(reader, year.scholar.expert.id) == ()
    assert marks(year).scores == (75,)
    kept = str([entry.body for entry in district.rows(AuditEntry)])
    assert "封路" not in kept
    assert "核实了路况" not in kept


def test_an_average_below_the_pass_mark_is_on_the_list_with_its_evidence_and_ends_nothing(
    year: Year,
) -> None:
    district = year.district

    def listed() -> list[str]:
        with district.store.read(district.officer) as reader:
            return [row.name for row in dismissal_list(reader)]

    mark(year, "first", 60)
    mark(year, "guodian", 60)
    assert listed() == []
    mark(year, "diagnosis", 59)
    assert (marks(year).average, listed()) == ("59.7", ["高源"])
    assert district.rows(Dismissal) == []
    row = district.store.execute(
        district.officer,
        dismissals.propose,
        year.scholar.expert.id,
        Ground.LOW_SCORE,
        "考评平均不合格。",
    )
    assert (row.evidence["appraisals"], row.evidence["appraisal_average"]) == (3, "59.7")
    enter(district, PolicyNumber.APPRAISAL_QUALIFIED, 55, date(2026, 9, 20))
    district.store.execute(year.scholar.actor, dismissals.hear, row.id, "会改进。")
    district.store.execute(district.approver, dismissals.refuse, row.id)
    assert listed() == []


def test_enough_excellent_marks_let_an_officer_enter_a_senior_whom_another_confirms(
    year: Year,
) -> None:
    district, expert_id = year.district, year.scholar.expert.id
    enter(district, PolicyNumber.SENIOR_EVENTS, 3, date(2026, 9, 1))
    asked = honours.enter, expert_id, ENTRY
    for meeting, score in (("first", 95), ("guodian", 90)):
        mark(year, meeting, score)
    with pytest.raises(InvalidInputError):
        district.store.execute(district.officer, *asked)
    low = mark(year, "diagnosis", 89)
    with pytest.raises(InvalidInputError):
        district.store.execute(district.officer, *asked)
    district.store.execute(
        district.officer, appraisals.correct, low.id, 91, WORDS, "漏看了第二份报告"
    )
    assert marks(year).is_senior
    honour = district.store.execute(district.officer, *asked)
    assert district.store.execute(district.approver, honours.confirm, honour.id).kind == SENIOR


def test_marks_older_than_the_years_looked_at_weigh_nothing(year: Year) -> None:
    mark(year, "first", 20)
    year.district.clock.put(at("08-12 10:00").replace(year=2028))
    assert marks(year).scores == ()


def test_the_morning_tells_how_many_wait_and_how_many_too_long(year: Year) -> None:
    district = year.district
    district.held(year.scholar, year.firm, "09-24 10:00")
    district.clock.put(at("09-28 08:30"))
    district.store.execute(SYSTEM, messages.watch_morning)
    deliver(district.store)
    (told,) = district.rows(
        Message,
        Message.event == "digest.morning",
        Message.account_id == district.officer.account_id,
    )
    assert "等考评的 9 人次，其中逾期 8 人次" in told.text


def test_no_mark_is_changed_or_taken_away(year: Year, database_url: str) -> None:
    mark(year, "first", 70)
    engine = create_engine(database_url)
    try:
        for statement in ("UPDATE appraisals SET score = 100", "DELETE FROM appraisals"):
            with pytest.raises(DBAPIError), engine.begin() as connection:
                connection.execute(text(statement))
        with engine.connect() as connection:
            assert connection.execute(text("SELECT score FROM appraisals")).scalar_one() == 70
    finally:
        engine.dispose()
