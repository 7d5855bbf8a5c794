"""The ledger of points: the sum of its entries, and the counted work worked out anew, are one."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.domain import point
from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.domain.point import PointEvent
from app.domain.self_audit import Check, from_stored
from app.domain.service_record import ActualTimes, CorrectionOp, Span, Status
from app.models.point import PointEntry, PointRuleRow
from app.models.self_audit import SelfAudit
from app.models.service_record import ServiceRecord
from app.models.service_session import ServiceSession
from app.queries.points import point_ledger
from app.services import points
from tests.journeys.district import District
from tests.looking import look_over
from tests.scenes import Plays
from tests.turns import on_each
from tests.web.bureau.year import Year, a_year

SERVICE, RECORD = 4, 1


@pytest.fixture
def plays() -> Plays:
    return {"year": a_year, "district": District}


@pytest.fixture
def year(scene: Year) -> Year:
    return scene


@pytest.fixture
def district(scene: District) -> District:
    return scene


def entries(district: District, expert_id: UUID) -> list[PointEntry]:
    return district.rows(PointEntry, PointEntry.expert_id == expert_id)


def balance(district: District, expert_id: UUID) -> int:
    return sum(entry.points for entry in entries(district, expert_id))


def differing(district: District) -> list[points.Difference]:
    with district.store.read(SYSTEM) as reader:
        return list(points.differences(reader, 2026))


def worked_out(district: District) -> Counter[UUID]:
    """Return what counted services and records in time are worth, by the rows alone."""
    newest: dict[UUID, ServiceRecord] = {}
    for row in district.rows(ServiceRecord):
        known = newest.get(row.service_session_id)
        if known is None or known.number < row.number:
            newest[row.service_session_id] = row
    served: Counter[UUID] = Counter()
    for row in newest.values():
        if row.status == Status.COUNTED:
            served.update(UUID(key) for key, minutes in row.detail["expert_minutes"] if minutes)
    return Counter(
        {key: min(40, SERVICE * count) + min(10, RECORD * count) for key, count in served.items()}
    )


def test_a_counted_service_and_a_record_in_time_earn_what_the_rules_say(year: Year) -> None:
    district = year.district
    assert balance(district, year.scholar.expert.id) == 3 * (SERVICE + RECORD)
    assert balance(district, year.official.expert.id) == 2 * (SERVICE + RECORD)
    counted = {row.id for row in district.rows(ServiceRecord, ServiceRecord.status == "counted")}
    assert {row.service_record_id for row in district.rows(PointEntry)} <= counted
    assert differing(district) == []


def test_what_is_void_is_taken_back_by_an_entry_of_opposite_sign(year: Year) -> None:
    district, expert_id = year.district, year.scholar.expert.id
    before = entries(district, expert_id)
    district.correct(year.meetings["first"], CorrectionOp.VOID, None)
    after = entries(district, expert_id)
    assert [row.id for row in after[: len(before)]] == [row.id for row in before]
    added = after[len(before) :]
    assert sorted(row.points for row in added) == [-SERVICE, -RECORD]
    taken = {row.id: row.points for row in before}
    assert all(taken[row.reverses_id] == -row.points for row in added)
    assert balance(district, expert_id) == 2 * (SERVICE + RECORD)
    assert differing(district) == []


def test_a_correction_that_makes_it_count_again_earns_again(year: Year) -> None:
    district, expert_id = year.district, year.official.expert.id
    session = year.meetings["short"]
    district.correct(session, CorrectionOp.SET_ACTUAL_TIMES, lasting(session, 45))
    assert balance(district, expert_id) == 3 * (SERVICE + RECORD)
    district.correct(session, CorrectionOp.SET_ACTUAL_TIMES, lasting(session, 10))
    district.correct(session, CorrectionOp.SET_ACTUAL_TIMES, lasting(session, 40))
    assert balance(district, expert_id) == 3 * (SERVICE + RECORD)
    own = [row for row in entries(district, expert_id) if row.subject_id == session.id]
    assert [row.number for row in own if abs(row.points) == SERVICE] == [1, 2, 3]
    assert differing(district) == []


def lasting(session: ServiceSession, minutes: int) -> ActualTimes:
    starts_at = session.planned_starts_at
    return ActualTimes(Span(starts_at, starts_at + timedelta(minutes=minutes)))


def test_settling_again_posts_nothing(year: Year) -> None:
    before = len(year.district.rows(PointEntry))
    assert year.district.store.execute(SYSTEM, points.settle_all, 2026) == 0
    assert len(year.district.rows(PointEntry)) == before


@pytest.mark.parametrize("seed", [7, 8])
def test_after_a_random_history_entries_and_counted_work_are_one(district, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  # a history, no secret
    mentors = [district.mentor("高源"), district.mentor("田野")]
    founders = [district.founder("王强", name="商贸"), district.founder("孙立", name="团队")]
    held: list[ServiceSession] = []
    for step in range(10):
        if len(held) < 3 or rng.random() < 0.4:
            when = f"09-{10 + step:02} {rng.choice(('10:00', '14:00'))}"
            who = rng.choice(mentors), rng.choice(founders)
            held.append(district.served(*who, when, rng.choice((20, 50))))
        elif rng.random() < 0.3:
            district.correct(held.pop(rng.randrange(len(held))), CorrectionOp.VOID, None)
        else:
            session = rng.choice(held)
            times = lasting(session, rng.choice((20, 35, 50)))
            evening = f"09-{10 + step:02} 20:00"
            district.correct(session, CorrectionOp.SET_ACTUAL_TIMES, times, evening)
        expected = worked_out(district)
        for mentor in mentors:
            assert balance(district, mentor.expert.id) == expected[mentor.expert.id], step
        assert differing(district) == []


def test_a_skipped_reversal_is_found_by_the_look_over_the_books(year: Year, monkeypatch) -> None:
    district = year.district
    real = points.moves

    def forgetful(*given: Any) -> list[point.Move]:
        return [move for move in real(*given) if not move.is_reversal]

    monkeypatch.setattr(points, "moves", forgetful)
    district.correct(year.meetings["first"], CorrectionOp.VOID, None)
    found = differing(district)
    due = 2 * (SERVICE + RECORD)
    assert found == [points.Difference(year.scholar.expert.id, due + SERVICE + RECORD, due)]
    look_over(district.store)
    (audit,) = district.rows(SelfAudit)
    named = [each for each in from_stored(audit.findings) if each.check is Check.POINTS_DIFFER]
    assert [each.subject for each in named] == [str(year.scholar.expert.id)]
    monkeypatch.undo()
    assert district.store.execute(SYSTEM, points.settle_all, 2026) == 2
    assert differing(district) == []


def test_ratings_weigh_only_from_the_next_closing_on_and_from_five_people_on(
    district, monkeypatch
) -> None:
    mentor, founder = district.mentor("高源"), district.founder("王强", name="商贸")
    session = district.held(mentor, founder, "09-10 10:00", 50)
    district.record(mentor, session)
    district.confirm(founder, session, rating=5)
    monkeypatch.setattr(point, "FEWEST_RATERS", 1)
    district.store.execute(SYSTEM, points.settle_all, 2026)
    assert balance(district, mentor.expert.id) == SERVICE + RECORD
    district.close(Month(2026, 9), "10-14 09:00")
    assert balance(district, mentor.expert.id) == SERVICE + RECORD + 30
    (rule,) = district.rows(PointRuleRow, PointRuleRow.event == PointEvent.RATED_WELL)
    (entry,) = district.rows(PointEntry, PointEntry.rule_id == rule.id)
    assert (entry.subject_id, entry.service_record_id) == (mentor.expert.id, None)
    monkeypatch.setattr(point, "FEWEST_RATERS", 5)
    assert district.store.execute(SYSTEM, points.settle_all, 2026) == 1
    assert balance(district, mentor.expert.id) == SERVICE + RECORD


def test_a_mentor_sees_his_own_points_and_a_founder_none(year: Year) -> None:
    store, own = year.district.store, year.scholar.expert.id
    for who, seen in ((year.scholar.actor, 15), (year.official.actor, 0), (year.firm.actor, 0)):
        with store.read(who) as reader:
            assert point_ledger(reader, own).balance == seen
    with store.read(year.district.officer) as reader:
        ledger = point_ledger(reader, own)
    assert (ledger.balance, len(ledger.lines)) == (15, 6)
    assert {part.value: total.points for part, total in ledger.parts.items()} == {
        "volume": 12,
        "satisfaction": 0,
        "effect": 0,
        "discipline": 3,
    }


@on_each
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE point_entries SET points = points + 1",
        "DELETE FROM point_entries",
        "UPDATE point_rules SET points = 5",
        "DELETE FROM point_rules",
    ],
)
def test_the_database_refuses_to_change_or_delete_points(
    year: Year, database_url: str, attack: str
) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="tr_append_only"):
        connection.execute(text(attack))
    engine.dispose()
