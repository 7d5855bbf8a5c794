"""The books looked over at night: each fault is found where it was made, and nothing else."""

from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from app.domain.actor import SYSTEM
from app.domain.calendar import Month
from app.domain.job import JobState
from app.domain.self_audit import MOST_FINDINGS, Check, Finding, from_stored, stored
from app.jobs.nightly_audit import looking_over
from app.models.audit_entry import AuditEntry
from app.models.booking import Booking
from app.models.job import Job
from app.models.message import Message
from app.models.outcome import Outcome
from app.models.self_audit import SelfAudit
from app.models.service_record import ServiceRecord
from app.models.service_session import ServiceSession
from app.queries.self_audits import newest
from app.services import bookings, outcomes, periods, self_audits, service_sessions
from app.services.service_records import standing
from app.services.service_sessions import Finish
from tests.looking import look_over
from tests.moments import at
from tests.scenes import Plays, after
from tests.services.scene import Scene, set_scene


@after(set_scene)
def confirmed(scene: Scene) -> Scene:
    outcome = scene.recorded()
    scene.store.execute(scene.founder, outcomes.confirm, outcome.id, agrees=True)
    scene.request("09-24 14:00")
    return scene


@pytest.fixture
def plays() -> Plays:
    return {"books": confirmed}


@pytest.fixture
def books(scene: Scene) -> Scene:
    return scene


@pytest.fixture
def raw(database_url: str) -> Any:
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def look(books: Scene) -> list[Finding]:
    look_over(books.store)
    with books.store.read(books.officer) as reader:
        view = newest(reader)
    assert view is not None
    assert view.found == len(view.findings)
    return list(view.findings)


def disarmed(raw: Engine, statement: str, **values: Any) -> None:
    """Do what the guards of the tables would refuse."""
    with raw.begin() as connection:
        if raw.dialect.name == "sqlite":
            named = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in connection.execute(named).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(
                text("ALTER TABLE resource_claims DROP CONSTRAINT ex_resource_claims_no_overlap")
            )
        connection.execute(text(statement), values)


def test_sound_books_give_nothing_to_report(books: Scene) -> None:
    assert look(books) == []


def test_two_claims_on_one_time_are_found(books: Scene, raw: Engine) -> None:
    disarmed(
        raw,
        "UPDATE resource_claims SET starts_at = (SELECT min(starts_at) FROM resource_claims),"
        " ends_at = (SELECT max(ends_at) FROM resource_claims)",
    )
    found = look(books)
    assert {each.check for each in found} == {Check.TIME_DOUBLED}
    assert {each.facts["kind"] for each in found} == {"expert", "founder"}


def test_a_reminder_of_a_booking_that_is_off_is_found(books: Scene, raw: Engine) -> None:
    disarmed(raw, "UPDATE bookings SET status = 'withdrawn' WHERE status = 'requested'")
    (finding, *_) = look(books)
    assert (finding.check, finding.facts) == (Check.REMINDER_ORPHANED, {"kind": "remind_answer"})


def test_a_booking_beyond_its_experts_term_is_found(books: Scene, raw: Engine) -> None:
    disarmed(raw, "UPDATE appointments SET ends_on = '2026-09-20'")
    found = [each for each in look(books) if each.check is Check.BEYOND_TERM]
    assert [each.facts for each in found] == [{"day": "2026-09-24"}]


def test_a_decision_that_would_be_another_now_is_found(books: Scene, raw: Engine) -> None:
    disarmed(raw, "UPDATE outcomes SET status = 'unconfirmed', confirmed_at = NULL")
    (finding,) = look(books)
    assert finding.check is Check.COUNT_DIFFERS
    assert finding.subject == str(books.session().id)
    assert finding.facts["stands"].startswith("counted")
    assert finding.facts["would_be"].startswith("not_counted")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE standing_records SET minutes = minutes + 1",
        "DELETE FROM standing_persons",
        "UPDATE standing_experts SET minutes = minutes + 1",
        "DELETE FROM standing_records",
    ],
)
def test_columns_that_do_not_say_what_the_ledger_says_are_found_and_made_anew(
    books: Scene, raw: Engine, statement: str
) -> None:
    disarmed(raw, statement)
    (finding,) = look(books)
    assert finding.check is Check.COLUMNS_DIFFER
    assert finding.subject == str(books.session().id)
    assert books.store.execute(SYSTEM, standing.rebuild).records == 1
    books.clock.put(at("09-30 09:00"))
    assert look(books) == []


