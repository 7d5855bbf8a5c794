"""Signals are kept with the records behind them, explained by officers, and change nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.actor import SYSTEM, Role
from app.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.domain.service_record import CorrectionOp
from app.domain.signal import AlreadyExplainedError, Kind, SignalState
from app.jobs.registry import INSIDE, registry
from app.models.job import Job
from app.models.service_record import ServiceRecord
from app.models.service_session import ServiceSession
from app.models.signal import Signal, SignalLook, SignalNote
from app.queries.signals import signal_list
from app.services import audit_entries, outcomes, signals
from app.services.outcomes import Record
from app.unit_of_work import unscoped
from tests.acquainted import People, acquainted
from tests.builders import staff
from tests.moments import at
from tests.scenes import Plays, after
from tests.turns import on_each

ADVICE = (
    "房租占营业额三成，先和房东谈分期，再看工作日中午的客流撑不撑得住；"
    "同时把外卖包装换成统一规格，减少两成损耗，月底再对一次账。"
)


def written(people: People, session: ServiceSession, advice: str = ADVICE) -> None:
    record = Record("午市客流不稳，要不要搬店？", advice, (), "advised")
    people.district.store.execute(people.mentor.actor, outcomes.record, session.id, record)


@after(acquainted)
def unusual(people: People) -> People:
    """Two records with one text, the second of them three weeks late."""
    district, pair = people.district, (people.mentor, people.founder)
    for start, moment in (("08-26 10:00", "08-26 12:00"), ("09-02 10:00", "09-24 09:00")):
        session = district.held(*pair, start)
        district.clock.put(at(moment))
        written(people, session)
        people.sessions.append(session)
    return people


@pytest.fixture
def plays() -> Plays:
    return {"people": unusual}


@pytest.fixture
def people(scene: People) -> People:
    return scene


def look(people: People) -> SignalLook:
    store = people.district.store
    return store.execute(
        SYSTEM, signals.record, signals.compute(store.execute(SYSTEM, signals.prepare))
    )


def kept(people: People) -> dict[Kind, Signal]:
    return {row.kind: row for row in people.district.rows(Signal)}


def explain(people: People, row: Signal, note: str = "纸质记录补录，已核对。", **more: Any):
    return people.district.store.execute(
        people.district.officer, signals.explain, row.id, note, **more
    )


@on_each
def test_what_is_found_is_kept_with_its_rows_and_changes_nothing(people: People) -> None:
    before = [(row.id, row.status) for row in people.district.rows(ServiceRecord)]
    seen = look(people)

    found, (first, second) = kept(people), people.sessions
    assert (seen.sessions, seen.found) == (2, 2)
    assert found[Kind.LATE_RECORD].session_ids == [str(second.id)]
    assert found[Kind.SAME_TEXT].session_ids == [str(first.id), str(second.id)]
    assert {row.state for row in found.values()} == {SignalState.OPEN}
    assert [(row.id, row.status) for row in people.district.rows(ServiceRecord)] == before


@on_each
def test_a_second_look_keeps_nothing_twice_and_the_trail_holds(people: People) -> None:
    look(people)
    look(people)

    assert {row.version for row in people.district.rows(Signal)} == {1}
    assert len(people.district.rows(SignalLook)) == 2
    store = people.district.store
    store.execute(SYSTEM, audit_entries.seal, store.audit_key())
    with store.read(SYSTEM) as reader:
        assert audit_entries.verify(reader, store.audit_key()).is_ok


def test_an_explained_one_stays_so_until_more_comes(people: People) -> None:
    look(people)
    late = kept(people)[Kind.LATE_RECORD]
    explain(people, late)
    look(people)
    assert kept(people)[Kind.LATE_RECORD].state is SignalState.EXPLAINED

    session = people.district.held(people.mentor, people.founder, "09-03 10:00")
    people.district.clock.put(at("09-28 10:00"))
    written(people, session, "换一种说法：先核名再办照，材料清单见大厅一楼，办好以后再来开户。")
    look(people)
    again = kept(people)[Kind.LATE_RECORD]
    assert (again.state, len(again.session_ids)) == (SignalState.OPEN, 2)
    explain(people, again, "出差，已补。")
    with people.district.store.read(people.district.officer) as reader:
        row = signal_list(reader, SignalState.EXPLAINED).items[0]
    assert [(each.note, each.is_of_all) for each in row.said] == [
        ("出差，已补。", True),
        ("纸质记录补录，已核对。", False),
    ]


def test_what_is_no_longer_so_is_gone_and_may_come_back(people: People) -> None:
    look(people)
    people.district.correct(people.sessions[1], CorrectionOp.VOID, None)
    look(people)
    assert {row.state for row in people.district.rows(Signal)} == {SignalState.GONE}
    with pytest.raises(AlreadyExplainedError):
        explain(people, kept(people)[Kind.SAME_TEXT])


def test_two_officers_explain_a_signal_once(people: People) -> None:
    look(people)
    row = kept(people)[Kind.SAME_TEXT]
    explain(people, row, version=row.version)
    with pytest.raises(ConflictError):
        explain(people, row, version=row.version)
    assert len(people.district.rows(SignalNote)) == 1


@pytest.mark.parametrize("note", ["", " \n", "长" * 1001])
def test_words_are_needed(people: People, note: str) -> None:
    look(people)
    with pytest.raises(InvalidInputError):
        explain(people, kept(people)[Kind.SAME_TEXT], note)


def test_mentors_and_founders_see_none_and_auditors_only_look(people: People) -> None:
    look(people)
    store = people.district.store
    row = kept(people)[Kind.SAME_TEXT]
    for actor in (people.mentor.actor, people.founder.actor):
        with store.read(actor) as reader:
            assert signal_list(reader, SignalState.OPEN).items == ()
        with pytest.raises(NotFoundError):
            store.execute(actor, signals.explain, row.id, "没事")
    auditor = staff(store, Role.AUDITOR)
    with store.read(auditor) as reader:
        assert len(signal_list(reader, SignalState.OPEN).items) == 2
    with pytest.raises(ForbiddenError):
        store.execute(auditor, signals.explain, row.id, "没事")


def test_signals_and_words_are_never_deleted(people: People) -> None:
    look(people)
    explain(people, kept(people)[Kind.SAME_TEXT])
    for attack in (
        "DELETE FROM signals",
        "UPDATE signal_notes SET note = ''",
        "UPDATE signal_policies SET rules = '{}'",
    ):
        with pytest.raises(ConflictError):
            people.district.store.execute(SYSTEM, run_sql, attack)


def run_sql(uow: Any, statement: str) -> None:
    with unscoped():
        uow.session.execute(text(statement))


def test_it_is_looked_once_a_night_and_when_an_officer_asks(people: People) -> None:
    store, clock = people.district.store, people.district.clock
    clock.put(at("09-29 03:29"))
    assert store.execute(SYSTEM, signals.watch) is False
    clock.put(clock.now() + timedelta(minutes=1))
    assert store.execute(SYSTEM, signals.watch) is True
    assert store.execute(SYSTEM, signals.watch) is False

    officer = people.district.officer
    assert store.execute(officer, signals.ask) is True
    assert store.execute(officer, signals.ask) is False
    assert len(people.district.rows(Job, Job.kind == signals.LOOK)) == 2
    with pytest.raises(ForbiddenError):
        store.execute(people.mentor.actor, signals.ask)
    assert signals.LOOK in registry(None, "https://example.org", "历城", outside=INSIDE)
