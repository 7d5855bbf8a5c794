"""The workspace of a diagnosis: asked for, found, signed by each, presented, understood."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from app.adapters.email import Outbox
from app.db import StaleVersionError
from app.domain.actor import Actor, Role
from app.domain.diagnosis import (
    Answer,
    DiagnosisScope,
    DiagnosisStatus,
    Dissent,
    IllegalStepError,
    LeadOnlyError,
    MaterialEvent,
    MaterialStatus,
    NoFindingError,
    NotDiagnosisError,
    NoteKind,
    NoteText,
    NotHeldError,
    NotPresentedError,
    RecusedError,
    ReplacedError,
    SignedAlreadyError,
)
from app.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.jobs.registry import registry
from app.jobs.worker import Worker
from app.models.action_item import ActionItem
from app.models.diagnosis import (
    Diagnosis,
    DiagnosisFinding,
    DiagnosisMaterial,
    DiagnosisNote,
    DiagnosisPresentation,
    DiagnosisReport,
    DiagnosisSignature,
    DiagnosisWord,
)
from app.models.message import Message
from app.models.service_session import Attendance
from app.services import diagnoses
from app.services.diagnoses import Wanted
from app.unit_of_work import unscoped
from tests.builders import a_founder, staff
from tests.diagnosing import (
    DUE,
    SUMMARY,
    Room,
    a_finding,
    agreed,
    complete,
    issued,
    met,
    presented,
)
from tests.moments import at, day
from tests.scenes import Plays
from tests.turns import on_each

LEAD, SECOND, THIRD, STRANGER = 0, 1, 2, 4
TOMORROW = day("09-17")


@pytest.fixture
def plays() -> Plays:
    return {
        "presented_one": presented,
        "signed": complete,
        "out": issued,
        "held": met,
        "ahead": agreed,
    }


@pytest.fixture
def ahead(scene: Room) -> Room:
    return scene


@pytest.fixture
def held(scene: Room) -> Room:
    return scene


@pytest.fixture
def out(scene: Room) -> Room:
    return scene


@pytest.fixture
def signed(scene: Room) -> Room:
    return scene


def the_report(room: Room, number: int = 1) -> DiagnosisReport:
    (row,) = room.rows(DiagnosisReport, DiagnosisReport.number == number)
    return row


def told(room: Room, event: str) -> set[Any]:
    Worker(room.store, registry(Outbox(), "https://example.org", "历城创业导师")).work()
    return {row.account_id for row in room.rows(Message, Message.event == event)}


def ask(room: Room, who: int | Actor = LEAD, words: str = "上年财务报表") -> DiagnosisMaterial:
    return room.act(who, diagnoses.ask, room.session_id, Wanted(words, TOMORROW))


def test_the_founder_is_told_once_of_what_is_wanted_and_says_what_there_is(ahead: Room) -> None:
    founder = ahead.table.founder
    first, second = ask(ahead), ask(ahead, SECOND, "租赁合同")
    ask(ahead, ahead.table.officer, "员工名单")
    ahead.clock.put(ahead.clock.now() + timedelta(minutes=11))
    assert told(ahead, "diagnosis.material_wanted") == {founder.account_id}
    assert len(ahead.rows(Message, Message.event == "diagnosis.material_wanted")) == 1

    received = Answer(event=MaterialEvent.RECEIVE, remark=" 已发邮箱 ")
    ahead.act(founder, diagnoses.answer, first.id, received)
    lack = Answer(event=MaterialEvent.LACK)
    with pytest.raises(InvalidInputError) as refused:
        ahead.act(founder, diagnoses.answer, second.id, lack)
    assert [error.field for error in refused.value.errors] == ["reason"]
    ahead.act(founder, diagnoses.answer, second.id, replace(lack, reason="没有签合同"))
    rows = {row.id: row for row in ahead.rows(DiagnosisMaterial)}
    assert (rows[first.id].status, rows[first.id].remark) == (MaterialStatus.RECEIVED, "已发邮箱")
    assert rows[second.id].reason == "没有签合同"
    ahead.act(founder, diagnoses.answer, first.id, replace(received, remark="又发了一次"))

    ahead.act(SECOND, diagnoses.ask_again, first.id, "缺资产负债表")
    ahead.act(SECOND, diagnoses.withdraw, second.id)
    rows = {row.id: row for row in ahead.rows(DiagnosisMaterial)}
    assert (rows[first.id].status, rows[first.id].remark) == (MaterialStatus.WANTED, "缺资产负债表")
    assert (rows[second.id].status, rows[second.id].reason) == (MaterialStatus.WITHDRAWN, None)
    with pytest.raises(IllegalStepError):
        ahead.act(founder, diagnoses.answer, second.id, received)
    assert len(ahead.rows(Diagnosis)) == 1


def test_only_who_works_on_it_asks_writes_and_notes(ahead: Room) -> None:
    for who in (STRANGER, a_founder(ahead.store, name="路人")):
        with pytest.raises((NotFoundError, ForbiddenError)):
            ask(ahead, who)
    with pytest.raises(ForbiddenError):
        ask(ahead, ahead.table.founder)
    with pytest.raises(ForbiddenError):
        ahead.find(ahead.table.officer)
    auditor = staff(ahead.store, Role.AUDITOR)
    with pytest.raises(ForbiddenError):
        ask(ahead, auditor)
    assert ahead.rows(Diagnosis) == []


def test_a_meeting_of_another_kind_has_no_workspace(ahead: Room) -> None:
    def consult(uow: Any) -> None:
        session = uow.load(type(ahead.session), ahead.session_id)
        session.session_type = "consultation"
        uow.audit("test.changed", session)

    ahead.act(ahead.table.officer, consult)
    with pytest.raises(NotDiagnosisError):
        ask(ahead)
    assert ahead.rows(Diagnosis) == []


def test_a_visit_is_noted_and_struck_out_and_never_lost(ahead: Room) -> None:
    written = NoteText(kind=NoteKind.VISIT, held_on=day("09-16"), people="王强", text="门店人流少")
    note = ahead.act(SECOND, diagnoses.note, ahead.session_id, written)
    late = replace(written, held_on=day("09-17"))
    with pytest.raises(InvalidInputError):
        ahead.act(SECOND, diagnoses.note, ahead.session_id, late)
    ahead.act(THIRD, diagnoses.strike, note.id)
    ahead.act(THIRD, diagnoses.strike, note.id)
    (row,) = ahead.rows(DiagnosisNote)
    assert (row.text, row.author_id) == ("门店人流少", ahead.expert(SECOND))
    assert row.struck_at == ahead.clock.now()


def test_findings_are_written_put_in_order_changed_and_dropped(held: Room) -> None:
    one, two, three = (held.find(who, who + 1) for who in (LEAD, SECOND, THIRD))
    held.act(SECOND, diagnoses.move, three.id, 1)
    assert [row.id for row in held.findings()] == [three.id, one.id, two.id]
    held.act(SECOND, diagnoses.change, one.id, a_finding(9))
    held.act(LEAD, diagnoses.drop, three.id)
    rows = held.findings()
    assert [(row.position, row.problem) for row in rows] == [(1, "问题 9"), (2, "问题 2")]
    assert len(held.rows(DiagnosisFinding)) == 3
    with pytest.raises(StaleVersionError):
        held.act(LEAD, diagnoses.change, one.id, a_finding(8), version=1)
    with pytest.raises(NotFoundError):
        held.act(LEAD, diagnoses.drop, three.id)


def test_what_a_finding_lacks_is_named_and_nothing_is_kept(held: Room) -> None:
    with pytest.raises(InvalidInputError) as refused:
        held.find(LEAD, cause=" ", effect="长" * 1001, due_on=day("09-17"))
    assert [error.field for error in refused.value.errors] == ["cause", "effect", "due_on"]
    assert held.rows(DiagnosisFinding) == []


def test_a_report_waits_for_the_meeting_a_finding_and_its_lead(ahead: Room) -> None:
    ahead.find()
    with pytest.raises(NotHeldError):
        ahead.issue()
    ahead.meet()
    with pytest.raises(LeadOnlyError):
        ahead.act(SECOND, diagnoses.issue, ahead.session_id, SUMMARY)
    (finding,) = ahead.findings()
    ahead.act(LEAD, diagnoses.drop, finding.id)
    with pytest.raises(NoFindingError):
        ahead.issue()
    assert ahead.rows(DiagnosisReport) == []


def test_an_issued_report_is_frozen_signed_by_its_lead_and_asks_the_others(out: Room) -> None:
    report = the_report(out)
    assert out.signed(report) == {out.expert(LEAD)}
    assert [row["problem"] for row in report.findings] == ["问题 1", "问题 2", "问题 3"]
    assert set(report.signers) == {str(out.expert(number)) for number in (LEAD, SECOND, THIRD)}
    asked = {out.table.mentors[number].account_id for number in (SECOND, THIRD)}
    assert told(out, "diagnosis.to_sign") == asked
    (finding, *_) = out.findings()
    for use_case, values in (
        (diagnoses.change, (finding.id, a_finding(9))),
        (diagnoses.drop, (finding.id,)),
        (diagnoses.move, (finding.id, 2)),
        (diagnoses.set_scope, (out.session_id, DiagnosisScope.OVERALL)),
    ):
        with pytest.raises(IllegalStepError):
            out.act(LEAD, use_case, *values)
    with pytest.raises(IllegalStepError):
        out.find()
    with pytest.raises(IllegalStepError):
        out.issue()


def test_the_last_signature_completes_it_and_a_dissent_is_kept(out: Room) -> None:
    report = the_report(out)
    out.sign(THIRD, report, Dissent(3, " 太早 "), Dissent(2, "太贵"))
    assert out.diagnosis.status is DiagnosisStatus.SIGNING
    assert out.rows(ActionItem) == []
    out.sign(SECOND, report)
    assert out.diagnosis.status is DiagnosisStatus.SIGNED
    (row,) = out.rows(DiagnosisSignature, DiagnosisSignature.expert_id == out.expert(THIRD))
    assert row.dissented == [2, 3]
    assert [each["text"] for each in row.dissents] == ["太贵", "太早"]
    assert row.digest == report.digest
    assert told(out, "diagnosis.signed") == {out.table.mentors[LEAD].account_id}
    items = sorted(out.rows(ActionItem), key=lambda item: item.text)
    assert [(item.text, item.side, item.due_on) for item in items] == [
        ("建议 1", "founder", DUE),
        ("建议 2", "expert", DUE),
        ("建议 3", "bureau", DUE),
    ]


def test_nobody_signs_twice_for_another_or_against_what_is_not_there(out: Room) -> None:
    report = the_report(out)
    for dissents in ((Dissent(4, "没有这条"),), (Dissent(1, "一"), Dissent(1, "二"))):
        with pytest.raises(InvalidInputError):
            out.sign(SECOND, report, *dissents)
    with pytest.raises(InvalidInputError):
        out.sign(SECOND, report, Dissent(1, " "))
    out.sign(SECOND, report)
    for who in (SECOND, LEAD):
        with pytest.raises(SignedAlreadyError):
            out.sign(who, report)
    for actor in (out.table.officer, out.table.founder, out.table.mentors[STRANGER]):
        with pytest.raises((ForbiddenError, NotFoundError)):
            out.act(actor, diagnoses.sign, report.id)
    assert out.signed(report) == {out.expert(LEAD), out.expert(SECOND)}


def test_a_new_version_has_a_reason_and_asks_everybody_anew(signed: Room) -> None:
    first = the_report(signed)
    with pytest.raises(InvalidInputError):
        signed.act(LEAD, diagnoses.revise, signed.session_id, " ")
    with pytest.raises(LeadOnlyError):
        signed.act(SECOND, diagnoses.revise, signed.session_id, "改")
    signed.act(LEAD, diagnoses.revise, signed.session_id, "收费写错了")
    (one, two, three) = signed.findings()
    signed.act(SECOND, diagnoses.change, two.id, a_finding(7))
    signed.act(LEAD, diagnoses.drop, three.id)
    with pytest.raises(ReplacedError):
        signed.sign(SECOND, first)
    second = signed.issue()
    assert (second.number, second.reason) == (2, "收费写错了")
    assert second.digest != first.digest
    assert [row["problem"] for row in the_report(signed).findings] == ["问题 1", "问题 2", "问题 3"]
    assert signed.signed(second) == {signed.expert(LEAD)}
    with pytest.raises(ReplacedError):
        signed.sign(SECOND, first)
    for who in (SECOND, THIRD):
        signed.sign(who, second)
    items = {item.finding_id: item for item in signed.rows(ActionItem)}
    assert (items[one.id].status, items[two.id].text) == ("open", "建议 7")
    assert (items[three.id].status, items[three.id].note) == ("dropped", "报告第 2 版不再建议")


def test_who_stands_aside_signs_no_more_and_the_others_sign_anew(out: Room) -> None:
    first = the_report(out)
    out.sign(THIRD, first)
    minutes = {row.expert_id: row.recused_minutes for row in out.rows(Attendance)}
    assert minutes[out.expert(THIRD)] is None
    out.act(THIRD, diagnoses.recuse, out.session_id, "与他的公司有来往")
    assert out.diagnosis.status is DiagnosisStatus.DRAFTING
    with pytest.raises(ForbiddenError):
        out.find(THIRD)
    with pytest.raises(RecusedError):
        out.act(THIRD, diagnoses.recuse, out.session_id, "再一次")
    second = out.issue()
    assert set(second.signers) == {str(out.expert(LEAD)), str(out.expert(SECOND))}
    with pytest.raises(ForbiddenError):
        out.sign(THIRD, second)
    out.sign(SECOND, second)
    assert out.diagnosis.status is DiagnosisStatus.SIGNED
    minutes = {row.expert_id: row.recused_minutes for row in out.rows(Attendance)}
    assert minutes[out.expert(THIRD)] is not None
    assert told(out, "diagnosis.recused") >= {out.table.mentors[LEAD].account_id}


def test_an_officer_has_the_lead_stand_aside_and_the_next_one_leads(out: Room) -> None:
    with pytest.raises(InvalidInputError):
        out.act(out.table.officer, diagnoses.recuse, out.session_id, "查明持股")
    with pytest.raises(ForbiddenError):
        out.act(SECOND, diagnoses.recuse, out.session_id, "他", expert_id=out.expert(LEAD))
    officer = out.table.officer
    out.act(officer, diagnoses.recuse, out.session_id, "查明持股", expert_id=out.expert(LEAD))
    with pytest.raises(ForbiddenError):
        out.issue()
    second_leads = out.diagnosis.lead_expert_id == out.expert(SECOND)
    lead, other = (SECOND, THIRD) if second_leads else (THIRD, SECOND)
    report = out.act(lead, diagnoses.issue, out.session_id, SUMMARY)
    out.sign(other, report)
    assert out.diagnosis.status is DiagnosisStatus.SIGNED
    with pytest.raises(NotFoundError):
        out.act(officer, diagnoses.recuse, out.session_id, "没来", expert_id=out.expert(3))


@pytest.fixture
def presented_one(scene: Room) -> Room:
    return scene


def the_presentation(room: Room) -> DiagnosisPresentation:
    return room.rows(DiagnosisPresentation)[-1]


def say(room: Room, who: Actor, **word: Any) -> DiagnosisWord:
    return room.act(who, diagnoses.say, the_presentation(room).id, **word)


def test_the_founder_understands_and_the_experts_hear_of_it(presented_one: Room) -> None:
    room, founder = presented_one, presented_one.table.founder
    assert told(room, "diagnosis.presented") == {founder.account_id}
    say(room, founder, understood=True)
    assert room.diagnosis.status is DiagnosisStatus.UNDERSTOOD
    with pytest.raises(ConflictError):
        say(room, founder, understood=False, objection="反悔")
    assert len(room.rows(DiagnosisWord)) == 1
    mentors = {room.table.mentors[number].account_id for number in (LEAD, SECOND, THIRD)}
    assert told(room, "diagnosis.understood") == mentors


def test_an_objection_has_words_and_is_answered_by_another_presentation(presented_one) -> None:
    room, founder = presented_one, presented_one.table.founder
    with pytest.raises(InvalidInputError):
        say(room, founder, understood=False)
    first = the_presentation(room)
    say(room, founder, understood=False, objection="第 2 条不合实际")
    assert room.diagnosis.status is DiagnosisStatus.OBJECTED
    assert room.table.officer.account_id in told(room, "diagnosis.objected")
    room.clock.put(at("09-21 10:00"))
    room.act(SECOND, diagnoses.present, room.session_id, at("09-22 10:00"), "王强")
    with pytest.raises(ReplacedError):
        room.act(room.table.companion, diagnoses.say, first.id, understood=True)
    with pytest.raises(NotPresentedError):
        say(room, founder, understood=True)
    room.clock.put(at("09-22 11:00"))
    say(room, founder, understood=True)
    assert room.diagnosis.status is DiagnosisStatus.UNDERSTOOD


def test_the_word_of_who_came_along_is_kept_and_settles_nothing(presented_one: Room) -> None:
    say(presented_one, presented_one.table.companion, understood=True)
    assert presented_one.diagnosis.status is DiagnosisStatus.PRESENTED
    with pytest.raises(NotFoundError):
        say(presented_one, a_founder(presented_one.store, name="路人"), understood=True)
    with pytest.raises(ForbiddenError):
        say(presented_one, presented_one.table.mentors[LEAD], understood=True)
    assert len(presented_one.rows(DiagnosisWord)) == 1


def test_a_report_is_presented_only_when_everybody_has_signed(out: Room) -> None:
    with pytest.raises(IllegalStepError):
        out.act(LEAD, diagnoses.present, out.session_id, out.clock.now(), "王强")
    report = the_report(out)
    out.sign(SECOND, report)
    out.clock.put(out.clock.now() + timedelta(hours=1))
    out.sign(THIRD, report)
    for moment, field in ((-30, "presented_at"), (200 * 24 * 60, "presented_at")):
        when = out.clock.now() + timedelta(minutes=moment)
        with pytest.raises(InvalidInputError) as refused:
            out.act(LEAD, diagnoses.present, out.session_id, when, "王强")
        assert [error.field for error in refused.value.errors] == [field]
    assert out.rows(DiagnosisPresentation) == []


@on_each
def test_what_was_issued_signed_and_said_cannot_be_changed(presented_one: Room) -> None:
    say(presented_one, presented_one.table.founder, understood=True)
    kept = (DiagnosisReport, DiagnosisSignature, DiagnosisPresentation, DiagnosisWord)
    for model in kept:
        table = model.__table__
        for statement in (update(table).values(id=table.c.id), delete(table)):
            with (
                unscoped(),
                presented_one.store.engine.begin() as connection,
                pytest.raises(IntegrityError, match="tr_append_only"),
            ):
                connection.execute(statement)