def test_a_confirmation_that_can_no_longer_come_is_nothing_to_report(books: Scene) -> None:
    """Ninety days after the meeting nothing is waited for any more, and nobody decided it."""
    with books.store.read(SYSTEM) as reader:
        before = reader.session.query(ServiceRecord).count()
    booking = books.request("09-22 14:00")
    books.store.execute(books.mentor, bookings.accept, booking.id)
    books.clock.put(at("09-22 15:00"))
    (session,) = books.rows(ServiceSession, ServiceSession.booking_id == booking.id)
    facts = Finish(actual_start=at("09-22 14:00"), actual_end=at("09-22 14:50"))
    books.store.execute(books.mentor, service_sessions.finish, session.id, facts)
    assert len(books.rows(ServiceRecord)) == before + 1

    books.clock.put(at("12-29 10:00"))
    assert [each for each in look(books) if each.check is Check.COUNT_DIFFERS] == []


def test_a_closed_figure_that_was_changed_is_found(books: Scene, raw: Engine) -> None:
    books.clock.put(at("10-14 09:00"))
    books.work()
    books.store.execute(SYSTEM, periods.close, Month(2026, 9))
    assert look(books) == []
    books.clock.put(at("10-14 09:01"))
    disarmed(raw, "UPDATE published_figures SET value = value + 1 WHERE measure = 'sessions'")
    (finding,) = look(books)
    assert (finding.check, finding.facts) == (
        Check.FIGURE_DIFFERS,
        {"month": "2026-09", "measure": "sessions"},
    )


def test_a_row_changed_behind_the_trail_is_found_by_the_night(books: Scene, raw: Engine) -> None:
    handler = looking_over(None, books.store.audit_key(), None)

    def night() -> SelfAudit:
        with books.store.read(SYSTEM) as reader:
            looked = handler.look(reader, reader.today, lambda _done, _total: None)
        return books.store.execute(SYSTEM, handler.record, None, looked)

    sound = night()
    assert (sound.found, sound.entries) == (0, len(books.rows(AuditEntry)))
    books.clock.put(at("09-20 03:00"))
    (outcome,) = books.rows(Outcome)
    disarmed(raw, "UPDATE outcomes SET version = version + 1")
    finding = from_stored(night().findings)[0]
    assert (finding.check, finding.subject) == (Check.TRAIL_BROKEN, str(outcome.id))
    assert finding.facts["table"] == "outcomes"


def test_the_books_are_looked_over_once_each_night(books: Scene) -> None:
    def watched(when: str) -> bool:
        books.clock.put(at(when))
        return books.store.execute(SYSTEM, self_audits.watch)

    assert not watched("09-19 02:59")
    assert watched("09-19 03:00")
    assert not watched("09-19 23:00")
    books.work()
    assert len(books.rows(SelfAudit)) == 1
    assert books.rows(Job, Job.kind == self_audits.LOOK)[0].state is JobState.DONE


def test_it_changes_nothing_else(books: Scene) -> None:
    models = (Booking, Outcome, ServiceRecord, AuditEntry, Job, Message)
    before = [len(books.rows(model)) for model in models]
    look(books)
    assert [len(books.rows(model)) for model in models] == before


def test_who_is_no_staff_sees_nothing_of_it(books: Scene) -> None:
    look(books)
    with books.store.read(books.founder) as reader:
        assert newest(reader) is None


def test_no_more_than_five_hundred_are_kept_and_all_are_counted() -> None:
    many = [Finding(Check.BEYOND_TERM, str(number)) for number in range(MOST_FINDINGS + 1)]
    assert from_stored(stored(many)) == many[:MOST_FINDINGS]
